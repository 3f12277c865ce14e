"""Numbers of published versions of the law. A hub that was put back to before a publication forgets a number that desks hold, and use.

The next publication would get the number again, with other content, and no desk that holds the lost one would take it. So the hub listens: a greeting says which version a desk
holds, and what is published next is numbered above it. What a desk held that did not greet in between is replaced by content (`edge_node/catalogues.py`).
"""

from __future__ import annotations

import apsw
import structlog

from central_hub.store.hub_store import read_state, write_state
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.ids import NodeId

_log = structlog.get_logger(__name__)
_HEARD = "law_version_heard"
AHEAD_MAX = 1_000  # nobody publishes so many between two backups: what a desk says beyond that is no number of ours


def newest_version(connection: apsw.Connection) -> int:
    """Number of the version in force, 0 before the first."""
    row = connection.execute("SELECT coalesce(max(version), 0) FROM catalogue").fetchone()
    return one_int(row)


def next_version(connection: apsw.Connection) -> int:
    """The number of what is published next: above every version in force, and above every one that a desk was heard to hold."""
    return max(newest_version(connection), _heard(connection)) + 1


def note_heard(connection: apsw.Connection, node: NodeId, version: int) -> None:
    """A desk holds this version. Idempotent; remembered where this hub knows no such number."""
    newest = newest_version(connection)
    if newest < version <= newest + AHEAD_MAX and version > _heard(connection):
        _log.warning("hub.law.version_unknown", node=node, held=version, newest=newest)
        write_state(connection, _HEARD, version.to_bytes(8, "big"))


def _heard(connection: apsw.Connection) -> int:
    return int.from_bytes(read_state(connection, _HEARD) or b"", "big")
