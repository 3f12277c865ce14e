"""Of a lone reception the row holds no view: whoever reads gets it all the same, and what comes after it is stored as ever."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
import msgspec
import pytest

from edge_node.store.schema import MIGRATIONS
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.exits import SCOPE_EXITS
from sync_protocol.adapters.log_walk import walk_views
from sync_protocol.adapters.sqlite import migrate, open_database
from sync_protocol.adapters.stored_views import VIEWS_AS_EVENTS, fingerprints
from sync_protocol.bodies import NoteAdded, VisitFinished, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.erasure import order_for
from sync_protocol.ids import GENESIS, HUB_NODE, EventId, Incarnation, NodeId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.view import encode_view
from tests.offices import reception, rid

NOTE = NoteAdded(text="gọi lại", officer="cb01", at_ms=1)
VISIT = VisitFinished(
    office=OfficeCode("00101"), number=1, kind="submit", outcome="served", drawn_ms=1, called_ms=2, started_ms=3, ended_ms=4, desk=1
)  # fmt: skip


def event(seq: int, prev: EventId, dossier: int, body: msgspec.Struct, kind: str, node: str = "n00101a") -> Event:
    return make_event(
        node=NodeId(node), inc=Incarnation(b"i" * 16), seq=seq, prev=prev, type=kind, tv=1, rid=rid(dossier), hlc=seq << 16,
        actor="cb01", body=encode_body(body),
    )  # fmt: skip


def chain(dossier: int) -> Event:
    """The reception of this dossier, in a lane in which each number is the reception of the dossier with that number."""
    prev = GENESIS if dossier == 1 else chain(dossier - 1).id
    return event(dossier, prev, dossier, reception(dossier, "00101"), "dossier.received")


def keep(connection: apsw.Connection, events: Sequence[Event]) -> None:
    """Store and project, as every way into the log does."""
    with connection:
        lane = event_log.open_lane(connection, events[0].header.node, events[0].header.inc, "peer")
        event_log.append(connection, lane, events, 1)
        projection.project(connection, events)


def stored(connection: apsw.Connection, dossier: int) -> bytes:
    """What the row itself holds."""
    row = connection.execute("SELECT view FROM dossier WHERE rid = ?", (rid(dossier),)).fetchone()
    assert row is not None and isinstance(row[0], bytes)
    return row[0]


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[apsw.Connection]:
    one = open_database(tmp_path / "node.db", b"k" * 32)
    migrate(one, MIGRATIONS)
    yield one
    one.close()


def test_a_lone_reception_has_no_bytes_and_the_view_of_its_fold(connection: apsw.Connection) -> None:
    keep(connection, [chain(1), chain(2)])
    assert stored(connection, 1) == stored(connection, 2) == b""
    assert projection.view_of(connection, rid(2)) == fold(rid(2), [chain(2)])
    assert fingerprints(connection, [rid(1)]) == {rid(1): encode_view(fold(rid(1), [chain(1)]))}
    assert walk_views(connection) == (2, [])


def test_the_next_act_brings_the_bytes_and_a_rebuild_the_same_rows(connection: apsw.Connection) -> None:
    received = chain(1)
    note = event(2, received.id, 1, NOTE, "note.added")
    keep(connection, [received])
    keep(connection, [note])
    assert stored(connection, 1) == encode_view(fold(rid(1), [received, note]))
    keep(connection, [event(3, note.id, 2, reception(2, "00101"), "dossier.received")])
    before = connection.execute("SELECT * FROM dossier ORDER BY rid").fetchall()
    with connection:
        projection.rebuild(connection)
    assert connection.execute("SELECT * FROM dossier ORDER BY rid").fetchall() == before
    assert walk_views(connection) == (2, [])


def test_an_event_that_is_about_no_dossier_changes_no_row_in_any_order(connection: apsw.Connection) -> None:
    received = chain(1)
    keep(connection, [received])
    keep(connection, [event(2, received.id, 1, VISIT, "visit.finished")])
    with connection:
        projection.refold(connection, rid(1))
    assert stored(connection, 1) == b"" and walk_views(connection) == (1, [])
    assert projection.view_of(connection, rid(1)) == fold(rid(1), [received])


def test_a_reception_whose_body_an_order_takes_is_stored_by_the_whole_fold(connection: apsw.Connection) -> None:
    received = chain(1)
    keep(connection, [received])
    order = order_for(received, number="12/QĐ-BHXH", reason="theo yêu cầu", asked_by="a")
    keep(connection, [event(1, GENESIS, 1, order, "body.erased", HUB_NODE)])
    assert stored(connection, 1) != b"" and walk_views(connection) == (1, [])
    view = projection.view_of(connection, rid(1))
    assert view is not None and "Ẩn" not in repr(view)


def test_no_bytes_beside_more_than_a_reception_are_found_untrue(connection: apsw.Connection) -> None:
    received = chain(1)
    keep(connection, [received, event(2, received.id, 1, NOTE, "note.added")])
    with connection:
        connection.execute("UPDATE dossier SET view = x'' WHERE rid = ?", (rid(1),))
    assert [one.code for one in walk_views(connection)[1]] == ["VER-105"]


def test_a_node_of_the_release_before_is_read_as_it_stands(tmp_path: Path) -> None:
    one = open_database(tmp_path / "node.db", b"k" * 32)
    migrate(one, MIGRATIONS[: MIGRATIONS.index(VIEWS_AS_EVENTS)])
    one.execute(SCOPE_EXITS.sql)  # this program writes the old rows here, and asks for what the one before had not
    keep(one, [chain(1)])
    one.execute("DROP TABLE scope_exit")
    with one:
        one.execute("UPDATE dossier SET view = ? WHERE rid = ?", (encode_view(fold(rid(1), [chain(1)])), rid(1)))
    assert migrate(one, MIGRATIONS)[0] == VIEWS_AS_EVENTS.name
    assert projection.view_of(one, rid(1)) == fold(rid(1), [chain(1)]) and walk_views(one) == (1, [])
    with one:
        projection.refold(one, rid(1))
    assert stored(one, 1) == b"" and projection.view_of(one, rid(1)) == fold(rid(1), [chain(1)])
    one.close()
