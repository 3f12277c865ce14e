"""Where scans come from: the watched folder, the network scanner, a phone. What arrived is in the tray, whatever happens next."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.app import Node
from edge_node.capture import scanning
from edge_node.capture.arranging import Purpose, discard, open_empty
from edge_node.capture.handing_in import erase_pile, tidy
from edge_node.capture.landing import lay_waiting, take
from edge_node.capture.marks import separator_text
from edge_node.capture.phone_store import offer_link, pile_behind, take_photos
from edge_node.capture.piles import Pile, any_pile, files_in, piles_in, put_pile
from edge_node.capture.scanning import Scans, look_up
from edge_node.capture.source_errors import PhoneLinkClosed, ScannerBusy, ScannerUnknown, WatchFolderUnreachable
from edge_node.capture.watching import FolderState, take_received, watch_on
from edge_node.intake.service import Received
from edge_node.settings import ScannerSettings
from sync_protocol.adapters.storage_errors import StorageFull
from tests.browser.desk import Clock, make_node
from tests.browser.officers import receive_one
from tests.doubles.escl_scanner import ScannerDouble, running
from tests.edge_node.capture.sheets import sheet

BOUND_S = 30


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Received, Clock]]:
    clock = Clock()
    node = make_node(tmp_path_factory.mktemp("sources") / "node", clock)
    yield node, receive_one(node), clock
    node.close()


@pytest.fixture
def node(shared: tuple[Node, Received, Clock]) -> Node:
    """The node with an empty tray."""
    found = shared[0]
    lay_waiting(found.desk)
    for pile in found.store.readers.run(lambda c: piles_in(c, "open")):
        discard(found.desk, "all", pile.id, "thử xong")
    return found


@pytest.fixture
def purpose(shared: tuple[Node, Received, Clock]) -> Purpose:
    return Purpose(shared[1].rid, shared[1].components[0].component_id, declared_pages=2)


async def _at_once(seconds: float) -> None:
    """Waiting without time passing."""


def scanned(node: Node, double: ScannerDouble, profile: str = "a4", pile: Pile | None = None) -> Pile:
    """The pile after one scan on the double."""
    made = pile or open_empty(node.desk, "all", "scanner", "", None)

    async def run(base: str) -> None:
        scans = Scans(sleep=_at_once)
        await scans.start(node.desk, "all", [ScannerSettings("Quầy 3", base)], 0, profile, made.id)
        await scans.settled()

    with running(double) as base:
        asyncio.run(run(base))
    lay_waiting(node.desk)
    found = node.store.readers.run(lambda c: any_pile(c, made.id))
    assert found is not None and not found.is_scanning
    return found


def test_a_scan_fills_its_pile_and_a_separator_opens_the_next(node: Node) -> None:
    pile = scanned(node, ScannerDouble([sheet("một"), sheet("x", separator_text()), sheet("hai"), sheet("ba")]))
    assert pile.sentence == "" and len(pile.tray.pages) == 1
    assert [len(one.tray.pages) for one in node.store.readers.run(lambda c: piles_in(c, "open"))] == [1, 2]


def test_a_jam_keeps_the_pages_says_so_and_the_scan_goes_on_in_the_same_pile(node: Node) -> None:
    jammed = scanned(node, ScannerDouble([sheet("một"), sheet("hai")], jams_after=1, feeder_state=b"ScannerAdfJam"))
    assert jammed.problem == "CAP-035" and "Quầy 3" in jammed.sentence and "1 ảnh" in jammed.sentence
    assert len(jammed.tray.pages) == 1
    whole = scanned(node, ScannerDouble([sheet("hai")]), pile=jammed)
    assert len(whole.tray.pages) == 2 and whole.sentence == ""


@pytest.mark.parametrize(
    ("double", "code", "pages"),
    [
        (ScannerDouble([], feeder_state=b"ScannerAdfEmpty"), "CAP-034", 0),
        (ScannerDouble([sheet("một")], is_busy=True), "CAP-031", 0),
        (ScannerDouble([sheet("một"), sheet("hai")], breaks_inside=1), "CAP-032", 1),
        (ScannerDouble([sheet("một")], capabilities=b"<html>"), "CAP-033", 0),
    ],
    ids=["out of paper", "busy", "gone half-way", "no scanner at all"],
)
def test_what_a_scanner_does_wrong_is_told_in_the_pile(
    node: Node, double: ScannerDouble, code: str, pages: int
) -> None:
    pile = scanned(node, double)
    assert pile.problem == code and pile.sentence and len(pile.tray.pages) == pages


def test_the_end_of_a_scan_that_a_full_disk_refused_is_told_when_there_is_room(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    end, refused = scanning._end, []

    def full_once(*given: object) -> None:
        if not refused:
            refused.append(given)
            raise StorageFull(sqlite_code=13)
        end(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(scanning, "_end", full_once)
    pile = scanned(node, ScannerDouble([sheet("một")]))
    assert refused and not pile.is_scanning and len(pile.tray.pages) == 1


def test_what_nobody_foresaw_ends_a_scan_with_a_code_and_keeps_what_came(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    take, taken = scanning.take, []

    def breaks_at_the_second(*given: object, **named: object) -> object:
        taken.append(given)
        if len(taken) == 2:
            raise OSError(5, "input/output error")
        return take(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(scanning, "take", breaks_at_the_second)
    pile = scanned(node, ScannerDouble([sheet("một"), sheet("hai")]))
    assert pile.problem == "CAP-041" and not pile.is_scanning and len(pile.tray.pages) == 1


async def test_one_scanner_runs_one_scan_and_only_configured_ones(node: Node) -> None:
    pile = open_empty(node.desk, "all", "scanner", "", None)
    scans, gate = Scans(sleep=_at_once), asyncio.Event()

    async def wait(seconds: float) -> None:
        await asyncio.wait_for(gate.wait(), BOUND_S)

    scans = Scans(sleep=wait)
    with running(ScannerDouble([sheet("một")], not_ready_answers=1)) as base:
        scanners = [ScannerSettings("Quầy 3", base)]
        await scans.start(node.desk, "all", scanners, 0, "a4", pile.id)
        with pytest.raises(ScannerBusy):
            await scans.start(node.desk, "all", scanners, 0, "a4", pile.id)
        with pytest.raises(ScannerUnknown):
            await scans.start(node.desk, "all", scanners, 7, "a4", pile.id)
        gate.set()
        await scans.settled()


def test_scanners_are_asked_how_they_are_and_one_that_is_off_is_said_to_be_off() -> None:
    with running(ScannerDouble([])) as base:
        here, away = asyncio.run(
            look_up([ScannerSettings("Quầy 3", base), ScannerSettings("Kho", "http://127.0.0.1:9/eSCL")])
        )
    assert here.capabilities is not None and here.can("a4_duplex") and "Loaded" in here.state
    assert away.capabilities is None and "không trả lời" in away.problem


def test_a_scan_that_a_restart_cut_off_says_so(node: Node) -> None:
    import msgspec

    pile = open_empty(node.desk, "all", "scanner", "", None)
    node.store.writer.run(lambda c: put_pile(c, msgspec.structs.replace(pile, is_scanning=True), 1))
    tidy(node.desk, is_start=True)
    found = node.store.readers.run(lambda c: any_pile(c, pile.id))
    assert found is not None and not found.is_scanning and "khởi động lại" in found.sentence


async def test_the_folder_is_watched_on_when_it_disappears_and_comes_back(node: Node, tmp_path: Path) -> None:
    folder, state, stop = tmp_path / "quet", FolderState(), asyncio.Event()
    said = asyncio.Event()

    async def looked(seconds: float) -> None:
        said.set()
        await asyncio.sleep(0.05)

    watching = asyncio.create_task(watch_on(node.desk, folder, state, stop, settle_ms=0, sleep=looked))
    await asyncio.wait_for(said.wait(), BOUND_S)
    assert isinstance(state.problem, WatchFolderUnreachable)
    folder.mkdir()
    (folder / "a.jpg").write_bytes(sheet("một"))
    async with asyncio.timeout(BOUND_S):
        while not node.store.readers.run(lambda c: files_in(c, "waiting")):
            await asyncio.sleep(0.05)
    stop.set()
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.wait_for(watching, BOUND_S)
    assert state.problem is None and (folder / "taken" / "a.jpg").exists()


def test_a_file_received_before_a_crash_is_taken_once(node: Node, tmp_path: Path) -> None:
    received = tmp_path / "received" / "quay-1"
    received.mkdir(parents=True)
    (received / "a.jpg").write_bytes(sheet("trước khi mất điện"))
    assert take_received(node.desk, tmp_path) == 1
    taken = tmp_path / "taken" / "quay-1" / "a.jpg"
    taken.rename(received / "a.jpg")  # sealed, but the power went before it was moved on
    assert take_received(node.desk, tmp_path) == 0 and taken.exists()
    (received / "a.jpg").write_bytes(taken.read_bytes())  # really dropped a second time
    assert take_received(node.desk, tmp_path) == 1
    assert sorted(path.name for path in taken.parent.iterdir()) == ["a-2.jpg", "a.jpg"]


def test_erasing_a_classified_paper_takes_it_out_of_the_folder_too(node: Node, tmp_path: Path) -> None:
    (tmp_path / "received").mkdir()
    (tmp_path / "received" / "mat.jpg").write_bytes(sheet("MẬT, chỉ một lần"))
    take_received(node.desk, tmp_path)
    lay_waiting(node.desk)
    (pile,) = node.store.readers.run(lambda c: piles_in(c, "open"))
    assert erase_pile(node.desk, "all", pile.id, tmp_path) == 1
    assert list((tmp_path / "taken").iterdir()) == []


def test_a_phone_puts_photos_into_one_pile_for_ten_minutes(
    shared: tuple[Node, Received, Clock], node: Node, purpose: Purpose
) -> None:
    pile = open_empty(node.desk, "all", "phone", "", purpose)
    token, link = offer_link(node.desk, "all", pile.id, b"r" * 32)
    behind, _ = pile_behind(node.desk, pile.id.hex(), token)
    assert behind.id == pile.id
    assert (
        take_photos(node.desk, pile.id.hex(), token, [("a.jpg", sheet("một")), ("b.jpg", sheet("hai"))])
        == link.uploads_left - 2
    )
    lay_waiting(node.desk)
    found = node.store.readers.run(lambda c: any_pile(c, pile.id))
    assert found is not None and len(found.tray.pages) == 2 and found.rid == purpose.rid
    other = open_empty(node.desk, "all", "phone", "", purpose)
    for pile_hex, used in ((other.id.hex(), token), (pile.id.hex(), token + "x")):
        with pytest.raises(PhoneLinkClosed):
            take_photos(node.desk, pile_hex, used, [("c.jpg", sheet("ba"))])
    clock = shared[2]
    before = clock.at
    clock.at += dt.timedelta(minutes=11)
    with pytest.raises(PhoneLinkClosed):
        pile_behind(node.desk, pile.id.hex(), token)
    clock.at = before
    discard(node.desk, "all", pile.id, "thôi")
    with pytest.raises(PhoneLinkClosed):
        take_photos(node.desk, pile.id.hex(), token, [("c.jpg", sheet("ba"))])
    assert node.store.readers.run(lambda c: files_in(c, "waiting")) == []


def test_a_link_is_only_given_for_a_paper_of_a_dossier(node: Node) -> None:
    take(node.desk, "all", "upload", [("a.jpg", sheet("một"))])
    lay_waiting(node.desk)
    (pile,) = node.store.readers.run(lambda c: piles_in(c, "open"))
    with pytest.raises(PhoneLinkClosed):
        offer_link(node.desk, "all", pile.id, b"r" * 32)


def test_the_double_can_be_told_apart_from_a_well_behaved_scanner(node: Node) -> None:
    """Canary: a well-behaved scan leaves no sentence, so the sentences above come from the misbehaviour."""
    assert scanned(node, ScannerDouble([sheet("một")])).sentence == ""
