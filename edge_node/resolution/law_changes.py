"""A procedure version that ended or changed while this desk did not know: the office with custody looks, and says that the dossier stays as received (D.9).

Which dossiers are concerned is worked out once for a catalogue, and for what was touched since at each exchange; a page only reads the list. What
stands on a page is derived anew from dossier and catalogue, so a row can be late, never wrong.

Source: domain.md D.9 (a dossier keeps the version of its day; sector transition rules may differ, so a person looks).
"""

from __future__ import annotations

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.service import dossier
from edge_node.resolution.course import read_course
from edge_node.resolution.errors import NothingToSettle, WhyMissing
from edge_node.resolution.service import require_custody
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import NodeStore, read_state, write_state
from sync_protocol.adapters import projection
from sync_protocol.adapters.event_log import last_position
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import VersionKept
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import BlobDigest, OfficeCode, RecordId
from sync_protocol.law_changes import LawChange, law_change
from sync_protocol.lifecycle import RESOLVED
from sync_protocol.view import DossierView

_REVIEWED = "law_reviewed"
_OPEN = "d.custodian = ? AND d.state NOT IN (" + ", ".join(f"'{one}'" for one in sorted(RESOLVED)) + ")"
_ALL = f"SELECT d.rid FROM dossier d WHERE {_OPEN}"
_TOUCHED = (
    "SELECT DISTINCT e.rid FROM event e WHERE e.position > ? AND (e.rid IN (SELECT rid FROM law_change)"
    " OR EXISTS (SELECT 1 FROM dossier d WHERE d.rid = e.rid AND d.custodian = ?))"
)
ROWS = 200


class Reviewed(msgspec.Struct, frozen=True, array_like=True):
    """By which catalogue the list was made, and up to which position of the log."""

    digest: bytes
    position: int


def review(store: NodeStore, catalogue: Catalogue | None, digest: BlobDigest | None, office: OfficeCode) -> int:
    """Bring the list up to date with catalogue and log; returns how many dossiers were looked at. Idempotent, cheap where nothing is new."""
    if catalogue is None or digest is None:
        return 0

    def look(connection: apsw.Connection) -> tuple[Reviewed, bool, dict[RecordId, bytes]] | None:
        raw = read_state(connection, _REVIEWED)
        before = msgspec.msgpack.decode(raw, type=Reviewed) if raw else Reviewed(b"", 0)
        now = Reviewed(digest, last_position(connection))
        if now == before:
            return None
        anew = before.digest != digest
        rows = connection.execute(_ALL, (office,)) if anew else connection.execute(_TOUCHED, (before.position, office))
        found = {}
        for (rid,) in rows.fetchall():
            one = RecordId(as_bytes(rid))
            change = change_of(connection, projection.view_of(connection, one), catalogue, office)
            found[one] = change.id if change else b""
        return now, anew, found

    looked = store.readers.run(look)
    if looked is None:
        return 0
    now, anew, found = looked

    def keep(connection: apsw.Connection) -> None:
        if anew:
            connection.execute("DELETE FROM law_change")
        connection.executemany("DELETE FROM law_change WHERE rid = ?", [(rid,) for rid in found])
        connection.executemany("INSERT INTO law_change(rid, id) VALUES(?,?)", [(rid, case) for rid, case in found.items() if case])
        write_state(connection, _REVIEWED, msgspec.msgpack.encode(now))

    store.writer.run(keep)
    return len(found)


def change_of(connection: apsw.Connection, view: DossierView | None, catalogue: Catalogue | None, office: OfficeCode) -> LawChange | None:
    """What this office is to check about a dossier, or None."""
    if view is None or catalogue is None or view.custody.office != office or view.state in RESOLVED:
        return None
    return law_change(view, read_course(connection, view.rid).reception, catalogue)


def open_changes(connection: apsw.Connection, catalogue: Catalogue | None, office: OfficeCode) -> list[tuple[DossierView, LawChange]]:
    """The dossiers to check, the oldest first."""
    rows = connection.execute(
        "SELECT l.rid FROM law_change l JOIN dossier d ON d.rid = l.rid WHERE d.custodian = ? ORDER BY d.received_ms LIMIT ?", (office, ROWS)
    )
    views = [projection.view_of(connection, RecordId(as_bytes(rid))) for (rid,) in rows.fetchall()]
    return [(view, change) for view in views if view is not None and (change := change_of(connection, view, catalogue, office)) is not None]


def count_changes(connection: apsw.Connection, office: OfficeCode) -> int:
    """How many rows the list has."""
    row = connection.execute("SELECT count(*) FROM law_change l JOIN dossier d ON d.rid = l.rid WHERE d.custodian = ?", (office,)).fetchone()
    return as_int(row[0]) if row else 0


def keep_version(desk: Desk, officer: str, rid: RecordId, case: bytes, reason: str) -> None:
    """Say that components and deadline were checked and the dossier stays as received; closes the case everywhere. Durable when this returns.

    Raises:
        NotCustodian, WhyMissing; NothingToSettle: it is closed, or the catalogue says something else by now.
    """
    desk.officers.get(officer, "resolving")
    require_custody(desk, dossier(desk, rid))
    if not reason.strip():
        raise WhyMissing()

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = projection.view_of(connection, rid)
        change = change_of(connection, view, desk.current_catalogue(), desk.office)
        if view is None or change is None or change.id != case:
            raise NothingToSettle()
        body = VersionKept(
            case=case, procedure=view.procedure, version=view.procedure_version, reason=reason.strip(), office=desk.office, officer=officer,
            at_ms=desk.now_ms(),
        )  # fmt: skip
        connection.execute("DELETE FROM law_change WHERE rid = ?", (rid,))
        return [Draft(rid, body)], None

    desk.ledger.act(Act(officer, "resolving", "keep_version"), decide)
