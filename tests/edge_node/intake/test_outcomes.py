"""Intake ends in exactly one of three ways, each with its slip; a request becomes a reception when everything is there."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pypdfium2
import pytest

from edge_node.app import Node
from edge_node.intake.errors import (
    ApplicantIncomplete,
    MarkedMissing,
    NothingAsked,
    NothingToSay,
    ReasonUnknown,
)
from edge_node.intake.outcomes import Grounds, accept_supplemented, end_intake, refuse_waiting
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import dossier, dossier_by_code, receive
from edge_node.operations.overview import overview
from edge_node.people.officers import RoleMissing
from edge_node.resolution.errors import MoveNotAllowed
from edge_node.slips.service import issue_slip
from sync_protocol.bodies import Party
from sync_protocol.ids import RecordId
from tests.browser.desk import Clock, make_node
from tests.browser.officers import KEY_PASSPHRASE, give_keys

AN = Party(kind="person", name="Nguyễn Thị Ấn", personal_id="034194007325", birth_date="1994-08-14")
FORM = IntakeForm(procedure="1.014166", channel="in_person", applicant=AN, submitter="worker")
WANTING = Grounds(missing=(0,), requests=("Bản chính thẻ căn cước để đối chiếu",), reasons=("BS-THIEU",))


class Desk:
    """A node with a clock and an officer whose key is open."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.node = make_node(root / "node", self.clock)
        authority = give_keys(self.node, root / "pki")
        self.clock.at = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(
            microsecond=0
        ) + dt.timedelta(days=1)
        self.desk = self.node.desk


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    one = Desk(tmp_path_factory.mktemp("outcomes"))
    yield one
    one.node.close()


def asked(node: Node) -> RecordId:
    return end_intake(node.desk, "all", FORM, "supplement", WANTING)


def text_of(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return " ".join(document[0].get_textpage().get_text_bounded().split())


def test_a_request_for_papers_has_no_code_no_deadline_and_its_own_slip(place: Desk) -> None:
    rid = asked(place.node)
    view = dossier(place.desk, rid)
    assert view.state == "supplement_at_intake" and view.code == "" and view.due_date == ""
    assert dossier_by_code(place.desk, view.reference).rid == rid
    place.node.open_key("all", KEY_PASSPHRASE)
    slip = issue_slip(place.desk, "all", rid, "02", place.node.key_of("all"), office=place.node.settings)
    text = text_of(slip.content)
    assert (
        view.components[0].name in text
        and "Bản chính thẻ căn cước" in text
        and "Thiếu giấy tờ trong thành phần" in text
    )
    assert slip.number == f"{view.reference}/02.1" and slip.number in text


def test_a_refusal_says_its_reasons_on_its_slip_and_ends_the_dossier(place: Desk) -> None:
    grounds = Grounds(reasons=("TC-THAM-QUYEN",), explanation="Nộp tại cơ quan thuế nơi cư trú.")
    rid = end_intake(place.desk, "all", FORM, "refused", grounds)
    view = dossier(place.desk, rid)
    assert view.state == "refused" and view.intakes[0].reasons[0].startswith("Hồ sơ thuộc thẩm quyền")
    place.node.open_key("all", KEY_PASSPHRASE)
    slip = issue_slip(place.desk, "all", rid, "03", place.node.key_of("all"), office=place.node.settings)
    text = text_of(slip.content)
    assert "thẩm quyền của cơ quan khác" in text and "Nộp tại cơ quan thuế nơi cư trú." in text
    with pytest.raises(MoveNotAllowed):
        accept_supplemented(place.desk, "all", rid)


def test_a_complete_supplement_takes_a_code_and_counts_from_that_day(place: Desk) -> None:
    rid = asked(place.node)
    reference = dossier(place.desk, rid).reference
    before = dossier(place.desk, rid).presented_ms
    place.clock.at += dt.timedelta(days=5)
    got = accept_supplemented(place.desk, "all", rid)
    again = accept_once_more(place, rid)
    view = dossier(place.desk, rid)
    direct = receive(place.desk, "all", FORM)
    assert got.code and got.code == view.code and view.state == "received" and got.due_date == direct.due_date
    assert view.received_ms == place.desk.now_ms() > before == view.presented_ms
    assert {one.component_id for one in got.components} == {one.component_id for one in view.components}
    assert dossier_by_code(place.desk, reference).rid == dossier_by_code(place.desk, got.code).rid == rid
    assert again == "MoveNotAllowed" and not view.conflicts


def accept_once_more(place: Desk, rid: RecordId) -> str:
    try:
        accept_supplemented(place.desk, "all", rid)
    except MoveNotAllowed as problem:
        return type(problem).__name__
    return ""


def test_a_person_who_brings_nothing_more_is_refused_from_the_request(place: Desk) -> None:
    rid = asked(place.node)
    with pytest.raises(NothingToSay):
        refuse_waiting(place.desk, "all", rid, Grounds())
    refuse_waiting(place.desk, "all", rid, Grounds(reasons=("TC-KHONG-BO-SUNG",)))
    view = dossier(place.desk, rid)
    assert view.state == "refused" and [one.outcome for one in view.intakes] == ["supplement", "refused"]


def test_a_form_sent_twice_makes_one_dossier_whichever_way_it_ends(place: Desk) -> None:
    first = receive(place.desk, "all", FORM, form_id=b"1" * 16)
    second = receive(place.desk, "all", FORM, form_id=b"1" * 16)
    asked_twice = {end_intake(place.desk, "all", FORM, "supplement", WANTING, form_id=b"2" * 16) for _ in range(2)}
    crossed = end_intake(place.desk, "all", FORM, "supplement", WANTING, form_id=b"1" * 16)
    assert first.rid == second.rid == crossed and first.code == second.code and len(asked_twice) == 1
    assert receive(place.desk, "all", FORM).rid != receive(place.desk, "all", FORM).rid, (
        "without a number every call is its own"
    )


@pytest.mark.parametrize(
    ("outcome", "grounds", "problem"),
    [
        ("supplement", Grounds(), NothingAsked),
        ("supplement", Grounds(reasons=("BS-THIEU",)), NothingAsked),
        ("supplement", Grounds(missing=(999,)), NothingAsked),
        ("refused", Grounds(missing=(0,)), NothingToSay),
        ("refused", Grounds(reasons=("BS-THIEU",)), ReasonUnknown),
        ("supplement", Grounds(missing=(0,), reasons=("TC-THAM-QUYEN",)), ReasonUnknown),
    ],
)
def test_an_ending_without_its_grounds_is_none(
    place: Desk, outcome: str, grounds: Grounds, problem: type[Exception]
) -> None:
    before = place.node.head()
    with pytest.raises(problem):
        end_intake(place.desk, "all", FORM, outcome, grounds)  # type: ignore[arg-type]
    assert place.node.head() == before


def test_who_may_not_take_in_may_not_refuse_either(place: Desk) -> None:
    with pytest.raises(RoleMissing):
        end_intake(place.desk, "only-leader", FORM, "refused", Grounds(explanation="x"))
    with pytest.raises(RoleMissing):
        accept_supplemented(place.desk, "only-resolving", asked(place.node))
    nobody = msgspec.structs.replace(FORM, applicant=Party(kind="person", name=" "))
    with pytest.raises(ApplicantIncomplete):
        end_intake(place.desk, "all", nobody, "supplement", WANTING)


def test_a_dossier_marked_incomplete_is_not_accepted_by_a_slip_of_the_finger(place: Desk) -> None:
    before = place.node.head()
    with pytest.raises(MarkedMissing, match="INT-012"):
        receive(place.desk, "all", FORM, missing=2)
    assert place.node.head() == before


def test_endings_are_counted_beside_the_dossiers(place: Desk) -> None:
    before = place.node.store.readers.run(overview).counts
    asked(place.node)
    end_intake(place.desk, "all", FORM, "refused", Grounds(explanation="Không thuộc ngành"))
    after = place.node.store.readers.run(overview).counts
    assert (
        after["intake_waiting"] - before["intake_waiting"] == 1
        and after["intake_refused"] - before["intake_refused"] == 1
    )
