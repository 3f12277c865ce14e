"""Cases across offices: one for each disagreement, settled by people, closed at every replica, and never by one person alone for identity."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from central_hub.app import Hub
from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.errors import (
    CaseClosed,
    CaseHeld,
    CaseReasonMissing,
    ChoiceUnknown,
    DecisionSettled,
    OtherPersonNeeded,
)
from central_hub.cases.model import DAY_MS, Case, read_cases
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import (
    DecisionMade,
    DecisionReopened,
    IdentityAsserted,
    NoteAdded,
    StatusMoved,
)
from sync_protocol.ids import GENESIS, HubEpoch, OfficeCode
from sync_protocol.merge import fold
from tests.browser.desk import Clock
from tests.browser.hub import client_of, make_hub
from tests.central_hub.cases.heard import say
from tests.offices import reception, rid

EPOCH = HubEpoch(b"e" * 16)
NUMBER = "001185000001"


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    yield one
    one.store.close()


def double_filing(hub: Hub) -> Case:
    """The same person files the same at two offices."""
    for number, office in ((1, "00101"), (2, "03401")):
        body = reception(number, office, "Lê Thị Ổn", NUMBER)
        hub.store.writer.run(lambda c, n=number, o=office, b=body: say(c, hub, n, o, b))  # type: ignore[misc]
    return next(one for one in hub.store.readers.run(read_cases) if one.kind == "dossier")


def two_names(hub: Hub) -> Case:
    """Two offices write different names in one dossier."""
    first = hub.store.writer.run(lambda c: say(c, hub, 3, "00101", reception(3, "00101", "Lê Thị Ổn", "001185000009")))
    body = IdentityAsserted(field="name", value="Lê Thị Ơn", proof="căn cước", officer="cb")
    hub.store.writer.run(lambda c: say(c, hub, 3, "03401", body))
    assert first
    return next(one for one in hub.store.readers.run(read_cases) if one.kind == "identity")


def person(hub: Hub, account: str = "lan") -> Decider:
    return Decider(account, ("conflict_officer",), hub.identity.epoch, hub.now_ms())


def test_a_pair_is_one_case_from_both_sides_and_its_decision_closes_both(hub: Hub) -> None:
    case = double_filing(hub)
    assert len([one for one in hub.store.readers.run(read_cases) if one.kind == "dossier"]) == 1 and case.offices == (
        "00101",
        "03401",
    )
    assert case.pair is not None
    other = case.pair.other_rid
    _, news = hub.store.writer.run(
        lambda c: decisions.decide(c, other, case.id, "not_same", "hai con khác nhau", person(hub))
    )
    assert news == {"00101", "03401"} and hub.store.readers.run(read_cases) == []
    for number in (1, 2):
        view = hub.store.readers.run(lambda c, n=number: projection.view_of(c, rid(n)))  # type: ignore[misc]
        assert view is not None and [one.judged for one in view.suspicions] == ["not_same"]
        events = hub.store.readers.run(lambda c, n=number: event_log.events_of(c, rid(n)))  # type: ignore[misc]
        assert fold(rid(number), reversed(events)) == view  # any replica that holds the events sees it closed


def test_a_persons_name_needs_two_people_and_the_event_comes_with_the_second(hub: Hub) -> None:
    case = two_names(hub)

    def settle(officer: str) -> object:
        return hub.store.writer.run(lambda c: decisions.approve(c, case.rid, case.id, person(hub, officer)))

    with pytest.raises(DecisionSettled):
        settle("minh")
    state, news = hub.store.writer.run(
        lambda c: decisions.decide(c, case.rid, case.id, "Lê Thị Ơn", "căn cước", person(hub))
    )
    assert (state, news) == ("waiting", set()) and hub.store.readers.run(read_cases)[0].waits_for_approval
    with pytest.raises(OtherPersonNeeded):
        settle("LAN")
    assert settle("minh") == {"00101", "03401"}
    view = hub.store.readers.run(lambda c: projection.view_of(c, case.rid))
    assert (
        view is not None
        and view.person("name") == "Lê Thị Ơn"
        and not view.conflicts
        and hub.store.readers.run(read_cases) == []
    )
    with pytest.raises(DecisionSettled):
        settle("minh")


def test_a_proposal_that_no_longer_fits_is_not_written(hub: Hub) -> None:
    case = two_names(hub)
    hub.store.writer.run(lambda c: decisions.decide(c, case.rid, case.id, "Lê Thị Ơn", "căn cước", person(hub)))
    body = IdentityAsserted(field="name", value="Lê Thị Ôn", proof="", officer="cb")
    hub.store.writer.run(lambda c: say(c, hub, 3, "07906", body))
    with pytest.raises(CaseClosed):
        hub.store.writer.run(lambda c: decisions.approve(c, case.rid, case.id, person(hub, "minh")))
    hub.store.writer.run(lambda c: decisions.withdraw(c, case.rid, case.id, person(hub, "minh")))
    assert hub.store.readers.run(read_cases)[0].conflict.values == ("Lê Thị Ôn", "Lê Thị Ơn", "Lê Thị Ổn")  # type: ignore[union-attr]


def test_a_decision_needs_a_reason_a_known_value_and_the_holder(hub: Hub) -> None:
    case = double_filing(hub)

    def decide(choice: str, reason: str, officer: str = "lan") -> None:
        hub.store.writer.run(lambda c: decisions.decide(c, case.rid, case.id, choice, reason, person(hub, officer)))

    with pytest.raises(CaseReasonMissing):
        decide("same", "  ")
    with pytest.raises(ChoiceUnknown):
        decide("maybe", "x")
    hub.store.writer.run(lambda c: decisions.take(c, case.rid, case.id, person(hub, "minh")))
    with pytest.raises(CaseHeld):
        decide("same", "x")
    decide("same", "x", "minh")
    with pytest.raises(CaseClosed):
        decide("same", "x", "minh")


def test_a_case_grows_old_and_is_escalated(hub: Hub) -> None:
    case = double_filing(hub)
    assert case.opened_ms == hub.now_ms() and case.age_days(hub.now_ms() + DAY_MS - 1) == 0
    assert not case.is_escalated(hub.now_ms() + 5 * DAY_MS - 1, 5) and case.is_escalated(hub.now_ms() + 5 * DAY_MS, 5)


def test_the_evidence_is_side_by_side_masked_and_logged_for_both_dossiers(hub: Hub) -> None:
    case = double_filing(hub)
    client = client_of(hub, "auditor")
    assert "chưa ai nhận" in client.get("/cases").text
    text = client.get(f"/cases/{case.rid.hex()}/{case.id.hex()}").text
    assert "00101-261122-0001" in text and "03401-261122-0002" in text and "khác nhau" in text
    assert NUMBER not in text and "0011••••0001" in text and 'name="choice"' not in text
    rows = hub.store.readers.run(
        lambda c: c.execute("SELECT officer, what, rid FROM audit WHERE what = 'case.open'").fetchall()
    )
    assert sorted(rows) == [("auditor", "case.open", rid(1)), ("auditor", "case.open", rid(2))]


def test_a_list_of_cases_says_how_many_dossiers_have_some_and_where_it_ends(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    double_filing(hub)
    client = client_of(hub, "auditor")
    page = client.get("/cases").text
    assert "Hồ sơ đang có việc: 2." in page and "nhận sớm nhất" not in page
    monkeypatch.setattr("central_hub.cases.web_routes.DOSSIERS_MAX", 1)
    assert "việc của 1 hồ sơ nhận sớm nhất" in client.get("/cases").text


def test_an_officer_decides_on_the_page_and_an_unsettled_form_keeps_what_was_typed(hub: Hub) -> None:
    case = two_names(hub)
    client = client_of(hub, "conflict_officer")
    here = f"/cases/{case.rid.hex()}/{case.id.hex()}"

    def post(way: str, who: TestClient[Litestar], **data: str) -> object:
        return who.post(f"{here}/{way}", data={"_csrf_token": who.cookies["form"], **data}, follow_redirects=False)

    refused = post("decide", client, choice="Tên lạ", reason="căn cước mới")
    assert "CAS-004" in refused.text and 'value="căn cước mới"' in refused.text  # type: ignore[attr-defined]
    assert post("decide", client, choice="Lê Thị Ơn", reason="căn cước mới").status_code == 303  # type: ignore[attr-defined]
    assert "Chờ người thứ hai duyệt" in client.get("/cases").text
    leader = client_of(hub, "leader")
    assert re.search(r"Duyệt và gửi", leader.get(here).text)
    assert post("approve", leader).status_code == 303  # type: ignore[attr-defined]
    assert "Không có việc nào" in leader.get("/cases").text
    assert "CAS-001" in client.get(here).text


def test_a_file_of_another_dossier_is_not_handed_out_by_a_case(hub: Hub) -> None:
    case = double_filing(hub)
    answer = client_of(hub, "conflict_officer").get(f"/cases/{case.rid.hex()}/{case.id.hex()}/files/{'ab' * 32}")
    assert answer.status_code == 403 and "HUB-005" in answer.text


def test_a_move_without_effect_and_what_was_reopened_are_told_in_words_and_not_settled_here(hub: Hub) -> None:
    office = OfficeCode("00101")
    told = [
        reception(1, "00101", "Lê Thị Ổn", NUMBER),
        DecisionMade(outcome="granted", office=office, officer="cb", decided_ms=1_795_000_000_000, number_symbol="12/QĐ"),
        DecisionReopened(office=office, officer="ld", reason="lý do riêng của bà Ổn", at_ms=1_795_000_000_000),
        StatusMoved(move="answer", office=office, officer="cb", at_ms=1),
        NoteAdded(text="ghi chú riêng của bà Ổn", office=office, officer="cb", at_ms=1),
    ]
    prev = GENESIS
    for seq, body in enumerate(told, start=1):
        prev = hub.store.writer.run(lambda c, s=seq, b=body, p=prev: say(c, hub, 1, "00101", b, s, p, None if s == 1 else 0))  # type: ignore[misc]
    (case,) = hub.store.readers.run(read_cases)
    page = client_of(hub, "conflict_officer")
    listed, shown = page.get("/cases").text, page.get(f"/cases/{case.rid.hex()}/{case.id.hex()}").text
    assert "Bước “Đã có trả lời, xử lý tiếp” chưa có hiệu lực" in listed and "Trung tâm chỉ theo dõi" in shown
    assert "trạng thái hồ sơ lúc đó không cho phép" in shown and "/decide" not in shown
    dossier = client_of(hub, "auditor").get(f"/dossiers/{case.rid.hex()}").text
    assert "Kết quả trước: Giải quyết, số 12/QĐ" in dossier and "bà Ổn" not in dossier
