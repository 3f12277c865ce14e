"""What takes the hub a while stands on the fleet page with how far it is, and only then."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.figures.sums import POSITION
from central_hub.figures.waiting_days import POSITION as WAITING_POSITION
from central_hub.operations import long_work as works
from central_hub.operations.long_work import LongWork, long_work
from central_hub.store.hub_store import write_state
from sync_protocol.ids import OfficeCode
from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.cases.heard import say
from tests.central_hub.web.person import Person
from tests.offices import reception


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    monkeypatch.setattr(works, "LONG_EVENTS", 3)
    monkeypatch.setattr(works, "LONG_FILES", 2)
    one = make_hub(tmp_path / "hub", Clock())
    for number in range(1, 6):
        one.store.writer.run(lambda c, n=number: say(c, one, n, f"0010{n}", reception(n, f"0010{n}")))  # type: ignore[misc]
    yield one
    one.store.close()


def now(hub: Hub, *, has_feed: bool = False, snapshots: tuple[OfficeCode, ...] = ()) -> list[LongWork]:
    return hub.store.readers.run(lambda c: long_work(c, has_feed=has_feed, snapshots=snapshots))


def test_figures_files_feed_and_snapshots_that_are_behind_are_named_with_what_is_left(hub: Hub) -> None:
    files = [(bytes([number]) * 32, state) for number, state in enumerate(("held", "held", "held", "accepted"))]
    hub.store.writer.run(
        lambda c: c.executemany("INSERT INTO blob(digest, size, state, reason, at_ms) VALUES(?, 1, ?, '', 1)", files).fetchall()
    )
    found = now(hub, has_feed=True, snapshots=(OfficeCode("00101"),))
    newest = found[0].whole
    assert newest >= 5 and [(one.name, one.left, one.whole) for one in found] == [
        ("figures", newest, newest), ("feed", newest, newest), ("judging", 3, 4), ("snapshot", 0, 0),
    ]  # fmt: skip


def test_what_is_level_within_moments_is_no_long_work(hub: Hub) -> None:
    newest = now(hub)[0].whole
    for key in (POSITION, WAITING_POSITION):
        hub.store.writer.run(lambda c, k=key: write_state(c, k, (newest - 1).to_bytes(8, "big")))  # type: ignore[misc]
    assert now(hub) == []


def test_the_fleet_page_shows_it_to_those_who_watch(hub: Hub) -> None:
    text = Person(web_of_hub(hub), "operator").get("/fleet/list").text
    assert "Đếm số liệu báo cáo" in text and "<progress" in text and "còn " in text
