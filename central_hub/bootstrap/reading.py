"""Reading an office's dossiers in parts, all from one moment of the database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import apsw

from sync_protocol.adapters import event_log, exits
from sync_protocol.adapters.folded import REFERRING, read_keys, references_in
from sync_protocol.adapters.sqlite.rows import Row, as_bytes
from sync_protocol.batch import Sign
from sync_protocol.erasure import order_in
from sync_protocol.ids import EventId, HubEpoch, OfficeCode, RecordId
from sync_protocol.leaving import TOLD_IN_SPITE
from sync_protocol.page_proof import PageProof, sign_page
from sync_protocol.snapshot import Part, pages_of

_EVENTS = "SELECT id, header, body, type FROM event WHERE rid = ? ORDER BY position"
_WORDS = f"SELECT id, header, body, type FROM event WHERE rid = ? AND type IN ({','.join('?' * len(TOLD_IN_SPITE))}) ORDER BY position"
_AUTHOR = "SELECT n.office FROM event e JOIN lane l ON l.lane = e.lane JOIN node n ON n.node = l.node WHERE e.id = ?"
_DOSSIER = "SELECT rid, code, procedure, office, custodian, state, received_ms, due_date, conflicts, suspicions, view, keys FROM dossier WHERE rid = ?"
_DOCUMENTS = "SELECT document_id, rid, owner, document_type, paper_key, is_sealed FROM document WHERE rid = ? ORDER BY document_id"


def rids_of(connection: apsw.Connection, office: OfficeCode) -> list[RecordId]:
    """The dossiers an office is entitled to, in the order of their ids: what is inserted in order is inserted fast."""
    rows = connection.execute("SELECT rid FROM scope WHERE office = ? ORDER BY rid", (office,))
    return [RecordId(as_bytes(rid)) for (rid,) in rows]


def parts_of(
    connection: apsw.Connection,
    rids: Sequence[RecordId],
    size: int,
    *,
    hub: str,
    epoch: HubEpoch,
    office: OfficeCode,
    sign: Sign,
) -> Iterator[Part]:
    """The dossiers in parts of `size`, with the hub's proof of every event in them."""
    for at in range(0, len(rids), size):
        asked = [(rid,) for rid in rids[at : at + size]]
        events = list(connection.executemany(_EVENTS, asked))
        pages = _proofs(events, hub, epoch, office, sign)
        # from the events: a file's row is found by the file, and asked for by the dossier it would be looked for among all
        naming = [event_log.event_of(row[:3]) for row in events if row[3] in REFERRING]
        dossiers = _rows(connection, _DOSSIER, asked)
        yield Part(
            events=_stored(events), pages=pages,
            dossiers=tuple(row[:-1] for row in dossiers), search_keys=tuple((key, row[0]) for row in dossiers for key in read_keys(row[-1])),
            documents=_rows(connection, _DOCUMENTS, asked), references=tuple(references_in(naming)),
        )  # fmt: skip


def words_of_leaving(
    connection: apsw.Connection, office: OfficeCode, size: int, *, hub: str, epoch: HubEpoch, sign: Sign
) -> Iterator[Part]:
    """What the office's feed tells of dossiers that it left, in parts of `size` dossiers: that it left, and the orders that take its own acts.

    A desk that holds one all the same, by a part of an earlier snapshot or as a copy of another desk, learns here to let it go.
    """
    rows = connection.execute(f"SELECT DISTINCT rid FROM scope_exit WHERE office = ? AND {exits.STANDING} ORDER BY rid", (office,))
    left = [(RecordId(as_bytes(rid)), *TOLD_IN_SPITE) for (rid,) in rows]
    for at in range(0, len(left), size):
        words = [row for row in connection.executemany(_WORDS, left[at : at + size]) if _is_told(connection, office, row)]
        yield Part(_stored(words), _proofs(words, hub, epoch, office, sign), (), (), (), ())


def _is_told(connection: apsw.Connection, office: OfficeCode, row: Row) -> bool:
    order = order_in(event_log.event_of(row[:3]))
    author = None if order is None else connection.execute(_AUTHOR, (order.event,)).fetchone()
    return order is None or (author is not None and author[0] == office)


def _stored(events: Iterable[Row]) -> tuple[tuple[bytes, bytes | None], ...]:
    return tuple((as_bytes(header), None if body is None else as_bytes(body)) for _, header, body, _ in events)


def _proofs(events: Iterable[Row], hub: str, epoch: HubEpoch, office: OfficeCode, sign: Sign) -> tuple[PageProof, ...]:
    told = [EventId(as_bytes(one)) for one, _, _, _ in events]
    return tuple(sign_page(hub, epoch, office, page, sign) for page in pages_of(told))


def _rows(connection: apsw.Connection, query: str, asked: list[tuple[RecordId]]) -> Any:
    """Rows of STRICT columns, none of them null: what the part's types say is what the tables hold."""
    return tuple(connection.executemany(query, asked))
