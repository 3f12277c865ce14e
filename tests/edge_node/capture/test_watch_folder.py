"""The watched folder: half files are never taken, whole ones once, nothing is deleted."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from edge_node.capture.settling import Sighting, completeness, is_temporary, observe
from edge_node.capture.source_errors import WatchFolderUnreachable
from edge_node.capture.watch_folder import Arrival, WatchFolder, watch

PDF = b"%PDF-1.7\n" + b"x" * 5000 + b"\n%%EOF\n"


class Clock:
    """A clock that only the test moves."""

    now_ms = 0

    def __call__(self) -> int:
        return self.now_ms


def _settle(folder: WatchFolder, clock: Clock) -> tuple[Arrival, ...]:
    folder.step()
    clock.now_ms += 5_000
    return folder.step()


def test_a_settled_file_is_moved_into_received_and_announced_once(tmp_path: Path) -> None:
    (tmp_path / "scan1.pdf").write_bytes(PDF)
    clock = Clock()
    folder = WatchFolder(tmp_path, clock_ms=clock)
    (arrival,) = _settle(folder, clock)
    assert arrival == Arrival(tmp_path / "received" / "scan1.pdf", "", "scan1.pdf")
    assert arrival.path.read_bytes() == PDF
    assert not (tmp_path / "scan1.pdf").exists()
    assert _settle(folder, clock) == ()


def test_a_subfolder_names_the_counter(tmp_path: Path) -> None:
    (tmp_path / "quay-3").mkdir()
    (tmp_path / "quay-3" / "a.pdf").write_bytes(PDF)
    clock = Clock()
    (arrival,) = _settle(WatchFolder(tmp_path, clock_ms=clock), clock)
    assert arrival.counter == "quay-3"
    assert arrival.path == tmp_path / "received" / "quay-3" / "a.pdf"


def test_a_file_that_still_grows_starts_its_waiting_anew(tmp_path: Path) -> None:
    clock = Clock()
    folder = WatchFolder(tmp_path, clock_ms=clock)
    for length in (10, 100, 1000):
        (tmp_path / "a.pdf").write_bytes(PDF[:length])
        assert folder.step() == ()
        clock.now_ms += 4_999
    (tmp_path / "a.pdf").write_bytes(PDF)
    assert len(_settle(folder, clock)) == 1


def test_a_file_somebody_has_open_for_writing_waits_with_its_reason(tmp_path: Path) -> None:
    clock = Clock()
    folder = WatchFolder(tmp_path, clock_ms=clock)
    with (tmp_path / "a.pdf").open("wb") as writer:
        writer.write(PDF)
        writer.flush()
        assert _settle(folder, clock) == ()
        assert [waiting.reason for waiting in folder.waiting] == ["being_written"]
    assert len(folder.step()) == 1


def test_a_file_that_ends_early_waits_with_its_reason(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF[:3000])
    (tmp_path / "b.txt").write_bytes(b"a note")
    clock = Clock()
    folder = WatchFolder(tmp_path, clock_ms=clock)
    assert _settle(folder, clock) == ()
    assert [waiting.reason for waiting in folder.waiting] == ["incomplete", "unknown_kind"]
    assert (tmp_path / "a.pdf").exists()


def test_a_second_file_of_the_same_name_overwrites_nothing(tmp_path: Path) -> None:
    clock = Clock()
    folder = WatchFolder(tmp_path, clock_ms=clock)
    for extra in (b"1", b"2"):
        (tmp_path / "scan.pdf").write_bytes(PDF + extra)
        assert len(_settle(folder, clock)) == 1
    assert sorted(path.name for path in (tmp_path / "received").iterdir()) == ["scan-2.pdf", "scan.pdf"]


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "secret.pdf").write_bytes(PDF)
    (tmp_path / "in" / "link.pdf").symlink_to(tmp_path / "secret.pdf")
    clock = Clock()
    assert _settle(WatchFolder(tmp_path / "in", clock_ms=clock), clock) == ()


def test_a_move_that_fails_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF)
    (tmp_path / "received").write_bytes(b"a file in the way")
    clock = Clock()
    folder = WatchFolder(tmp_path, clock_ms=clock)
    assert _settle(folder, clock) == ()
    assert "move_failed" in [waiting.reason for waiting in folder.waiting]
    (tmp_path / "received").unlink()
    assert len(folder.step()) == 1


def test_a_missing_folder_is_a_problem_and_no_file_is_forgotten(tmp_path: Path) -> None:
    with pytest.raises(WatchFolderUnreachable):
        WatchFolder(tmp_path / "gone", clock_ms=Clock()).step()


@pytest.mark.parametrize("name", [".scan.pdf", "~$a.pdf", "a.pdf.part", "a.TMP", "tmp.123", "a.pdf~", "_tmp_1.jpg"])
def test_temporary_names_are_ignored(name: str) -> None:
    assert is_temporary(name)
    assert observe({}, [Sighting(name, 9, 9)], now_ms=0)[0] == {}


def test_a_clock_that_jumps_back_never_shortens_the_waiting() -> None:
    seen = [Sighting("a.pdf", 9, 9)]
    watched, _ = observe({}, seen, now_ms=10_000)
    watched, settled = observe(watched, seen, now_ms=2_000)
    assert settled == ()
    assert observe(watched, seen, now_ms=6_999)[1] == ()
    assert observe(watched, seen, now_ms=7_000)[1] == ("a.pdf",)


def test_an_empty_file_never_settles() -> None:
    seen = [Sighting("a.pdf", 0, 9)]
    watched, _ = observe({}, seen, now_ms=0)
    assert observe(watched, seen, now_ms=60_000)[1] == ()


@pytest.mark.parametrize(("head", "tail", "reason"), [
    (b"\xff\xd8\xff", b"..\xff\xd9", None),
    (b"\xff\xd8\xff", b"..", "incomplete"),
    (b"\x89PNG\r\n\x1a\n", b"IEND\xaeB`\x82", None),
    (b"II*\0", b"", None),
    (b"PK\x03\x04", b"", "unknown_kind"),
])  # fmt: skip
def test_the_end_of_a_file_is_checked_by_its_kind(head: bytes, tail: bytes, reason: str | None) -> None:
    assert completeness(head, tail) == reason


def test_the_watcher_announces_a_file_that_arrives_while_it_waits(tmp_path: Path) -> None:
    async def run() -> Arrival:
        stop = asyncio.Event()
        (tmp_path / "a.pdf").write_bytes(PDF)
        folder = WatchFolder(tmp_path, clock_ms=Clock(), settle_ms=0)
        folder.step()
        events = watch(tmp_path, folder, stop=stop)
        waiting = asyncio.ensure_future(anext(events))
        number = 0
        while not waiting.done():
            number += 1
            (tmp_path / "note.txt").write_bytes(b"%d" % number)
            await asyncio.wait([waiting], timeout=0.1)
        stop.set()
        await events.aclose()  # type: ignore[attr-defined]
        return waiting.result()

    assert asyncio.run(asyncio.wait_for(run(), 30)).original_name == "a.pdf"
