"""Known elsewhere? The answer of the index files on this disk: "as of", never "does not exist". No line, no memory, no file opened in full."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import apsw
import msgspec

from edge_node.store.node_store import NodeStore, read_number, read_state
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.bodies import Party
from sync_protocol.errors import Problem
from sync_protocol.existence import Hasher, Index
from sync_protocol.ids import OfficeCode
from sync_protocol.search_keys import owner_keys

KEY = "existence_key"
TAKEN_MS = "existence_ms"


class Known(msgspec.Struct, frozen=True):
    """Offices where such a paper was known at hub time `as_of_ms` (UTC); empty: not known then. `as_of_ms` 0: no index here yet."""

    offices: tuple[OfficeCode, ...]
    as_of_ms: int


NO_INDEX = Known((), 0)


class Existence:
    """The index as this desk holds it. Cheap to make; opens what is in force at each question, so a newer index is used at once."""

    def __init__(self, store: NodeStore, files: FileStore, own: OfficeCode) -> None:
        self._store = store
        self._files = files
        self._own = own
        self._opened: dict[bytes, Index] = {}

    def known(self, party: Party, document_type: str) -> Known:
        """Where papers of this type of this person or organisation were known, but for this office itself.

        A file that cannot be read counts as no index: a doubt is never answered with "not known".
        """
        return self.known_types(party, (document_type,))[0]

    def known_types(self, party: Party, document_types: Sequence[str]) -> list[Known]:
        """As `known`, for several types in one look."""
        key, as_of_ms, digests = self._store.readers.run(_held)
        if not key or not digests:
            return [NO_INDEX] * len(document_types)
        hasher = Hasher(key)
        try:
            indices = [self._index(digest) for digest in digests]
            return [Known(self._offices(indices, hasher, party, one), as_of_ms) for one in document_types]
        except Problem:
            return [NO_INDEX] * len(document_types)

    def _offices(
        self, indices: list[Index], hasher: Hasher, party: Party, document_type: str
    ) -> tuple[OfficeCode, ...]:
        wanted = [hasher(key, document_type) for key in owner_keys(party)]
        found = {office for index in indices for one in wanted for office in index.offices(one)}
        return tuple(sorted(found - {self._own}))

    def _index(self, digest: bytes) -> Index:
        if digest not in self._opened:
            self._opened[digest] = Index(partial(self._files.read_chunk, digest.hex()))
        return self._opened[digest]


def _held(connection: apsw.Connection) -> tuple[bytes, int, list[bytes]]:
    rows = connection.execute("SELECT digest FROM existence_file ORDER BY is_base DESC, as_of_ms").fetchall()
    return read_state(connection, KEY) or b"", read_number(connection, TAKEN_MS), [as_bytes(one) for (one,) in rows]
