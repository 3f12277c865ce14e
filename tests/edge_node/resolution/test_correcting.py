"""A person's identity corrected at the desk: proposed with its proof, approved by a second person, one case everywhere, nothing signed touched (D.3)."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import msgspec
import pytest

from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.errors import OtherPersonNeeded
from central_hub.cases.evidence import open_evidence
from central_hub.cases.model import read_cases
from central_hub.lookup.at_hub import ask
from edge_node.desk import Desk
from edge_node.people.officers import Officer, Officers, RoleMissing
from edge_node.resolution import settling
from edge_node.resolution.correcting import correct
from edge_node.resolution.correcting_errors import CorrectionWaits, NothingCorrected, ProofMissing, SecondPersonNeeded
from edge_node.resolution.errors import NotCustodian, NothingToSettle, SettleFirst, WhyMissing
from edge_node.resolution.service import decide
from edge_node.resolution.settling import settle
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.adapters.corrections import corrections_of
from sync_protocol.bodies import CopyCaptured, DocumentCoded, PlannedComponent
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, HubEpoch, OfficeCode
from sync_protocol.law_problems import UnreadableNumber
from sync_protocol.messages import Purpose
from sync_protocol.renumbering import recoded_by
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView
from tests.edge_node.resolution.settling_desk import desk_of
from tests.offices import Clock, Hub, Office, reception, rid

OLD, NEW = "001185012345", "001185099999"
CARD = DocumentId(b"d" * 16)
PART = ComponentId(b"c" * 16)


class Scene:
    """One dossier with one coded paper at an office of two resolving officers and a leader, and a hub."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.hub = Hub(root / "hub", self.clock)
        self.office = Office(root / "a", "n00101a", "00101", self.clock)
        self.hub.enrol(self.office)
        plan = (PlannedComponent(PART, "CCCD", "Thẻ căn cước"),)
        body = msgspec.structs.replace(reception(1, "00101", "Lê Thị Ổn", OLD), components=plan)
        copy = CopyCaptured(
            component_id=PART, document_id=CARD, pdf=BlobDigest(b"f" * 32), pdf_size=9, pages=1, images=1, officer="cb01", signer_name="x", captured_ms=1,
        )
        code = DocumentCoded(document_id=CARD, owner=OLD, procedure=body.procedure, document_type="CCCD", number_symbol="1", code=f"{OLD}.x")
        self.office.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(1), one) for one in (body, copy, code)])

    @property
    def desk(self) -> Desk:
        people = (("cb01", ("resolving",)), ("cb02", ("resolving", "intake")), ("lead", ("leader",)), ("quay", ("intake",)))
        return dataclasses.replace(desk_of(self.office), officers=Officers(tuple(Officer(one, one, roles) for one, roles in people)))  # type: ignore[arg-type]

    def exchange(self) -> None:
        for _ in range(2):
            self.clock.ms += 1_000
            asyncio.run(self.office.exchange(self.hub))

    def view(self) -> DossierView:
        found = self.office.store.readers.run(lambda c: projection.view_of(c, rid(1)))
        assert found is not None
        return found

    def at_hub(self) -> DossierView:
        found = self.hub.store.readers.run(lambda c: projection.view_of(c, rid(1)))
        assert found is not None
        return found

    def settle(self, officer: str, value: str, reason: str = "đã xem thẻ") -> None:
        (case,) = self.view().conflicts
        settle(self.desk, officer, rid(1), case.id, value, reason)

    def close(self) -> None:
        self.hub.close()
        self.office.close()


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def test_a_corrected_number_counts_once_a_second_person_approved_it_and_both_numbers_find_the_dossier(scene: Scene) -> None:
    correct(scene.desk, "cb01", rid(1), "personal_id", "001 185 099 999", proof="căn cước cấp ngày 01/02/2026", paper=CARD)
    assert scene.view().person("personal_id") == OLD and len(scene.view().conflicts) == 1
    scene.settle("cb02", NEW)
    scene.exchange()
    for view in (scene.view(), scene.at_hub()):
        assert view.person("personal_id") == NEW and view.conflicts == () and view.former_numbers == (("personal_id", OLD),)
        paper = view.document(CARD)
        assert paper is not None and paper.owner == NEW and paper.codes == (f"{OLD}.x", f"{NEW}.{view.procedure}.CCCD.1")
        assert paper.pdf == BlobDigest(b"f" * 32)
    for store in (scene.office.store, scene.hub.store):
        for number in (OLD, NEW):
            found = store.readers.run(lambda c, n=number: projection.find(c, key_for("personal_id", n)))  # type: ignore[misc]
            assert [one.rid for one in found] == [rid(1)]


def test_the_page_tells_what_stood_there_what_proves_it_who_asked_and_who_approved(scene: Scene) -> None:
    correct(scene.desk, "cb01", rid(1), "name", "Lê Thị Ớn", proof="giấy khai sinh số 12", paper=CARD)
    (waits,) = scene.office.store.readers.run(lambda c: corrections_of(c, rid(1)))
    assert (waits.former, waits.value, waits.state, waits.asked_by, waits.paper) == ("Lê Thị Ổn", "Lê Thị Ớn", "waiting", "cb01", CARD)
    assert waits.proof == f"giấy khai sinh số 12; Thẻ căn cước {OLD}.x"
    scene.settle("lead", "Lê Thị Ớn")
    (done,) = scene.office.store.readers.run(lambda c: corrections_of(c, rid(1)))
    assert (done.state, done.settled_by, done.reason) == ("approved", "lead", "đã xem thẻ")


def test_who_proposes_may_withdraw_and_not_approve(scene: Scene) -> None:
    correct(scene.desk, "cb01", rid(1), "bhxh_number", "0120345678", proof="căn cước")
    with pytest.raises(SecondPersonNeeded):
        scene.settle("cb01", "0120345678")
    with pytest.raises(RoleMissing):
        scene.settle("quay", "0120345678")
    with pytest.raises(WhyMissing):
        scene.settle("cb02", "0120345678", "  ")
    scene.settle("cb01", "")
    assert scene.view().conflicts == () and scene.view().person("bhxh_number") == ""
    (done,) = scene.office.store.readers.run(lambda c: corrections_of(c, rid(1)))
    assert done.state == "refused"
    with pytest.raises(NothingToSettle):
        settle(scene.desk, "cb02", rid(1), b"c" * 32, "0120345678", "x")


def test_a_decision_waits_for_the_second_person(scene: Scene) -> None:
    correct(scene.desk, "cb01", rid(1), "personal_id", NEW, proof="căn cước")
    with pytest.raises(SettleFirst):
        decide(scene.desk, "lead", rid(1), "granted")


def test_the_hub_settles_it_with_two_people_of_its_own_where_the_office_has_only_one(scene: Scene) -> None:
    correct(scene.desk, "cb01", rid(1), "personal_id", NEW, proof="căn cước số 1")
    scene.exchange()
    (case,) = scene.hub.store.readers.run(read_cases)
    assert case.id == scene.view().conflicts[0].id and case.kind == "identity"
    lan, minh = (Decider(name, ("conflict_officer",), HubEpoch(b"e" * 16), scene.clock()) for name in ("lan", "minh"))
    shown = scene.hub.store.writer.run(lambda c: open_evidence(c, rid(1), case.id, lan))
    assert {(one.value, one.proof) for one in shown.values} == {(OLD, ""), (NEW, "căn cước số 1")}
    scene.hub.store.writer.run(lambda c: decisions.decide(c, rid(1), case.id, NEW, "đã xem thẻ", lan))
    with pytest.raises(OtherPersonNeeded):
        scene.hub.store.writer.run(lambda c: decisions.approve(c, rid(1), case.id, lan))
    scene.hub.store.writer.run(lambda c: decisions.approve(c, rid(1), case.id, minh))
    scene.exchange()
    view = scene.view()
    paper = view.document(CARD)
    assert view.person("personal_id") == NEW and view.conflicts == () and paper is not None and paper.owner == NEW
    (done,) = scene.office.store.readers.run(lambda c: corrections_of(c, rid(1)))
    assert (done.state, done.settled_by) == ("approved", "lan+minh")


def test_what_is_not_said_or_says_nothing_is_asked_back(scene: Scene) -> None:
    with pytest.raises(ProofMissing):
        correct(scene.desk, "cb01", rid(1), "personal_id", NEW)
    with pytest.raises(ProofMissing):
        correct(scene.desk, "cb01", rid(1), "personal_id", NEW, proof="thẻ", paper=DocumentId(b"?" * 16))
    with pytest.raises(UnreadableNumber):
        correct(scene.desk, "cb01", rid(1), "personal_id", "12345", proof="thẻ")
    for field, value in (("personal_id", OLD), ("name", " "), ("tax_code", "0100109106"), ("state", "x")):
        with pytest.raises(NothingCorrected):
            correct(scene.desk, "cb01", rid(1), field, value, proof="thẻ")
    assert scene.view().conflicts == ()


def test_one_correction_of_a_field_waits_at_a_time(scene: Scene) -> None:
    correct(scene.desk, "cb01", rid(1), "personal_id", NEW, proof="thẻ")
    with pytest.raises(CorrectionWaits):
        correct(scene.desk, "cb02", rid(1), "personal_id", "001185011111", proof="thẻ")
    correct(scene.desk, "cb02", rid(1), "name", "Lê Thị Ớn", proof="thẻ")
    assert len(scene.view().conflicts) == 2


def test_only_the_office_that_resolves_the_dossier_corrects_it(scene: Scene) -> None:
    other = dataclasses.replace(scene.desk, office=OfficeCode("03401"))
    with pytest.raises(NotCustodian):
        correct(other, "cb01", rid(1), "personal_id", NEW, proof="thẻ")


def test_a_look_up_by_the_old_or_the_new_number_names_the_dossier_once(scene: Scene) -> None:
    correct(scene.desk, "cb01", rid(1), "personal_id", NEW, proof="căn cước")
    scene.settle("cb02", NEW)
    scene.exchange()
    for number in (OLD, NEW):
        found = scene.hub.store.writer.run(lambda c, n=number: ask(c, "personal_id", n, "", Purpose("00101-1", "dùng lại", "lan", "intake"), 1, None))  # type: ignore[misc]
        assert [one.rid for one in found.found] == [rid(1)]


def test_of_two_who_settle_at_once_the_second_is_told_that_it_is_settled(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    correct(scene.desk, "cb01", rid(1), "personal_id", NEW, proof="căn cước", paper=CARD)
    (case,), desk = scene.view().conflicts, scene.desk
    both = threading.Barrier(2)

    def together(view: DossierView, field: str, number: str) -> list[DocumentCoded]:
        """Each waits for the other between what it read and what it writes, unless the other stands before the door."""
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(0.3)
        return recoded_by(view, field, number)

    monkeypatch.setattr(settling, "recoded_by", together)
    with ThreadPoolExecutor(2) as pool:
        asked = [pool.submit(settle, desk, who, rid(1), case.id, value, "đã xem thẻ") for who, value in (("cb02", NEW), ("lead", OLD))]
    assert sorted(type(one.exception()).__name__ for one in asked) == ["NoneType", "NothingToSettle"]
    assert scene.view().conflicts == ()
