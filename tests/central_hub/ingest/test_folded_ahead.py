"""What was folded before the transaction leaves the same rows as what is folded in it, and is left where it does not hold."""

from __future__ import annotations

from pathlib import Path

import apsw

from central_hub.ingest.commit import commit_batch
from sync_protocol.adapters import projection
from sync_protocol.adapters.folded import fold_ahead
from sync_protocol.bodies import TYPE_OF_BODY, NoteAdded, encode_body
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import GENESIS, HubEpoch, Incarnation, RecordId
from tests.benchmarks.long_outage import acts
from tests.benchmarks.workload import dossiers
from tests.offices import Clock, Hub, Office, reception, rid

EPOCH, INC = HubEpoch(b"e" * 16), Incarnation(b"i" * 16)
TABLES = ("event", "lane", "dossier", "search_key", "document", "blob_reference", "scope", "feed")


def chain(told: list[tuple[RecordId, object]], node: str = "n00101a") -> list[Event]:
    """One lane's events of these bodies."""
    events: list[Event] = []
    for seq, (record, body) in enumerate(told, start=1):
        events.append(
            make_event(
                node=node, inc=INC, seq=seq, prev=events[-1].id if events else GENESIS, type=TYPE_OF_BODY[type(body)], tv=1,
                rid=record, hlc=(1_795_000_000_000 + seq) << 16, actor="cb01", body=encode_body(body),
            )  # type: ignore[arg-type]  # fmt: skip
        )
    return events


def rows_after(root: Path, batches: list[list[Event]], *, ahead: bool) -> dict[str, list[tuple[object, ...]]]:
    """All rows of a hub that took these batches."""
    clock = Clock()
    hub, author = Hub(root / "hub", clock), Office(root / "a", "n00101a", "00101", clock)
    hub.enrol(author)
    try:
        for events in batches:
            made = fold_ahead(events) if ahead else None
            hub.store.writer.run(
                lambda c, e=events, m=made: commit_batch(c, author.node, author.office, e, EPOCH, 1, m)  # type: ignore[misc]
            )
        return hub.store.readers.run(dump)
    finally:
        hub.close()
        author.close()


def dump(connection: apsw.Connection) -> dict[str, list[tuple[object, ...]]]:
    return {table: list(connection.execute(f"SELECT * FROM {table} ORDER BY 1, 2")) for table in TABLES}


def work_of_a_day() -> list[Event]:
    """Forty dossiers through their twelve acts, as a queue at a counter moves on; two of one person, and visits of nobody."""
    going = [(record, acts(record, body)) for record, body in dossiers(1, 40, "00101")]
    told = [(record, did[step]) for step in range(12) for record, did in going]
    told += [(rid(7), reception(7, "00101", personal_id="001185012345")), (rid(8), reception(8, "00101", personal_id="001185012345"))]
    return chain(told)  # type: ignore[arg-type]


def test_batches_folded_ahead_leave_the_same_rows(tmp_path: Path) -> None:
    day = work_of_a_day()
    batches = [day[at : at + 150] for at in range(0, len(day), 150)]
    assert rows_after(tmp_path / "1", batches, ahead=True) == rows_after(tmp_path / "2", batches, ahead=False)


def test_how_the_queue_is_cut_changes_no_view(tmp_path: Path) -> None:
    day = work_of_a_day()
    whole = rows_after(tmp_path / "1", [day], ahead=True)
    small = rows_after(tmp_path / "2", [day[at : at + 7] for at in range(0, len(day), 7)], ahead=True)
    for table in ("dossier", "search_key", "document", "blob_reference"):
        assert whole[table] == small[table], table


def test_a_batch_of_which_a_part_is_held_already_is_folded_as_it_stands(tmp_path: Path) -> None:
    day = work_of_a_day()[:80]
    again = rows_after(tmp_path / "1", [day[:50], day], ahead=True)
    assert again == rows_after(tmp_path / "2", [day[:50], day[50:]], ahead=False)


def test_only_what_a_batch_opens_is_folded_ahead() -> None:
    note = NoteAdded(text="đã gọi", officer="cb01", at_ms=1)
    opened = fold_ahead(chain([(rid(1), note), (rid(2), reception(2, "00101")), (rid(2), note)]))
    assert list(opened) == [rid(2)] and len(opened[rid(2)].events) == 2


def test_an_event_that_lost_its_body_on_the_way_is_not_taken_from_what_was_folded_ahead(tmp_path: Path) -> None:
    events = chain([(rid(2), reception(2, "00101"))])
    ahead = fold_ahead(events)
    (gone,) = chain([(rid(2), reception(2, "00101"))])
    gone = make_event(
        node=gone.header.node, inc=INC, seq=1, prev=GENESIS, type=gone.header.type, tv=1, rid=rid(2), hlc=gone.header.hlc,
        actor="cb01", body=None, body_hash=gone.header.body_hash,
    )  # fmt: skip
    hub = Hub(tmp_path / "hub", Clock())
    (made,) = hub.store.writer.run(lambda c: projection.project(c, [gone], ahead=ahead))
    assert not made.view.is_whole
    hub.close()
