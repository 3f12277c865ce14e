"""One letter, one application or one outside system that meets what nobody foresaw holds back none of the others."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.gateways import arrivals, identity, portal, post
from central_hub.gateways.gathering import gather
from sync_protocol.adapters.storage_errors import StorageFull
from tests.central_hub.gateways.post_office import PostOffice, application
from tests.doubles.outside import Outside, serving


@pytest.fixture
def outside() -> Iterator[Outside]:
    with serving(Outside()) as one:
        one.answers[portal.POLL_PATH] = {"HoSo": [], "Moc": ""}
        one.answers[identity.CHECK_PATH] = {"KetQua": "1"}
        yield one


@pytest.fixture
def office(tmp_path: Path, outside: Outside) -> Iterator[PostOffice]:
    one = PostOffice(tmp_path, outside, "portal", "identity")
    yield one
    one.hub.store.close()


def test_a_letter_that_nobody_can_write_lets_those_behind_it_go(
    office: PostOffice, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.receive(1, "Lê Thị Ổn", "001185000001")
    office.receive(2, "Lê Thị Ẩn", "001185000002")
    letter = portal.status_letter

    def broken(view: object, state: int, at_ms: int) -> dict[str, str]:
        if getattr(view, "code", "").endswith("0001"):
            raise KeyError("not foreseen")
        return letter(view, state, at_ms)  # type: ignore[arg-type]

    monkeypatch.setattr(portal, "status_letter", broken)
    office.run()
    assert [one["MaHoSo"] for one in outside.bodies(portal.STATUS_PATH)] == ["00101-261122-0002"]
    assert office.rows("SELECT problem, tries FROM gateway_letter WHERE state = 'waiting' AND gateway = 'portal'") == [("GWY-004", 1)]


def test_what_breaks_over_one_system_keeps_no_other_from_its_turn(
    office: PostOffice, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(connection: object, gateway: str, now_ms: int) -> int:
        if gateway == "portal":
            raise KeyError("not foreseen")
        return gather(connection, gateway, now_ms)  # type: ignore[arg-type]

    monkeypatch.setattr(post, "gather", broken)
    outside.answers[portal.POLL_PATH] = {"HoSo": [application("G1")], "Moc": "m1"}
    office.post.listen_again()
    office.run()
    assert office.rows("SELECT number, state FROM gateway_arrival") == [("G1", "placed")]
    assert office.hub.store.readers.run(lambda c: arrivals.cursor_of(c, "log:identity"))


def test_a_disk_without_room_is_said_and_not_put_on_the_letter(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> int:
        raise StorageFull(sqlite_code=13)

    monkeypatch.setattr(post, "gather", full)
    with pytest.raises(StorageFull):
        office.run()


def test_an_application_that_nobody_can_place_waits_for_a_person_and_the_others_are_placed(
    office: PostOffice, outside: Outside, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = arrivals.place

    def broken(connection: object, body: object, epoch: object, now_ms: int) -> object:
        if getattr(body, "number", "") == "G2":
            connection.execute("INSERT INTO gateway_cursor VALUES('half done', 'x')")  # type: ignore[attr-defined]
            raise KeyError("not foreseen")
        return place(connection, body, epoch, now_ms)  # type: ignore[arg-type]

    monkeypatch.setattr(arrivals, "place", broken)
    outside.answers[portal.POLL_PATH] = {"HoSo": [application(f"G{number}") for number in (1, 2, 3)], "Moc": "m3"}
    office.post.listen_again()
    office.run()
    assert office.rows("SELECT number, state, problem FROM gateway_arrival ORDER BY number") == [
        ("G1", "placed", ""), ("G2", "held", "GWY-005"), ("G3", "placed", ""),
    ]  # fmt: skip
    assert office.rows("SELECT name, value FROM gateway_cursor WHERE name IN ('poll:portal', 'half done')") == [("poll:portal", "m3")]


def test_signs_that_no_text_column_takes_are_left_out_of_an_application() -> None:
    found = portal.application_of(application("G\0" + "1", ChuHoSo="Phạm\0 Thị \u202eẨn", GhiChu="\ud800"))
    assert (found.number, found.applicant.name, found.note) == ("G1", "Phạm Thị Ẩn", "")
