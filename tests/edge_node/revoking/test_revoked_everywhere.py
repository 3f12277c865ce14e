"""A paper is revoked at one office: every replica shows it, and the open dossiers that reuse it anywhere are told and decided once (D.4)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_node.desk import Desk
from edge_node.intake.reuse import on_file
from edge_node.people.officers import Officer, Officers, RoleMissing
from edge_node.resolution.errors import NotCustodian, NothingToSettle, SettleFirst, WhyMissing
from edge_node.resolution.service import decide
from edge_node.review.errors import UnknownDocument
from edge_node.review.service import confirm
from edge_node.revoking.errors import (
    NotItsAuthority,
    PaperRevoked,
    RevokedAlready,
    WhyAndSure,
)
from edge_node.revoking.reuses import keep_reuse, withdraw_reuse
from edge_node.revoking.service import revokable, revoke
from edge_node.store.ledger import Draft
from sync_protocol.adapters import event_log
from sync_protocol.adapters.worklist import open_cases
from sync_protocol.bodies import ComponentDeclared, Party, ReuseSource, SourceRevoked, StatusMoved
from sync_protocol.cases import RevokedReuse
from sync_protocol.ids import ComponentId, DocumentId, OfficeCode, RecordId
from sync_protocol.view import encode_view
from tests.central_hub.ingest.papers_of_two import FORM, PERSON, WORK, Scene
from tests.edge_node.resolution.settling_desk import desk_of
from tests.offices import reception, rid

PART = ComponentId(b"dung lai" * 2)


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def desk(scene: Scene, number: int) -> Desk:
    """The desk of the office that received dossier `number`."""
    return desk_of(scene.offices[number % 2], "cb01")


def line(scene: Scene, *order: int) -> None:
    """Both offices have a line, twice, in this order."""
    for which in order or (1, 0, 1, 0):
        scene.clock.ms += 1_000
        asyncio.run(scene.offices[which].exchange(scene.hub))


def on_paper(scene: Scene, number: int = 1) -> DocumentId:
    """A coded paper in dossier `number`."""
    paper = scene.paper(number, symbol="12/KS", confirmed=FORM)
    scene.clock.ms += 1_000
    return paper


def reused(scene: Scene, number: int, paper: DocumentId, *, source: int = 1, is_received: bool = False) -> None:
    """Dossier `number` is received, and takes a paper of dossier `source` instead of asking for it."""
    office = scene.offices[number % 2]
    declared = ComponentDeclared(
        component_id=PART, document_type="tk1", name="Tờ khai", decision="reused", rule="5.1", office=office.office,
        source=ReuseSource(rid(source), paper, "x"),
    )  # fmt: skip
    received = msgspec.structs.replace(reception(number, office.office, personal_id=f"0011850{number:05d}"), procedure=f"1.{number:06d}")
    bodies: list[msgspec.Struct] = [declared] if is_received else [received, declared]
    office.ledger.save(WORK, [Draft(rid(number), one) for one in bodies])


def cases(scene: Scene, number: int) -> tuple[RevokedReuse, ...]:
    """The open cases of a dossier, which desk and hub show alike."""
    assert encode_view(scene.at_desk(number)) == encode_view(scene.at_hub(number))
    return scene.at_desk(number).open_reuses


def waiting(scene: Scene, number: int) -> set[RecordId]:
    """The dossiers with something to settle at the office of dossier `number`."""
    return {one.rid for one in scene.offices[number % 2].store.readers.run(open_cases)}


def tellings(scene: Scene, number: int) -> int:
    return sum(1 for one in scene.hub.store.readers.run(lambda c: event_log.events_of(c, rid(number))) if one.header.type == "source.revoked")


def call_in(scene: Scene, paper: DocumentId, number: int = 1, reason: str = "cấp sai đối tượng") -> None:
    revoke(desk(scene, number), "cb01", rid(number), paper, reason=reason, sure=True)


def test_a_paper_revoked_without_a_line_is_revoked_everywhere_once_there_is_one(scene: Scene) -> None:
    paper = on_paper(scene)
    call_in(scene, paper)
    shown = scene.at_desk(1).document(paper)
    assert shown is not None and shown.revoked is not None
    assert (shown.revoked.office, shown.revoked.officer, shown.revoked.at_ms, shown.revoked_reason) == ("00101", "cb01", scene.clock.ms, "cấp sai đối tượng")
    line(scene)
    assert encode_view(scene.at_desk(1)) == encode_view(scene.at_hub(1))
    party = Party(kind="person", name="x", personal_id=PERSON)
    assert scene.offices[1].store.readers.run(lambda c: on_file(c, party, "tk1")) == [], "nobody reuses it any more"


def test_pressing_again_says_that_it_is_revoked_already_and_writes_nothing(scene: Scene) -> None:
    paper = on_paper(scene)
    call_in(scene, paper)
    before = scene.offices[1].store.readers.run(lambda c: c.execute("SELECT count(*) FROM event").fetchall())
    with pytest.raises(RevokedAlready) as said:
        call_in(scene, paper)
    assert "00101" in said.value.clerk_sentence
    assert scene.offices[1].store.readers.run(lambda c: c.execute("SELECT count(*) FROM event").fetchall()) == before
    assert revokable(desk(scene, 1), scene.at_desk(1)) == frozenset()


def test_without_reason_or_confirmation_or_role_nothing_is_revoked(scene: Scene) -> None:
    paper = on_paper(scene)
    for reason, sure in (("", True), ("  ", True), ("cấp sai", False)):
        with pytest.raises(WhyAndSure):
            revoke(desk(scene, 1), "cb01", rid(1), paper, reason=reason, sure=sure)
    clerk = desk(scene, 1)
    clerk.officers = Officers((Officer("cb01", "x", ("intake", "clerk")),))
    with pytest.raises(RoleMissing):
        revoke(clerk, "cb01", rid(1), paper, reason="x", sure=True)
    with pytest.raises(UnknownDocument):
        revoke(desk(scene, 1), "cb01", rid(1), DocumentId(b"?" * 16), reason="x", sure=True)
    assert scene.at_desk(1).documents[0].revoked is None and revokable(desk(scene, 1), scene.at_desk(1)) == {paper}


def test_an_office_that_only_follows_the_dossier_is_refused(scene: Scene) -> None:
    paper = on_paper(scene)
    scene.offices[0].ledger.save(WORK, [Draft(rid(1), ComponentDeclared(
        component_id=PART, document_type="tk1", name="Bổ sung", decision="waived", office=OfficeCode("03401")))])  # fmt: skip
    line(scene)
    line(scene)
    with pytest.raises(NotItsAuthority) as said:
        revoke(desk(scene, 2), "cb01", rid(1), paper, reason="x", sure=True)
    assert "00101" in said.value.clerk_sentence


def test_a_revoked_paper_says_what_it_said(scene: Scene) -> None:
    paper = on_paper(scene)
    call_in(scene, paper)
    with pytest.raises(PaperRevoked):
        confirm(desk(scene, 1), "cb01", rid(1), paper, role="resolving", typed={"number_symbol": "99"})


def test_an_open_dossier_of_another_office_that_reuses_the_paper_is_told_once(scene: Scene) -> None:
    paper = on_paper(scene)
    reused(scene, 2, paper)
    line(scene)
    assert cases(scene, 2) == () and waiting(scene, 2) == set()
    call_in(scene, paper)
    line(scene)
    (one,) = cases(scene, 2)
    assert (one.component_id, one.source.document_id, one.office, one.officer, one.reason) == (PART, paper, "00101", "cb01", "cấp sai đối tượng")
    component = scene.at_desk(2).component(PART)
    assert component is not None and component.state == "revoked"
    assert waiting(scene, 2) == {rid(2)} and waiting(scene, 1) == set()
    line(scene)
    assert tellings(scene, 2) == 1


def test_who_reuses_a_paper_that_was_revoked_meanwhile_is_told_when_that_arrives(scene: Scene) -> None:
    paper = on_paper(scene)
    call_in(scene, paper)
    line(scene)
    reused(scene, 2, paper)  # the other office knew nothing of it
    line(scene)
    assert len(cases(scene, 2)) == 1 and tellings(scene, 2) == 1


def test_the_own_office_s_dossier_is_told_at_once_without_a_line_and_not_again_by_the_hub(scene: Scene) -> None:
    paper = on_paper(scene)
    reused(scene, 3, paper)
    call_in(scene, paper)
    (alone,) = scene.at_desk(3).open_reuses
    line(scene)
    assert cases(scene, 3) == (alone,) and tellings(scene, 3) == 1


@pytest.mark.parametrize("way", [keep_reuse, withdraw_reuse])
def test_the_resolving_officer_s_decision_closes_it_at_the_desk_and_at_the_hub(scene: Scene, way: object) -> None:
    paper = on_paper(scene)
    reused(scene, 2, paper)
    line(scene)
    call_in(scene, paper)
    line(scene)
    (one,) = cases(scene, 2)
    with pytest.raises(SettleFirst):
        decide(_leading(scene, 2), "cb01", rid(2), "granted")
    with pytest.raises(WhyMissing):
        way(desk(scene, 2), "cb01", rid(2), one.id, " ")  # type: ignore[operator]
    way(desk(scene, 2), "cb01", rid(2), one.id, "đã xem bản gốc")  # type: ignore[operator]
    assert waiting(scene, 2) == set()
    with pytest.raises(NothingToSettle):
        way(desk(scene, 2), "cb01", rid(2), one.id, "lần nữa")  # type: ignore[operator]
    line(scene)
    assert cases(scene, 2) == () and tellings(scene, 2) == 1
    component = scene.at_desk(2).component(PART)
    assert component is not None
    if way is keep_reuse:
        (kept,) = scene.at_desk(2).reuses
        assert (kept.kept_office, kept.kept_by, kept.kept_reason) == ("03401", "cb01", "đã xem bản gốc")
        assert component.state == "reused"
    else:
        assert component.withdrawn_reason == "đã xem bản gốc"


def test_only_the_custodian_decides(scene: Scene) -> None:
    paper = on_paper(scene)
    reused(scene, 2, paper)
    scene.offices[1].ledger.save(WORK, [Draft(rid(2), ComponentDeclared(
        component_id=ComponentId(b"9" * 16), document_type="tk1", name="Bổ sung", decision="waived", office=OfficeCode("00101")))])  # fmt: skip
    line(scene)
    call_in(scene, paper)
    line(scene)
    (one,) = cases(scene, 2)
    with pytest.raises(NotCustodian):
        keep_reuse(desk(scene, 1), "cb01", rid(2), one.id, "x")


def test_a_dossier_that_is_over_is_not_told(scene: Scene) -> None:
    paper = on_paper(scene)
    reused(scene, 2, paper)
    scene.offices[0].ledger.save(WORK, [Draft(rid(2), StatusMoved(move="withdraw", office=OfficeCode("03401"), officer="cb01", at_ms=1), fence=0)])
    line(scene)
    assert scene.at_desk(2).state == "withdrawn"
    call_in(scene, paper)
    line(scene)
    assert cases(scene, 2) == () and tellings(scene, 2) == 0


def test_an_office_cannot_tell_of_another_office_s_revocation(scene: Scene) -> None:
    paper = on_paper(scene)
    reused(scene, 2, paper)
    line(scene)
    said = SourceRevoked(source=rid(1), document_id=paper, authority=OfficeCode("00101"), officer="x", reason="x", at_ms=1, office=OfficeCode("03401"))
    scene.offices[0].ledger.save(WORK, [Draft(rid(2), said)])
    line(scene)
    assert cases(scene, 2) == ()


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.permutations(("reuse", "revoke", "line here", "line there")))
def test_in_whatever_order_it_happens_one_case_is_open_at_the_end_and_one_telling_written(
    tmp_path_factory: pytest.TempPathFactory, order: list[str]
) -> None:
    scene = Scene(tmp_path_factory.mktemp("scene"))
    try:
        paper = on_paper(scene)
        steps = {
            "reuse": lambda: reused(scene, 2, paper), "revoke": lambda: call_in(scene, paper), "line here": lambda: line(scene, 1),
            "line there": lambda: line(scene, 0),
        }  # fmt: skip
        for one in order:
            steps[one]()
        line(scene)
        assert len(cases(scene, 2)) == 1 and tellings(scene, 2) == 1
    finally:
        scene.close()


def _leading(scene: Scene, number: int) -> Desk:
    found = desk(scene, number)
    officers = found.officers.all()
    found.officers = type(found.officers)(tuple(msgspec.structs.replace(one, roles=("resolving", "leader")) for one in officers))
    return found
