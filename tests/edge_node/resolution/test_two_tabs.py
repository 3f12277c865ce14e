"""Two officers press at once: what the first wrote between the other's page and the other's word is seen, and nothing is said twice or over it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from edge_node.desk import Desk
from edge_node.intake.outcomes import Grounds, refuse_waiting
from edge_node.people.officers import Officer, Officers
from edge_node.resolution.errors import MoveNotAllowed, NotCustodian, NothingToSettle, SettleFirst
from edge_node.resolution.service import decide, hand_back, hand_over, move, return_result
from edge_node.resolution.settling import judge
from edge_node.store.ledger import Act, Draft, Ledger
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import DuplicateSuspected, IdentityAsserted, IntakeEnded
from sync_protocol.ids import OfficeCode
from sync_protocol.lifecycle import DossierMove
from sync_protocol.merge_pairs import key_of
from sync_protocol.view import DossierView
from tests.edge_node.resolution.settling_desk import desk_of, granted_to
from tests.offices import Clock, Office, reception, rid

ONE, WORK = rid(1), Act("cb01", "intake", "work")
FIRST, SECOND = "cb01", "cb02"


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    one.ledger.save(WORK, [Draft(ONE, reception(1, "00101"))])
    yield one
    one.close()


def desk(office: Office) -> Desk:
    made = desk_of(office)
    made.officers = Officers(tuple(Officer(one, one, ("intake", "resolving", "leader")) for one in (FIRST, SECOND)))
    made.current_catalogue = lambda: cast(Any, SimpleNamespace(procedure_version=lambda code, version: None, intake_reasons_on=lambda kind, day: ()))
    return made


def view_of(office: Office) -> DossierView:
    view = office.store.readers.run(lambda c: projection.view_of(c, ONE))
    assert view is not None
    return view


def meanwhile(monkeypatch: pytest.MonkeyPatch, what: Callable[[], object]) -> None:
    """The next act finds that this was done between what its page showed and its transaction."""
    real = Ledger.act

    def act(self: Ledger, *given: Any, **named: Any) -> Any:
        monkeypatch.setattr(Ledger, "act", real)
        what()
        return real(self, *given, **named)

    monkeypatch.setattr(Ledger, "act", act)


Press = Callable[[Desk, str], None]


def decided(at: Desk, who: str) -> None:
    decide(at, who, ONE, "granted", number_symbol=f"{who}/QĐ")


def handed(at: Desk, who: str) -> None:
    hand_over(at, who, ONE, to_section="Bộ phận nghiệp vụ")


def taken_up(at: Desk, who: str) -> None:
    move(at, who, ONE, DossierMove.TAKE_UP)


def given_out(at: Desk, who: str) -> None:
    return_result(at, who, ONE, method="counter")


@pytest.mark.parametrize(
    ("before", "press"), [((), decided), ((handed,), taken_up), ((decided,), given_out)], ids=["decide", "move", "give out"]
)
def test_of_two_who_make_one_move_at_once_the_second_is_told_and_nothing_is_left_without_effect(
    office: Office, before: Sequence[Press], press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    at = desk(office)
    for one in before:
        one(at, FIRST)
    meanwhile(monkeypatch, lambda: press(at, FIRST))
    with pytest.raises(MoveNotAllowed):
        press(at, SECOND)
    view = view_of(office)
    assert view.proposals == () and (view.decision is None or view.decision.officer == FIRST)


def test_a_decision_sees_a_case_that_was_opened_at_the_next_desk_a_moment_ago(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = Draft(ONE, IdentityAsserted(field="name", value="Trần Văn Ẵm", proof="căn cước", officer=FIRST, awaits=True))
    meanwhile(monkeypatch, lambda: office.ledger.save(WORK, [opened]))
    with pytest.raises(SettleFirst):
        decided(desk(office), SECOND)
    assert view_of(office).decision is None


@pytest.mark.parametrize("press", [decided, handed], ids=["decide", "hand over"])
def test_whoever_lost_custody_a_moment_ago_is_told_and_proposes_nothing_unaware(office: Office, press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    meanwhile(monkeypatch, lambda: granted_to(office.store, ONE, "03401"))
    with pytest.raises(NotCustodian):
        press(desk(office), SECOND)
    assert view_of(office).proposals == ()


def test_a_result_goes_back_only_while_there_is_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    at = desk(office)
    decided(at, FIRST)
    meanwhile(monkeypatch, lambda: given_out(at, FIRST))
    with pytest.raises(MoveNotAllowed):
        hand_back(at, SECOND, ONE)


def test_of_two_who_judge_a_pair_at_once_the_second_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    office.ledger.save(WORK, [Draft(ONE, DuplicateSuspected(kind="dossier", other_rid=rid(2), other_office=OfficeCode("03401"), tier=1))])
    at, pair = desk(office), key_of(view_of(office).suspicions[0])
    meanwhile(monkeypatch, lambda: judge(at, FIRST, ONE, pair, same=True, reason="một người"))
    with pytest.raises(NothingToSettle):
        judge(at, SECOND, ONE, pair, same=False, reason="hai người")
    (held,) = view_of(office).suspicions
    assert held.judged == "same" and len(held.judgements) == 1


def test_of_two_who_refuse_an_intake_at_once_the_second_is_told(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = IntakeEnded(
        outcome="supplement", procedure="1.014166", channel="in_person", office=OfficeCode("00101"), applicant=reception(2, "00101").applicant, at_ms=1,
        officer=FIRST,
    )  # fmt: skip
    office.ledger.save(WORK, [Draft(rid(2), asked)])
    at = desk(office)
    meanwhile(monkeypatch, lambda: refuse_waiting(at, FIRST, rid(2), Grounds(explanation="không thuộc thẩm quyền")))
    with pytest.raises(MoveNotAllowed):
        refuse_waiting(at, SECOND, rid(2), Grounds(explanation="không thuộc thẩm quyền"))
    view = office.store.readers.run(lambda c: projection.view_of(c, rid(2)))
    assert view is not None and view.proposals == ()


def test_a_desk_that_looks_before_its_transaction_is_noticed(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mutant: what was read before the transaction, as it was until now."""
    at = desk(office)
    stale = view_of(office)
    monkeypatch.setattr("edge_node.resolution.service.dossier_in", lambda connection, one: stale)
    meanwhile(monkeypatch, lambda: decided(at, FIRST))
    decided(at, SECOND)
    acts = office.store.readers.run(lambda c: event_log.events_of(c, ONE))
    assert [one.header.type for one in acts].count("decision.made") == 2
    assert [one.reason for one in view_of(office).proposals] == ["illegal"]
