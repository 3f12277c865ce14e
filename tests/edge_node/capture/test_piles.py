"""The office's tray as it is kept: what lands in it, how it is cut and arranged, what it becomes, and that nothing scanned is lost."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.app import Node
from edge_node.capture.arranging import (
    Purpose,
    assign,
    discard,
    discard_file,
    join_piles,
    rearrange,
    split_pile,
    take_back,
)
from edge_node.capture.errors import PassesDoNotMatch, PileGone, PileUnassigned, TrayMismatch
from edge_node.capture.file_errors import UnknownKind
from edge_node.capture.handing_in import erase_pile, hand_in_pile, tidy
from edge_node.capture.jobs import Job, stop_job, stopped_jobs, waiting_jobs, withdraw_job
from edge_node.capture.landing import lay_waiting, take
from edge_node.capture.marks import separator_text
from edge_node.capture.originals import gather
from edge_node.capture.piles import Pile, files_in, picture_bytes, pictures_of, piles_in
from edge_node.capture.separating import BACK, SHEET
from edge_node.capture.service import hand_in
from edge_node.capture.stopped import put_aside, reopen
from edge_node.intake.service import Choice, Received, add_component, component_of, dossier
from edge_node.operations.backups import named_files
from edge_node.web.tray_page import read_pile
from sync_protocol.adapters.keys import KeyFileOnDisk
from tests.browser.desk import Clock, make_node
from tests.browser.officers import CARD, receive_one
from tests.edge_node.capture.sheets import sheet, stack


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Received]]:
    node = make_node(tmp_path_factory.mktemp("tray") / "node", Clock())
    yield node, receive_one(node)
    node.close()


@pytest.fixture
def node(shared: tuple[Node, Received]) -> Node:
    """The node with an empty tray."""
    found = shared[0]
    for pile in piles(found):
        discard(found.desk, "all", pile.id, "thử xong")
    return found


@pytest.fixture
def part(shared: tuple[Node, Received]) -> Purpose:
    """The first paper of a dossier, one page counted on the desk."""
    return Purpose(shared[1].rid, shared[1].components[0].component_id, declared_pages=1)


def piles(node: Node) -> list[Pile]:
    return node.store.readers.run(lambda c: piles_in(c, "open"))


def laid(node: Node, *contents: bytes) -> Pile:
    """One pile of these files."""
    before = {pile.id for pile in piles(node)}
    take(node.desk, "all", "upload", [(f"{n}.jpg", content) for n, content in enumerate(contents)])
    lay_waiting(node.desk)
    first, *others = [pile for pile in piles(node) if pile.id not in before]
    for other in others:
        first = join_piles(node.desk, "all", first.id, other.id, "under")
    return first


def ids(pile: Pile) -> list[str]:
    return [page.page_id for page in pile.tray.pages]


def test_every_page_of_a_file_is_in_the_tray_with_a_picture_of_its_own_making(node: Node) -> None:
    original = sheet("trang 1")
    pile = laid(node, original)
    (page,) = pile.tray.pages
    thumb = node.store.readers.run(lambda c: picture_bytes(c, page.page_id, "thumb"))
    assert thumb is not None and thumb.startswith(b"\xff\xd8") and len(thumb) < len(original) and thumb not in original
    assert not page.is_blank and laid(node, sheet()).tray.pages[0].is_blank


def test_a_file_that_is_none_of_ours_stays_with_its_reason_and_holds_up_nothing(node: Node) -> None:
    take(node.desk, "all", "upload", [("ghi chú.txt", b"a note"), ("a.jpg", sheet("một"))])
    assert lay_waiting(node.desk) == 1
    (refused,) = node.store.readers.run(lambda c: files_in(c, "refused"))
    assert refused.problem == "CAP-002" and "ghi chú.txt" in refused.sentence


def test_separator_sheets_cut_the_stack_and_name_the_paper(node: Node, part: Purpose) -> None:
    named = separator_text(part.rid, part.component_id)
    content = stack(
        sheet("một"),
        sheet("hai"),
        sheet("phân cách", named),
        sheet(),
        sheet("ba"),
        sheet("phân cách", separator_text()),
        sheet("bốn"),
    )
    take(node.desk, "", "folder", [("may-quet.pdf", content)], place="quay-3/may-quet.pdf")
    lay_waiting(node.desk)
    first, second, third = piles(node)
    assert [len(pile.tray.pages) for pile in (first, second, third)] == [2, 1, 1]
    assert (
        (second.rid, second.component_id) == (part.rid, part.component_id) and first.rid is None and third.rid is None
    )
    assert [one.reason for one in second.tray.removed] == [SHEET, BACK]
    assert first.place == "quay-3"


def test_a_stack_that_begins_with_a_separator_leaves_no_empty_pile_before_it(node: Node, part: Purpose) -> None:
    named = separator_text(part.rid, part.component_id)
    wanted = node.desk.new_id()
    take(
        node.desk,
        "all",
        "upload",
        [("a.jpg", sheet("phân cách", named)), ("b.jpg", sheet("một")), ("c.jpg", sheet("hai"))],
        pile=wanted,
    )
    lay_waiting(node.desk)
    (pile,) = piles(node)
    assert pile.id == wanted and pile.component_id == part.component_id and len(pile.tray.pages) == 2


def test_a_slip_proposes_its_dossier_and_a_card_its_holder_without_relatives(
    node: Node, shared: tuple[Node, Received]
) -> None:
    slip = laid(node, sheet("giấy tiếp nhận", f"lienthong:{shared[1].code}"))
    assert slip.proposal == shared[1].code
    newer = laid(node, sheet("thẻ", CARD + "||Cha Bí Mật|Mẹ Bí Mật"))
    (picture,) = node.store.readers.run(lambda c: pictures_of(c, ids(newer))).values()
    assert (
        picture.card is not None
        and picture.card.card.full_name == "NGUYỄN THỊ ẴM"
        and "Bí Mật" not in picture.card.text
    )


def test_pages_are_turned_moved_split_joined_and_taken_out_and_back(node: Node) -> None:
    pile = laid(node, sheet("một"), sheet("hai"), sheet("ba"))
    one, two, three = ids(pile)
    assert rearrange(node.desk, "all", pile.id, "turn_left", one).tray.pages[0].turns == 3
    assert ids(rearrange(node.desk, "all", pile.id, "later", one)) == [two, one, three]
    assert ids(rearrange(node.desk, "all", pile.id, "earlier", two)) == [two, one, three]
    second = split_pile(node.desk, "all", pile.id, three)
    assert ids(second) == [three] and [len(one.tray.pages) for one in piles(node)] == [2, 1]
    assert ids(join_piles(node.desk, "all", second.id, pile.id, "under")) == [three, two, one]
    with pytest.raises(PileGone):
        rearrange(node.desk, "all", pile.id, "later", one)
    left = discard(node.desk, "all", second.id, "trang thừa", two)
    assert ids(left) == [three, one] and left.tray.removed[0].reason == "trang thừa"
    assert ids(rearrange(node.desk, "all", second.id, "restore", two)) == [three, one, two]
    discard(node.desk, "all", second.id, "quét nhầm")
    assert piles(node) == []
    assert len(take_back(node.desk, "all", second.id).tray.pages) == 3


def test_two_passes_of_the_same_stack_become_fronts_and_backs(node: Node) -> None:
    fronts, backs = laid(node, sheet("1"), sheet("3")), laid(node, sheet("4"), sheet("2"))
    f, b = ids(fronts), ids(backs)
    with pytest.raises(PassesDoNotMatch):
        join_piles(node.desk, "all", fronts.id, laid(node, sheet("5")).id, "interleave")
    assert ids(join_piles(node.desk, "all", fronts.id, backs.id, "interleave")) == [f[0], b[1], f[1], b[0]]


def test_a_count_that_differs_is_never_handed_in_and_says_the_numbers(node: Node, part: Purpose) -> None:
    pile = laid(node, sheet("một"), sheet("hai"))
    with pytest.raises(PileUnassigned):
        hand_in_pile(node.desk, "all", pile.id)
    assign(node.desk, "all", pile.id, part)
    with pytest.raises(TrayMismatch) as caught:
        hand_in_pile(node.desk, "all", pile.id)
    assert "khai 1 trang" in caught.value.clerk_sentence and "2 ảnh" in caught.value.clerk_sentence
    assert node.store.readers.run(waiting_jobs) == []


def test_a_supplement_that_is_scanned_stays_a_supplement_under_its_rule(node: Node, part: Purpose) -> None:
    choice = Choice(decision="digitize", rule="4.1c")
    added = add_component(
        node.desk, "all", part.rid, document_type="GKS", name="Khai sinh", choice=choice, is_supplement=True
    )
    pile = laid(node, sheet("bổ sung"))
    assign(node.desk, "all", pile.id, Purpose(part.rid, added, declared_pages=1))
    job = hand_in_pile(node.desk, "all", pile.id)
    node.store.writer.run(lambda c: withdraw_job(c, job, 1))
    found = component_of(dossier(node.desk, part.rid), added)
    assert found.is_supplement and found.rule == "4.1c" and found.declared_pages == 1


def test_a_page_with_a_note_counts_once_and_its_two_captures_stay_a_pair(node: Node, part: Purpose) -> None:
    pile = laid(node, sheet("một"), sheet("hai có ghi chú"), sheet("hai"))
    wanted = Purpose(part.rid, part.component_id, declared_pages=2, note_pages=(2,))
    marked = assign(node.desk, "all", pile.id, wanted)
    assert [page.note for page in marked.tray.pages] == [None, "with_note", "without_note"]
    rearrange(node.desk, "all", pile.id, "note", ids(pile)[1])
    with pytest.raises(TrayMismatch):
        hand_in_pile(node.desk, "all", pile.id)
    rearrange(node.desk, "all", pile.id, "note", ids(pile)[1])
    hand_in_pile(node.desk, "all", pile.id)
    (job,) = node.store.readers.run(waiting_jobs)
    assert job.task.note_pages == (2,) and job.task.declared_pages == 2
    node.store.writer.run(
        lambda c: c.execute("UPDATE capture_job SET state = 'stopped' WHERE id = ?", (job.id,)).fetchall()
    )
    assert ids(reopen(node.desk, "all", job.id)) == ids(pile)
    assert node.store.readers.run(stopped_jobs) == []


def stopped(node: Node, part: Purpose, *contents: tuple[str, bytes]) -> Job:
    """A scan that was handed in without the tray and could not go on."""
    made = hand_in(node.desk, "all", part.rid, part.component_id, contents, declared_pages=1)
    node.store.writer.run(lambda c: stop_job(c, made, UnknownKind(name=contents[-1][0]), 1))
    (job,) = node.store.readers.run(stopped_jobs)
    return job


def test_a_stopped_scan_that_never_was_in_the_tray_is_laid_open_there_for_its_paper(node: Node, part: Purpose) -> None:
    job = stopped(node, part, ("hai.jpg", stack(sheet("một"), sheet("hai"))), ("hong.pdf", b"%PDF-1.7"))
    pile = reopen(node.desk, "all", job.id)
    lay_waiting(node.desk)
    (shown,) = piles(node)
    assert (shown.id, shown.rid, shown.component_id, shown.declared_pages) == (pile.id, part.rid, part.component_id, 1)
    assert len(shown.tray.pages) == 2 and node.store.readers.run(stopped_jobs) == []
    screen = node.store.readers.run(lambda c: read_pile(c, pile.id))
    assert [file.name for file in screen.refused] == ["hong.pdf"]
    discard_file(node.desk, "all", screen.refused[0].id)


def test_a_stopped_scan_is_put_aside_and_its_file_stays_sealed_and_in_the_backup(node: Node, part: Purpose) -> None:
    job = stopped(node, part, ("bang-luong.docx", b"PK\x03\x04 bang luong"))
    assert job.is_final and put_aside(node.desk, "all", job.id) == part.rid
    (original,) = job.task.originals
    assert node.store.readers.run(stopped_jobs) == [] and node.files.has(original.digest.hex())
    assert original.digest in node.store.readers.run(named_files)
    with pytest.raises(PileGone):
        put_aside(node.desk, "all", job.id)


def test_a_stopped_pile_that_is_put_aside_can_be_taken_back(node: Node, part: Purpose) -> None:
    pile = laid(node, sheet("một"))
    assign(node.desk, "all", pile.id, Purpose(part.rid, part.component_id, declared_pages=1))
    job = hand_in_pile(node.desk, "all", pile.id)
    node.store.writer.run(lambda c: c.execute("UPDATE capture_job SET state = 'stopped' WHERE id = ?", (job,)).fetchall())
    put_aside(node.desk, "all", job)
    assert piles(node) == [] and ids(take_back(node.desk, "all", pile.id)) == ids(pile)


def test_the_job_reads_the_pages_as_they_were_arranged(node: Node, part: Purpose) -> None:
    pile = laid(node, stack(sheet("một"), sheet("hai"), sheet("ba")))
    one, two, three = ids(pile)
    discard(node.desk, "all", pile.id, "trang thừa", two)
    rearrange(node.desk, "all", pile.id, "earlier", three)
    rearrange(node.desk, "all", pile.id, "turn_right", one)
    assign(node.desk, "all", pile.id, Purpose(part.rid, part.component_id, declared_pages=2))
    job_id = hand_in_pile(node.desk, "all", pile.id)
    task = next(job for job in node.store.readers.run(waiting_jobs) if job.id == job_id).task
    got = gather(node.files, task.originals, node.desk.sandbox, picks=task.picks)
    assert [page.source_frame for page in got.pages] == [2, 0]
    assert all(page.origin == "unchanged" for page in got.pages) and [page.turns for page in got.tray.pages] == [0, 1]
    node.store.writer.run(
        lambda c: c.execute("UPDATE capture_job SET state = 'done' WHERE id = ?", (job_id,)).fetchall()
    )
    tidy(node.desk)
    assert node.store.readers.run(lambda c: pictures_of(c, [one, three])) == {}


def test_a_classified_paper_leaves_nothing_but_the_fact_that_it_came(node: Node) -> None:
    pile = laid(node, sheet("MẬT"))
    (page_id,) = ids(pile)
    digest = node.store.readers.run(
        lambda c: c.execute(
            "SELECT digest FROM tray_file WHERE id = ?", (bytes.fromhex(page_id.partition("-")[0]),)
        ).fetchone()
    )[0]
    assert node.files.has(bytes(digest).hex())
    assert erase_pile(node.desk, "all", pile.id) == 1
    assert not node.files.has(bytes(digest).hex()) and piles(node) == []
    assert node.store.readers.run(lambda c: picture_bytes(c, page_id, "view")) is None


def test_what_was_taken_before_the_power_went_is_laid_at_the_next_start(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())
    take(node.desk, "all", "upload", [("a.jpg", sheet("một"))])
    node.close()
    again = Node(tmp_path / "node", KeyFileOnDisk(tmp_path / "node" / "unattended.key"), now=Clock())
    assert lay_waiting(again.desk) == 1 and lay_waiting(again.desk) == 0
    assert [len(pile.tray.pages) for pile in piles(again)] == [1]
    again.close()


def test_a_desk_killed_while_it_scans_has_every_page_it_called_kept(tmp_path: Path) -> None:
    root = tmp_path / "node"
    make_node(root, Clock()).close()
    command = [sys.executable, "-m", "tests.edge_node.capture.killed_desk", str(root)]
    desk = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[3])
    assert desk.stdout is not None
    told = 0
    for line in desk.stdout:
        told = int(line)
        if told == 5:  # three files are laid, the fourth and fifth wait
            desk.kill()
    desk.wait()
    again = Node(root, KeyFileOnDisk(root / "unattended.key"), now=Clock())
    lay_waiting(again.desk)
    kept = {file.name for file in again.store.readers.run(lambda c: files_in(c, "laid"))}
    assert {f"{number}.jpg" for number in range(1, told + 1)} <= kept
    pages = [page.page_id for pile in piles(again) for page in pile.tray.pages]
    assert len(pages) == len(set(pages)) == len(kept) >= 5
    again.close()


def test_the_codes_on_sheets_can_be_missed() -> None:
    """Canary: without its code a sheet is an ordinary page."""
    from edge_node.capture.marks import marks_in

    assert marks_in(["lienthong:tac", "tach", ""]) == ()
