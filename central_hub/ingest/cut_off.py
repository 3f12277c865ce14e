"""Names cut off, as this hub knows them, and as a desk shows them to a hub that was put back to before it (sync_protocol/cut_off.py).

A name stands on the list from the first time its keys lost their worth: it was revoked, or issued again. Of what is shown only the hub's own signature counts, and of two words about a
name the later one; a name that was issued again meanwhile stays what it is, and stands on the list from then on, so that no desk holds a word that this hub's list lacks. What a stolen machine brought between the restore and the first desk that showed the list stays in the log,
under its name: the log's warning says so.
"""

from __future__ import annotations

import apsw

from central_hub.lookup import audit
from sync_protocol.adapters import signatures
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.batch import Sign
from sync_protocol.cut_off import CutOff, CutOffList, check_list, digest_of, sign_list
from sync_protocol.ids import NodeId, OfficeCode

CUT_OFF = Migration(
    "0052-cut-off",
    """
ALTER TABLE node ADD COLUMN cut_ms INTEGER NOT NULL DEFAULT 0;
UPDATE node SET cut_ms = revoked_ms WHERE revoked_ms IS NOT NULL;
CREATE INDEX node_cut_off ON node(node) WHERE cut_ms > 0;
""",
)
"""When the keys that a name had before lost their worth (UTC ms), 0: never. A key that was issued then or later counts."""


def names_cut_off(connection: apsw.Connection) -> list[CutOff]:
    """All names that were ever cut off, in their order; with the key that counts now where there is one."""
    rows = connection.execute(
        "SELECT node, office, cut_ms, CASE WHEN revoked_ms IS NULL THEN public_key ELSE NULL END FROM node WHERE cut_ms > 0 ORDER BY node"
    )
    return [CutOff(NodeId(str(node)), OfficeCode(str(office)), as_int(at), b"" if key is None else as_bytes(key)) for node, office, at, key in rows]


def list_for(connection: apsw.Connection, held: bytes | None, hub: str, sign: Sign) -> CutOffList | None:
    """The signed list for a desk that holds another one (by its digest); None where it holds this one, or knows of none."""
    if held is None:
        return None
    names = names_cut_off(connection)
    return None if digest_of(names) == held else sign_list(hub, names, sign)


def take_cut_off(
    connection: apsw.Connection, shown_by: NodeId, shown: CutOffList, hub: str, public_key: bytes, now_ms: int
) -> list[CutOff]:
    """Cut off again what this hub forgot, each with a row of the audit; returns the names that it did not know of. Idempotent.

    Raises:
        RemoteProtocolError, SignatureRejected: it is not the hub's own list.
    """
    check_list(shown, hub=hub, verify=lambda message, mark: signatures.verify(public_key, message, mark))
    taken = [one for one in shown.names if _cut(connection, one)]
    for one in taken:
        outcome = f"{'issued' if one.key else 'revoked'} {one.at_ms}"
        audit.record_act(connection, at_ms=now_ms, officer=shown_by, roles=("node",), what="node.cut_off_again", subject=one.node, outcome=outcome)
    return taken


def _cut(connection: apsw.Connection, one: CutOff) -> bool:
    row = connection.execute("SELECT enrolled_ms, cut_ms FROM node WHERE node = ?", (one.node,)).fetchone()
    if row is not None and max(as_int(row[0]), as_int(row[1])) >= one.at_ms:  # enrolled anew on a copy that knew of no earlier key: this one counts since
        connection.execute("UPDATE node SET cut_ms = enrolled_ms WHERE node = ? AND cut_ms < ?", (one.node, one.at_ms))
        return False
    connection.execute(
        "INSERT INTO node(node, office, public_key, enrolled_ms, revoked_ms, cut_ms) VALUES(?,?,?,?,?,?) ON CONFLICT(node) DO UPDATE SET"
        " office = excluded.office, public_key = excluded.public_key, enrolled_ms = excluded.enrolled_ms, revoked_ms = excluded.revoked_ms,"
        " cut_ms = excluded.cut_ms",
        (one.node, one.office, one.key, one.at_ms, None if one.key else one.at_ms, one.at_ms),
    )
    return True

