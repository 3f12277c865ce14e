"""A paper's id that two dossiers name: whatever the order in which they come and are folded, the same rows stand, at a node and at a hub on both engines."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import apsw
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from central_hub.store.hub_store import Embedded
from central_hub.store.schema import MIGRATIONS as HUB_MIGRATIONS
from edge_node.store.schema import MIGRATIONS as NODE_MIGRATIONS
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.sqlite import Migration, migrate, open_database
from sync_protocol.bodies import TYPE_OF_BODY, CopyCaptured, DocumentCoded, Revoked, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.erasure import order_for
from sync_protocol.ids import GENESIS, HUB_NODE, BlobDigest, ComponentId, DocumentId, Incarnation, NodeId, OfficeCode
from tests.central_hub.store.postgres.server import Server
from tests.offices import reception, rid

PAPERS = "SELECT rid, document_id, owner, document_type, paper_key, is_sealed FROM document ORDER BY rid, document_id"
DOSSIERS = (1, 2, 3)
KINDS = ("node", "hub", "hub over PostgreSQL")
Acts = Sequence[tuple[int, int, int]]  # dossier, kind, paper


def paper(number: int) -> DocumentId:
    return DocumentId(bytes([0x40 + number]) * 16)


def body(kind: int, number: int, at: int) -> msgspec.Struct:
    """A copy, its code or its revocation."""
    if kind == 0:
        return CopyCaptured(
            component_id=ComponentId(b"c" * 16), document_id=paper(number), pdf=BlobDigest(bytes([number]) * 32), pdf_size=9, pages=1, images=1,
            officer="cb01", signer_name="x", captured_ms=at,
        )  # fmt: skip
    if kind == 1:
        return DocumentCoded(
            document_id=paper(number), owner="001185012345", procedure="1.014166", document_type="gks", number_symbol=f"{at}/KS",
            code=f"001185012345.{at}",
        )  # fmt: skip
    return Revoked(document_id=paper(number), authority=OfficeCode("00101"), reason="thu hồi", officer="cb01", at_ms=at)


def told(acts: Acts) -> list[Event]:
    """Three dossiers of three nodes, each received and then acted on; kind 3 takes away by order what was captured last."""
    heads = {number: (0, GENESIS) for number in (0, *DOSSIERS)}
    events: list[Event] = []

    def say(lane: int, dossier: int, what: msgspec.Struct) -> Event:
        seq, prev = heads[lane]
        node = NodeId(f"n0010{lane}a") if lane else HUB_NODE
        made = make_event(
            node=node, inc=Incarnation(bytes([lane + 1]) * 16), seq=seq + 1, prev=prev, type=TYPE_OF_BODY[type(what)], tv=1, rid=rid(dossier),
            hlc=len(events) + 1 << 16, actor="cb01", body=encode_body(what),
        )  # fmt: skip
        heads[lane] = (seq + 1, made.id)
        events.append(made)
        return made

    last: dict[int, Event] = {number: say(number, number, reception(number, "00101")) for number in DOSSIERS}
    for at, (dossier, kind, number) in enumerate(acts):
        if kind == 3:
            say(0, dossier, order_for(last[dossier], number="12/QĐ-BHXH", reason="theo yêu cầu", asked_by="a"))
        else:
            last[dossier] = say(dossier, dossier, body(kind, number, at))
    return events


def keep(connection: apsw.Connection, events: Sequence[Event]) -> None:
    """Store and project, as every way into the log does."""
    for event in events:
        lane = event_log.open_lane(connection, event.header.node, event.header.inc, "peer")
        event_log.append(connection, lane, [event], 1)
    projection.project(connection, events)


def open_new(where: str, server: Server, folder: Path) -> apsw.Connection:
    """An empty database of one kind."""
    makers: dict[str, Callable[[], apsw.Connection]] = {
        "node": lambda: open_database(folder / "n.db", b"k" * 32),
        "hub": lambda: Embedded(folder / "h.db", b"k" * 32).open(read_only=False),
        "hub over PostgreSQL": lambda: server.empty_at(folder).open(read_only=False),
    }
    return makers[where]()


def steps_of(where: str) -> tuple[Migration, ...]:
    return NODE_MIGRATIONS if where == "node" else HUB_MIGRATIONS


def emptied(connection: apsw.Connection) -> None:
    connection.execute("ROLLBACK")
    connection.execute("BEGIN IMMEDIATE")


@pytest.fixture(params=KINDS, scope="module")
def connection(request: pytest.FixtureRequest, server: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[apsw.Connection]:
    made = open_new(request.param, server, tmp_path_factory.mktemp("papers"))
    migrate(made, steps_of(request.param))
    made.execute("BEGIN IMMEDIATE")
    yield made
    made.execute("ROLLBACK")
    made.close()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(st.tuples(st.sampled_from(DOSSIERS), st.integers(0, 3), st.integers(0, 1)), min_size=2, max_size=10),
    order=st.randoms(use_true_random=False), size=st.integers(1, 4),
)  # fmt: skip
def test_in_any_order_and_any_pieces_the_rows_of_papers_end_equal(connection: apsw.Connection, acts: Acts, order: object, size: int) -> None:
    events = told(acts)
    emptied(connection)
    keep(connection, events)
    expected = connection.execute(PAPERS).fetchall()
    projection.rebuild(connection)
    assert connection.execute(PAPERS).fetchall() == expected
    lanes = [[one for one in events if one.header.inc == inc] for inc in dict.fromkeys(one.header.inc for one in events)]
    mixed: list[Event] = []
    while any(lanes):
        mixed.append(order.choice([lane for lane in lanes if lane]).pop(0))  # type: ignore[attr-defined]
    emptied(connection)
    for at in range(0, len(mixed), size):
        keep(connection, mixed[at : at + size])
    assert connection.execute(PAPERS).fetchall() == expected


def test_each_dossier_that_names_a_paper_has_its_row_and_one_erased_takes_only_its_own(connection: apsw.Connection) -> None:
    emptied(connection)
    keep(connection, told([(1, 0, 0), (2, 0, 0), (1, 1, 0), (2, 1, 0)]))
    assert [(row[0], row[1]) for row in connection.execute(PAPERS).fetchall()] == [(rid(1), paper(0)), (rid(2), paper(0))]
    assert projection.owned_papers(connection, "001185012345", "gks") == [(rid(1), paper(0)), (rid(2), paper(0))]
    emptied(connection)
    keep(connection, told([(1, 0, 0), (2, 0, 0), (1, 3, 0)]))
    assert (rid(2), paper(0)) in [(row[0], row[1]) for row in connection.execute(PAPERS).fetchall()]


@pytest.mark.parametrize("where", KINDS)
def test_rows_of_the_release_before_are_taken_over(where: str, server: Server, tmp_path: Path) -> None:
    steps = steps_of(where)
    at = next(number for number, step in enumerate(steps) if step.name == "0049-claims-of-papers")
    connection = open_new(where, server, tmp_path)
    migrate(connection, steps[:at])
    rows = [(rid(number), paper(number), "001185012345", "gks", f"k{number}", number % 2) for number in (1, 2)]
    connection.execute("BEGIN IMMEDIATE")
    connection.executemany("INSERT INTO document(rid, document_id, owner, document_type, paper_key, is_sealed) VALUES(?,?,?,?,?,?)", rows)
    connection.execute("COMMIT")
    assert migrate(connection, steps)[0] == "0049-claims-of-papers"
    assert [tuple(row) for row in connection.execute(PAPERS).fetchall()] == rows
    connection.close()
