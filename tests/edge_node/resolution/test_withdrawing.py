"""A component that was taken back stays to be seen with its reason, and counts nowhere."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from edge_node.intake.errors import ComponentTakenBack, UnknownComponent
from edge_node.intake.service import component_of, dossier
from edge_node.resolution.errors import NotCustodian, WhyMissing
from edge_node.resolution.withdrawing import withdraw_component
from edge_node.slips.service import _still_asked, _was_handed_in
from edge_node.store.paper_lists import count_to_confirm, to_confirm
from sync_protocol.bodies import ComponentDeclared, ComponentWithdrawn, CopyCaptured, PlannedComponent, read_body
from sync_protocol.erasure import what_stays
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, OfficeCode
from sync_protocol.view import ComponentView
from tests.edge_node.resolution.settling_desk import desk_of
from tests.edge_node.resolution.taken_over import Scene
from tests.offices import reception, rid

WRONG = ComponentId(b"w" * 16)
PLANNED = PlannedComponent(WRONG, "GKS", "Giấy khai sinh")
SCANNED = CopyCaptured(
    component_id=WRONG, document_id=DocumentId(b"p" * 16), pdf=BlobDigest(b"f" * 32), pdf_size=9, pages=1, images=1, officer="cb01", signer_name="x",
    captured_ms=1,
)  # fmt: skip


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path, msgspec.structs.replace(reception(1, "00101"), components=(PLANNED,)), SCANNED)
    yield one
    one.close()


def the_part(scene: Scene) -> ComponentView:
    found = scene.view().component(WRONG)
    assert found is not None
    return found


def test_the_custodian_takes_it_back_and_every_replica_shows_why_with_the_file_kept(scene: Scene) -> None:
    count = scene.hungyen.store.readers
    assert count.run(count_to_confirm) == 1
    withdraw_component(scene.desk, "cb02", rid(1), WRONG, " giấy của người khác ")
    scene.exchange()
    view = scene.view()
    assert the_part(scene).withdrawn_reason == "giấy của người khác" and the_part(scene).documents == (SCANNED.document_id,)
    assert not view.stands(view.documents[0]) and view.documents[0].pdf == SCANNED.pdf
    assert count.run(count_to_confirm) == 0 and count.run(lambda c: to_confirm(c, 9)) == []
    line = next(one for one in view.history if one.type == "component.withdrawn")
    assert (line.office, line.actor) == ("03401", "cb02")


def test_nobody_works_on_it_any_more_nor_takes_it_back_again(scene: Scene) -> None:
    withdraw_component(scene.desk, "cb02", rid(1), WRONG, "nộp trùng")
    with pytest.raises(ComponentTakenBack) as refused:
        component_of(dossier(scene.desk, rid(1)), WRONG)
    assert "“Giấy khai sinh” đã rút khỏi hồ sơ: nộp trùng" in refused.value.clerk_sentence
    with pytest.raises(ComponentTakenBack):
        withdraw_component(scene.desk, "cb02", rid(1), WRONG, "lần nữa")


def test_only_who_has_custody_and_says_why_takes_a_component_that_is_there(scene: Scene) -> None:
    before = scene.view()
    with pytest.raises(NotCustodian):
        withdraw_component(desk_of(scene.hanoi), "cb01", rid(1), WRONG, "x")
    with pytest.raises(WhyMissing):
        withdraw_component(scene.desk, "cb02", rid(1), WRONG, " ")
    with pytest.raises(UnknownComponent):
        withdraw_component(scene.desk, "cb02", rid(1), ComponentId(b"0" * 16), "x")
    scene.exchange()
    assert scene.view() == before


def test_what_an_office_without_line_adds_meanwhile_is_not_lost(scene: Scene) -> None:
    withdraw_component(scene.desk, "cb02", rid(1), WRONG, "đính nhầm")
    again = ComponentDeclared(
        component_id=ComponentId(b"r" * 16), document_type="GKS", name="Giấy khai sinh", decision="digitize", is_supplement=True, office=OfficeCode("00101")
    )
    scene.say(scene.hanoi, again, msgspec.structs.replace(SCANNED, document_id=DocumentId(b"q" * 16)))
    scene.exchange()
    view = scene.view()
    assert len(the_part(scene).documents) == 2 and the_part(scene).withdrawn_reason and len(view.components) == 2


def test_an_order_that_erases_the_reason_does_not_put_the_paper_back() -> None:
    said = ComponentWithdrawn(component_id=WRONG, reason="giấy của bà Ẩn", officer="cb02", office=OfficeCode("03401"))
    left = read_body("component.withdrawn", 1, what_stays(said))
    assert isinstance(left, ComponentWithdrawn) and left.reason and "Ẩn" not in left.reason


def test_a_receipt_lists_it_no_more_and_its_kind_is_asked_for_until_another_stands(scene: Scene) -> None:
    assert [one for one in scene.view().components if _was_handed_in(scene.view(), one)]
    withdraw_component(scene.desk, "cb02", rid(1), WRONG, "đính nhầm")
    scene.exchange()
    view = scene.view()
    assert [one for one in view.components if _was_handed_in(view, one)] == [] and _still_asked(view) == ("Giấy khai sinh",)
    again = ComponentDeclared(component_id=ComponentId(b"r" * 16), document_type="GKS", name="Giấy khai sinh đúng", decision="digitize")
    scene.say(scene.hungyen, again)
    scene.exchange()
    assert _still_asked(scene.view()) == ("Giấy khai sinh đúng",)
