"""What nothing names leaves a desk's disk after a long calm; what anything names, or may be named again, never does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.capture.jobs import CaptureTask, put_job
from edge_node.capture.originals import Original
from edge_node.operations.unnamed_files import NAMING, collect_unnamed, is_due
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import write_number
from sync_protocol.adapters.files.collecting import PARTS
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.batch import seal_batch
from sync_protocol.bodies import CopyCaptured, encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, EventId, Incarnation, NodeId
from sync_protocol.messages import Push
from sync_protocol.wire import pack
from tests.offices import Clock, Office, reception, rid

DAY_MS = 86_400_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk whose files age by its own clock."""
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    one.files = FilesOnDisk(one.root / "files", Sealing(b"F" * 32, b"N" * 32), lambda: one.clock() / 1000)
    yield one
    one.close()


def nights(office: Office, count: int) -> int:
    """One look a day, every part in each; returns how many files went."""
    gone = 0
    for _ in range(count):
        office.clock.ms += DAY_MS
        gone += collect_unnamed(office.store, office.files, office.clock, part="")
    return gone


def keep(office: Office, content: bytes) -> str:
    return office.files.put(content)


def scan(office: Office) -> str:
    """A paper whose event is saved."""
    name = keep(office, b"a paper")
    captured = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=BlobDigest(bytes.fromhex(name)), pdf_size=7, pages=1,
        images=1, officer="cb", signer_name="x", captured_ms=1,
    )  # fmt: skip
    office.ledger.save(Act("cb", "intake", "x"), [Draft(rid(1), reception(1, "00101")), Draft(rid(1), captured)])
    return name


def test_a_file_that_nothing_names_goes_after_a_long_calm_and_no_other_does(office: Office) -> None:
    scanned, job, tray, loose = scan(office), keep(office, b"of a job"), keep(office, b"in the tray"), keep(office, b"of a crash")
    office.files.begin("ab" * 32, 100_000)  # a download that was given up
    task = CaptureTask(rid(1), ComponentId(b"c" * 16), b"d" * 16, (Original(bytes.fromhex(job), "a.jpg"),), 1, (), "cb")
    office.store.writer.run(lambda c: put_job(c, b"j" * 16, task, 1))
    office.store.writer.run(lambda c: c.execute("UPDATE capture_job SET state = 'done'").fetchall())
    office.store.writer.run(
        lambda c: c.execute(
            "INSERT INTO tray_file(id, digest, name, source, place, officer, state, at_ms) VALUES(x'01', ?, '', '', '', '', 'used', 1)",
            (bytes.fromhex(tray),),
        ).fetchall()
    )
    assert nights(office, 90) == 0
    assert nights(office, 30) == 2
    assert [office.files.has(one) for one in (scanned, job, tray, loose)] == [True, True, True, False]


def test_a_file_that_was_made_a_moment_ago_waits_for_its_event(office: Office) -> None:
    nights(office, 100)
    loose = keep(office, b"its event is under way")
    assert nights(office, 89) == 0 and office.files.has(loose)


def test_a_file_that_is_made_again_is_young_again(office: Office) -> None:
    keep(office, b"once")
    nights(office, 80)
    loose = keep(office, b"once")
    assert nights(office, 80) == 0 and office.files.has(loose)


@pytest.mark.parametrize("days", [-400, 16, 400])
def test_a_clock_that_jumped_takes_nothing(office: Office, days: int) -> None:
    nights(office, 60)
    loose = keep(office, b"its event is under way")
    office.clock.ms += days * DAY_MS
    assert nights(office, 89) == 0 and office.files.has(loose)


def test_a_log_that_goes_on_under_another_incarnation_begins_the_calm_anew(office: Office) -> None:
    loose = keep(office, b"an event of it is at the hub")
    nights(office, 80)
    office._next_inc()
    assert nights(office, 89) == 0 and office.files.has(loose)
    assert nights(office, 10) == 1


def test_a_desk_that_has_not_heard_all_news_takes_nothing(office: Office) -> None:
    loose = keep(office, b"named by an event in the news")
    office.store.writer.run(lambda c: write_number(c, "feed_head", 1))
    assert nights(office, 200) == 0 and office.files.has(loose)
    office.store.writer.run(lambda c: write_number(c, "cursor", 1))
    assert nights(office, 1) == 1


def set_aside(office: Office, raw: bytes) -> None:
    """A row that waits for a person, from now on."""
    office.store.writer.run(
        lambda c: c.execute("INSERT INTO held(at_ms, code, detail, raw) VALUES(?, '', '', ?)", (office.clock(), raw)).fetchall()
    )


def frame_naming(office: Office, name: str, type: str = "copy.captured") -> bytes:
    """A batch of one event that names a file, in this version's words or in a newer one's."""
    captured = CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=DocumentId(b"d" * 16), pdf=BlobDigest(bytes.fromhex(name)), pdf_size=7, pages=1,
        images=1, officer="cb", signer_name="x", captured_ms=1,
    )  # fmt: skip
    event = make_event(
        node=NodeId("n00101a"), inc=Incarnation(b"i" * 16), seq=1, prev=EventId(bytes(32)), type=type, tv=1, rid=rid(1), hlc=1, actor="cb",
        body=encode_body(captured),
    )  # fmt: skip
    return pack(Push(seal_batch("hub", [event], lambda _: b"s" * 64)))


def test_what_lies_aside_keeps_the_files_that_it_names_and_no_other(office: Office) -> None:
    named, loose = keep(office, b"named by what lies aside"), keep(office, b"of a crash")
    set_aside(office, frame_naming(office, named))
    assert nights(office, 120) == 1
    assert (office.files.has(named), office.files.has(loose)) == (True, False)


@pytest.mark.parametrize("is_newer", [False, True], ids=["no frame", "of a newer program"])
def test_what_nobody_can_read_keeps_what_lay_here_then_and_came_since(office: Office, is_newer: bool) -> None:
    long_before = keep(office, b"untouched for long when it came")
    office.store.writer.run(lambda c: write_number(c, "feed_head", 1))  # so it is still here
    nights(office, 100)
    office.store.writer.run(lambda c: write_number(c, "cursor", 1))
    before = keep(office, b"a moment before its event")
    set_aside(office, frame_naming(office, before, "copy.foreseen") if is_newer else b"\xff nothing")
    since = keep(office, b"after it")
    assert nights(office, 300) == 1
    assert [office.files.has(one) for one in (long_before, before, since)] == [False, True, True]
    office.store.writer.run(lambda c: c.execute("DELETE FROM held").fetchall())  # a person settled it
    assert nights(office, 1) == 2


def test_sixteen_days_look_at_every_file_once(office: Office) -> None:
    for number in range(40):
        keep(office, bytes([number]))
    nights(office, 100)
    for number in range(40):
        keep(office, b"more" + bytes([number]))
    gone = 0
    for _ in range(90 + len(PARTS)):
        office.clock.ms += DAY_MS
        assert office.store.readers.run(lambda c: is_due(c, office.clock()))
        gone += collect_unnamed(office.store, office.files, office.clock)
        assert not office.store.readers.run(lambda c: is_due(c, office.clock()))
    assert gone == 40


def test_every_table_that_names_files_is_asked(office: Office) -> None:
    question = "SELECT m.name FROM sqlite_schema m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.name = 'digest'"
    assert {name for (name,) in office.store.readers.run(lambda c: c.execute(question).fetchall())} == set(NAMING)
