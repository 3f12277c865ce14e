"""A note by any office that has the dossier is read everywhere, with office, officer and time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.intake.corrections import open_corrections
from edge_node.intake.errors import UnknownDossier
from edge_node.people.officers import Officer, Officers, RoleMissing
from edge_node.resolution.errors import NoteRefused
from edge_node.resolution.notes import NOTE_CHARACTERS_MAX, add_note
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import NoteAdded
from sync_protocol.data_tasks import DONE
from tests.edge_node.resolution.settling_desk import desk_of
from tests.edge_node.resolution.taken_over import Scene
from tests.offices import reception, rid


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path, reception(1, "00101"), NoteAdded(text="bằng phiên bản cũ", officer="cb01", at_ms=1))
    yield one
    one.close()


def test_offices_with_and_without_custody_write_and_all_read_who_wrote_what_and_when(scene: Scene) -> None:
    add_note(desk_of(scene.hanoi), "cb01", rid(1), "  người nộp hẹn chiều thứ Năm\nở quầy 3 ")
    at_ms = scene.clock.ms
    add_note(scene.desk, "cb03", rid(1), "đã gọi điện")
    scene.exchange()
    view = scene.view()
    assert [(one.text, one.office, one.officer, one.node) for one in view.remarks] == [
        ("bằng phiên bản cũ", "", "cb01", "n00101a"),
        ("người nộp hẹn chiều thứ Năm\nở quầy 3", "00101", "cb01", "n00101a"),
        ("đã gọi điện", "03401", "cb03", "n03401a"),
    ]
    assert view.remarks[1].at_ms == at_ms and view.notes == tuple(one.text for one in view.remarks)


@pytest.mark.parametrize("text", ["", " \n ", "ẵ" * (NOTE_CHARACTERS_MAX + 1)])
def test_a_note_without_words_or_too_long_is_refused(scene: Scene, text: str) -> None:
    with pytest.raises(NoteRefused):
        add_note(scene.desk, "cb02", rid(1), text)


def test_a_note_is_of_a_dossier_that_is_here_and_of_who_works_on_dossiers(scene: Scene) -> None:
    with pytest.raises(UnknownDossier):
        add_note(scene.desk, "cb02", rid(9), "x")
    desk = scene.desk
    desk.officers = Officers((Officer("quan-tri", "Trần Văn Ẵm", ("administrator",)),))
    with pytest.raises(RoleMissing):
        add_note(desk, "quan-tri", rid(1), "x")


def test_no_note_closes_a_task_to_correct_data(scene: Scene) -> None:
    told = NoteAdded(text="Khác dữ liệu đã có. Họ tên: …", officer="cb01", at_ms=1)
    scene.hanoi.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(1), told)])
    scene.exchange()
    add_note(scene.desk, "cb02", rid(1), f"{DONE} chưa làm gì")
    assert len(scene.hungyen.store.readers.run(lambda c: open_corrections(c, scene.hungyen.office))) == 1


def test_pressed_twice_it_is_one_note_and_said_again_later_it_is_another(scene: Scene) -> None:
    for text in ("đã gọi điện", " đã gọi điện ", "không ai nghe máy", "đã gọi điện"):
        add_note(scene.desk, "cb02", rid(1), text)
    scene.clock.ms += 1_000
    add_note(desk_of(scene.hanoi), "cb01", rid(1), "đã gọi điện")
    scene.exchange()
    assert scene.view().notes == ("bằng phiên bản cũ", "đã gọi điện", "không ai nghe máy", "đã gọi điện", "đã gọi điện")
