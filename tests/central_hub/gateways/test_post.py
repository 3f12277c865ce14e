"""The post over real HTTP: what is told, in which order, what happens when the other side is away, locked, mad, or says no."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from central_hub.gateways import arrivals, mailbox, portal
from central_hub.gateways.backoff import LAST_MS, wait_ms
from central_hub.gateways.errors import LetterSettled
from central_hub.gateways.gathering import gather
from sync_protocol.adapters import event_log, projection
from sync_protocol.lifecycle import DossierState
from tests.central_hub.gateways.post_office import PostOffice, application
from tests.doubles.outside import Outside, serving
from tests.offices import rid

CODE = "00101-261122-0001"
NAME, NUMBER = "Lê Thị Ổn", "001185000001"


@pytest.fixture
def outside() -> Iterator[Outside]:
    with serving(Outside()) as one:
        one.answers[portal.POLL_PATH] = {"HoSo": [], "Moc": ""}
        yield one


@pytest.fixture
def office(tmp_path: Path, outside: Outside) -> Iterator[PostOffice]:
    one = PostOffice(tmp_path, outside, "portal")
    yield one
    one.hub.store.close()


def receive(office: PostOffice, number: int = 1) -> None:
    office.receive(number, NAME, NUMBER)


def states_told(outside: Outside) -> list[tuple[str, str]]:
    return [(one["MaHoSo"], one["TrangThai"]) for one in outside.bodies(portal.STATUS_PATH)]


def test_every_state_of_a_dossier_has_a_word_at_the_portal() -> None:
    assert set(portal.STATES) == {one.value for one in DossierState}
    assert set(portal.STATES.values()) <= set(portal.LABELS) and len(portal.LABELS) == 10


def test_a_state_is_told_once_with_a_key_and_without_a_person(office: PostOffice, outside: Outside) -> None:
    receive(office)
    office.run()
    office.run()
    assert states_told(outside) == [(CODE, "2")]
    _, body, headers = next(one for one in outside.asked if one[0] == portal.STATUS_PATH)
    assert headers["authorization"] == "Bearer secret-token" and headers["idempotency-key"] == "lienthong-1"
    assert NAME not in json.dumps(body, ensure_ascii=False) and NUMBER not in json.dumps(body)


def test_what_happened_before_a_gateway_was_switched_on_is_not_told(tmp_path: Path, outside: Outside) -> None:
    late = PostOffice(tmp_path, outside)
    receive(late)
    assert late.hub.store.writer.run(lambda c: gather(c, "portal", 1)) == 0
    late.receive(2, "Trần Văn Ổi", "001185000002")
    assert late.hub.store.writer.run(lambda c: gather(c, "portal", 1)) > 0
    assert late.rows("SELECT subject FROM gateway_letter") == [("00101-261122-0002",)]
    late.hub.store.close()


def test_a_portal_that_is_away_costs_nothing_but_time(office: PostOffice, outside: Outside) -> None:
    outside.status = 503
    receive(office)
    office.run()
    (letter,) = office.hub.store.readers.run(mailbox.open_letters)
    assert (letter.state, letter.problem, letter.tries) == (
        "waiting",
        "GWY-001",
        1,
    ) and letter.next_ms > office.hub.now_ms()
    asked = len(states_told(outside))
    office.run()
    assert len(states_told(outside)) == asked
    outside.status = 200
    office.later(2)
    office.run()
    assert office.hub.store.readers.run(mailbox.open_letters) == []


def test_waits_grow_are_spread_and_never_exceed_an_hour() -> None:
    waits = [wait_ms(tries, 1.0) for tries in range(1, 12)]
    assert waits == sorted(waits) and waits[-1] == LAST_MS
    assert all(wait_ms(tries, 0.0) * 2 == wait_ms(tries, 1.0) for tries in range(1, 12))


def test_a_refused_letter_lies_apart_and_the_next_one_goes(office: PostOffice, outside: Outside) -> None:
    outside.refuses = CODE
    receive(office, 1)
    receive(office, 2)
    office.run()
    (dead,) = office.hub.store.readers.run(mailbox.open_letters)
    assert (dead.state, dead.problem, dead.subject) == ("dead", "GWY-003", CODE)
    assert ("00101-261122-0002", "2") in states_told(outside)
    outside.refuses = ""
    office.hub.store.writer.run(lambda c: mailbox.try_now(c, dead.id, office.hub.now_ms()))
    office.run()
    assert office.hub.store.readers.run(mailbox.open_letters) == []
    with pytest.raises(LetterSettled):
        office.hub.store.writer.run(lambda c: mailbox.drop(c, dead.id, "x", 1))


@pytest.mark.parametrize(
    ("status", "raw", "code"),
    [(403, b"{}", "GWY-002"), (200, b"<html>", "GWY-004"), (302, b"", "GWY-001"), (429, b"", "GWY-001")],
)
def test_each_way_to_fail_has_its_code_and_keeps_the_letter(
    office: PostOffice, outside: Outside, status: int, raw: bytes, code: str
) -> None:
    outside.status, outside.raw = status, raw
    receive(office)
    office.run(2)
    assert [(one.state, one.problem) for one in office.hub.store.readers.run(mailbox.open_letters)] == [
        ("waiting", code)
    ]


def test_letters_of_one_dossier_never_overtake_each_other(office: PostOffice) -> None:
    def write(c: object) -> None:
        for content in ('{"state":2,"at_ms":1}', '{"state":4,"at_ms":2}'):
            mailbox.write(c, "portal", rid(7), "x", content, 1)  # type: ignore[arg-type]
        first = mailbox.due(c, "portal", 1)  # type: ignore[arg-type]
        assert first is not None
        mailbox.put_off(c, first, "GWY-001", 1, 1.0)  # type: ignore[arg-type]

    office.hub.store.writer.run(write)
    assert office.hub.store.readers.run(lambda c: mailbox.due(c, "portal", 2)) is None


def test_an_application_reaches_the_office_and_only_the_office(office: PostOffice, outside: Outside) -> None:
    outside.answers[portal.POLL_PATH] = {"HoSo": [application("DVC-1")], "Moc": "17"}
    office.later(2)
    office.run()
    view = office.hub.store.readers.run(lambda c: projection.view_of(c, arrivals.record_of("DVC-1")))
    assert view is not None and view.application is not None and not view.is_whole
    assert (view.application.office, view.application.applicant.name, view.application.papers) == (
        "00101",
        "Phạm Thị Ẩn",
        ("Giấy khai sinh",),
    )
    assert office.rows("SELECT office FROM scope") == [("00101",)] and office.rows("SELECT office, n FROM feed") == [
        ("00101", 1)
    ]
    assert {"00101"} in office.told
    assert office.rows("SELECT state, original FROM gateway_arrival") == [("placed", b"")]


def test_the_same_application_read_twice_is_placed_once_and_the_cursor_goes_on(
    office: PostOffice, outside: Outside
) -> None:
    outside.answers[portal.POLL_PATH] = {"HoSo": [application("DVC-1")], "Moc": "17"}
    for _ in range(3):
        office.later(2)
        office.run()
    assert len(office.hub.store.readers.run(lambda c: event_log.events_of(c, arrivals.record_of("DVC-1")))) == 1
    assert [one["SauMoc"] for one in outside.bodies(portal.POLL_PATH)][:3] == ["", "", "17"]


@pytest.mark.parametrize(
    ("changed", "code"),
    [({"ChuHoSo": ""}, "GWY-005"), ({"NgayNop": "hôm qua"}, "GWY-005"), ({"NgaySinh": "31021985"}, "GWY-005"), ({"TaiLieuNop": 3}, "GWY-005"),
     ({"MaHoSo": ""}, "GWY-005"), ({"MaDonVi": "H99.9"}, "GWY-006")],
)  # fmt: skip
def test_what_cannot_be_placed_is_kept_whole_and_the_next_is_placed(
    office: PostOffice, outside: Outside, changed: dict[str, object], code: str
) -> None:
    outside.answers[portal.POLL_PATH] = {"HoSo": [application("DVC-1") | changed, application("DVC-2")], "Moc": "2"}
    office.later(2)
    with capture_logs() as logs:
        office.run()
    (held,) = office.hub.store.readers.run(arrivals.held)
    assert held.problem == code and json.loads(held.original)["MaTTHC"] == "1.014166"
    assert office.hub.store.readers.run(arrivals.placed_count) == 1
    assert "Phạm Thị Ẩn" not in str(logs) and "001185012345" not in str(logs)


def test_a_unit_named_in_the_settings_is_found(tmp_path: Path, outside: Outside) -> None:
    one = PostOffice(tmp_path, outside, "portal", units={"G12.34.05": "00101"})
    outside.answers[portal.POLL_PATH] = {"HoSo": [application("DVC-1", "G12.34.05")], "Moc": "1"}
    one.later(2)
    one.run()
    assert one.rows("SELECT office FROM gateway_arrival") == [("00101",)]
    one.hub.store.close()


def test_an_accepted_application_is_told_under_the_portals_number(office: PostOffice, outside: Outside) -> None:
    outside.answers[portal.POLL_PATH] = {"HoSo": [application("DVC-1")], "Moc": "17"}
    office.later(2)
    office.run()
    record = arrivals.record_of("DVC-1")
    office.receive(5, NAME, NUMBER, record)
    office.run()
    assert states_told(outside) == [("DVC-1", "2")]
    assert outside.bodies(portal.STATUS_PATH)[0]["MaHoSoDonVi"] == "00101-261122-0005"


def test_an_account_that_the_desk_could_not_ask_for_is_asked_for_once(tmp_path: Path, outside: Outside) -> None:
    one = PostOffice(tmp_path, outside, "identity")
    outside.answers["/accounts/check"] = {"KetQua": "2"}
    receive(one)
    one.run()
    one.run()
    (asked,) = outside.bodies("/accounts/check")
    assert asked["SoDinhDanh"] == NUMBER and asked["HoTen"] == NAME
    view = one.hub.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    assert view is not None and view.account_check == "mismatch" and {"00101"} in one.told
    assert one.rows("SELECT content FROM gateway_letter") == [("check",)]
    one.hub.store.close()
