"""The law desk: drafts, four eyes, publication, going back, and what open dossiers feel of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pytest

from central_hub.app import Hub
from central_hub.directory.changes import Change, difference, entries_of
from central_hub.directory.drafts import draft_of
from central_hub.directory.errors import (
    CatalogueMoved,
    DraftContradicts,
    DraftEmpty,
    DraftNotOpen,
    DraftUnknown,
    EntryMoved,
    EntryTaken,
    EntryUnknown,
    NothingPublished,
    SamePerson,
)
from central_hub.directory.law_desk import LawDesk, mark_of
from central_hub.directory.web_state import law_desk_of
from central_hub.ingest.greeting import newest_catalogue
from central_hub.ingest.law_numbers import note_heard
from central_hub.lookup import audit
from sync_protocol.adapters import signatures
from sync_protocol.adapters.catalogue_file import read_catalogue
from sync_protocol.calendar import WorkingCalendar
from sync_protocol.catalogue import Holiday
from sync_protocol.ids import NodeId
from tests.browser.desk import Clock
from tests.browser.hub import make_hub
from tests.central_hub.directory.desk_of_law import LAN, LEADER, MINH, acts, hub_with_law, receive
from tests.central_hub.directory.published import published

MATERNITY, SICKNESS = "1.014166", "1.014163"
DAY_MS = 86_400_000


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one, _ = hub_with_law(tmp_path)
    yield one
    one.store.close()


@pytest.fixture
def desk(hub: Hub) -> LawDesk:
    return law_desk_of(hub)


def entry_of(desk: LawDesk, place: str, key: str) -> Any:
    return entries_of(desk.held.newest()[1], place)[key]


def edit(desk: LawDesk, by: Any, draft: int, place: str, key: str, **values: object) -> None:
    held = entries_of(desk.view(draft).after, place)[key]
    desk.put(by, draft, place, key, msgspec.structs.replace(held, **values), seen=mark_of(held), is_new_version=False)


def new_version(desk: LawDesk, draft: int, code: str, valid_from: dt.date, **values: object) -> None:
    held = entry_of(desk, "procedures", f"{code}|1")
    made = msgspec.structs.replace(held, version=2, valid_from=valid_from, **values)
    desk.put(LAN, draft, "procedures", f"{code}|1", made, seen=mark_of(held), is_new_version=True)


def submitted(desk: LawDesk) -> int:
    draft = desk.begin(LAN, "Sửa tên", "QĐ 1")
    edit(desk, LAN, draft, "results", "KQ.G24.000004|2022-09-06", name="Thẻ bảo hiểm y tế (mới)")
    desk.submit(LAN, draft)
    return draft


def test_a_draft_becomes_a_signed_version_through_a_second_person(hub: Hub, desk: LawDesk) -> None:
    draft = submitted(desk)
    assert desk.held.newest()[0] == 1
    assert desk.approve(LEADER, draft) == 2
    offer = hub.store.readers.run(newest_catalogue)
    assert offer is not None and offer.version == 2
    key = hub.keys.signer.public_key
    read = read_catalogue(
        hub.files.files.get(offer.digest.hex()), offer.signature, lambda m, s: signatures.verify(key, m, s)
    )
    assert read.result("KQ.G24.000004", dt.date(2026, 11, 20)).name == "Thẻ bảo hiểm y tế (mới)"  # type: ignore[union-attr]
    assert read.version == "2" and len(difference(published(), read)) == 1
    in_force = hub.law.current()
    assert in_force is not None and in_force.version == "2"  # the hub's own pages go by it too
    found = hub.store.readers.run(lambda c: draft_of(c, draft))
    assert (found.state, found.settled_by, found.published) == ("published", "leader", 2)
    assert acts(hub) == [("lan", "law.open"), ("lan", "law.change"), ("lan", "law.submit"), ("leader", "law.publish")]
    assert hub.store.readers.run(audit.broken_at) is None
    assert [one.name for one in (hub.folder.root / "catalogues").iterdir()] == []


def test_a_version_is_numbered_above_one_that_a_desk_holds_and_the_hub_forgot(hub: Hub, desk: LawDesk) -> None:
    hub.store.writer.run(lambda c: note_heard(c, NodeId("n00101a"), 4))
    draft = desk.begin(LAN, "Sửa tên", "QĐ 1")
    edit(desk, LAN, draft, "results", "KQ.G24.000004|2022-09-06", name="Thẻ bảo hiểm y tế (mới)")
    desk.submit(LAN, draft)
    assert desk.approve(LEADER, draft) == 5 and desk.held.newest()[1].version == "5"


def test_nobody_who_wrote_in_a_draft_approves_it(hub: Hub, desk: LawDesk) -> None:
    draft = desk.begin(LAN, "Hai người soạn", "QĐ 1")
    edit(desk, LAN, draft, "results", "KQ.G24.000004|2022-09-06", name="A")
    edit(desk, MINH, draft, "results", "KQ.G24.000004|2022-09-06", name="B")
    edit(desk, LAN, draft, "results", "KQ.G24.000004|2022-09-06", name="C")
    desk.submit(LAN, draft)
    for author in (LAN, MINH):
        with pytest.raises(SamePerson):
            desk.approve(author, draft)
    assert newest_catalogue_version(hub) == 1
    assert desk.approve(LEADER, draft) == 2


def newest_catalogue_version(hub: Hub) -> int:
    offer = hub.store.readers.run(newest_catalogue)
    return 0 if offer is None else offer.version


def test_a_submitted_draft_is_not_edited_until_it_is_given_back(hub: Hub, desk: LawDesk) -> None:
    draft = submitted(desk)
    with pytest.raises(DraftNotOpen):
        edit(desk, LAN, draft, "results", "KQ.G24.000004|2022-09-06", name="D")
    with pytest.raises(DraftNotOpen):
        desk.drop(LAN, draft, "")
    desk.give_back(LEADER, draft, "Thiếu số văn bản")
    assert hub.store.readers.run(lambda c: draft_of(c, draft)).settled_reason == "Thiếu số văn bản"
    with pytest.raises(DraftNotOpen):
        desk.approve(LEADER, draft)
    edit(desk, LAN, draft, "results", "KQ.G24.000004|2022-09-06", name="D")
    desk.drop(LAN, draft, "không cần nữa")
    with pytest.raises(DraftNotOpen):
        desk.submit(LAN, draft)


def test_a_contradiction_is_neither_submitted_nor_published(desk: LawDesk) -> None:
    draft = desk.begin(LAN, "Thủ tục không thời hạn", "QĐ 1")
    edit(desk, LAN, draft, "procedures", f"{SICKNESS}|1", deadlines=())
    with pytest.raises(DraftContradicts):
        desk.submit(LAN, draft)
    assert [one.what for one in desk.view(draft).complaints] == [f"{SICKNESS} phiên bản 1: chưa có thời hạn"]


def test_overlapping_dates_are_a_contradiction(desk: LawDesk) -> None:
    draft = desk.begin(LAN, "Trùng ngày", "QĐ 1")
    held = entry_of(desk, "procedures", f"{SICKNESS}|1")
    second = msgspec.structs.replace(held, version=2, valid_from=dt.date(2027, 1, 1))
    desk.keep(LAN, draft, [Change("procedures", f"{SICKNESS}|2", None, second)], "law.change")
    assert "trùng thời gian từ 01/01/2027" in desk.view(draft).complaints[0].what


def test_an_empty_draft_is_not_submitted_and_an_unknown_one_is_said(desk: LawDesk) -> None:
    with pytest.raises(DraftEmpty):
        desk.submit(LAN, desk.begin(LAN, "Trống", "QĐ 1"))
    with pytest.raises(DraftUnknown):
        desk.view(99)


def test_a_change_taken_back_leaves_no_change(desk: LawDesk) -> None:
    draft = desk.begin(LAN, "Sửa rồi thôi", "QĐ 1")
    key = "KQ.G24.000004|2022-09-06"
    edit(desk, LAN, draft, "results", key, name="A")
    desk.take_back(LAN, draft, "results", key)
    desk.remove(LAN, draft, "results", "KQ.G24.000005|2022-09-06")
    edit(desk, LAN, draft, "results", key, name=entry_of(desk, "results", key).name)
    assert [line.kind for line in desk.view(draft).lines] == ["removed"]
    with pytest.raises(EntryUnknown):
        desk.remove(LAN, draft, "results", "KQ.G24.000005|2022-09-06")


def test_nobody_overwrites_what_they_have_not_read(desk: LawDesk) -> None:
    draft = desk.begin(LAN, "Cùng sửa", "QĐ 1")
    key = "KQ.G24.000004|2022-09-06"
    opened = entry_of(desk, "results", key)
    edit(desk, MINH, draft, "results", key, name="Của Minh")
    with pytest.raises(EntryMoved):
        desk.put(
            LAN,
            draft,
            "results",
            key,
            msgspec.structs.replace(opened, name="Của Lan"),
            seen=mark_of(opened),
            is_new_version=False,
        )
    with pytest.raises(EntryTaken):
        desk.put(LAN, draft, "results", "", opened, seen="", is_new_version=False)


def test_of_two_drafts_on_one_version_the_second_must_follow_the_first(desk: LawDesk) -> None:
    first, second = submitted(desk), desk.begin(MINH, "Ngày nghỉ", "Thông báo")
    edit(desk, MINH, second, "days", "2026-11-24", provisional=False)
    desk.submit(MINH, second)
    desk.approve(LEADER, first)
    with pytest.raises(CatalogueMoved):
        desk.approve(LEADER, second)
    desk.give_back(LEADER, second, "theo bản mới")
    desk.follow(MINH, second)
    desk.submit(MINH, second)
    assert desk.approve(LEADER, second) == 3
    newest = desk.held.newest()[1]
    assert {one.place for one in difference(published(), newest)} == {"results", "days"}


def test_a_draft_does_not_follow_over_an_entry_that_another_changed(desk: LawDesk) -> None:
    first, second = submitted(desk), desk.begin(MINH, "Cùng mục", "QĐ 2")
    edit(desk, MINH, second, "results", "KQ.G24.000004|2022-09-06", name="Khác")
    desk.approve(LEADER, first)
    with pytest.raises(CatalogueMoved, match="is based on 1, newest is 2"):
        desk.follow(MINH, second)


def test_going_back_is_a_draft_that_a_second_person_approves(desk: LawDesk, hub: Hub) -> None:
    desk.approve(LEADER, submitted(desk))
    back = desk.begin_with(LAN, "Quay lại bản 1", "phát hành nhầm", desk.held.get(1), "law.restore")
    desk.submit(LAN, back)
    with pytest.raises(SamePerson):
        desk.approve(LAN, back)
    assert desk.approve(MINH, back) == 3
    assert difference(published(), desk.held.newest()[1]) == ()
    assert newest_catalogue_version(hub) == 3 and ("lan", "law.restore") in acts(hub)


def test_a_new_version_ends_the_former_one_and_open_dossiers_keep_theirs(hub: Hub, desk: LawDesk) -> None:
    for number in range(1, 4):
        receive(hub, number, procedure=MATERNITY)
    receive(hub, 4, procedure=MATERNITY, office="03401")
    receive(hub, 5, procedure=SICKNESS)
    draft = desk.begin(LAN, "Thai sản 2027", "QĐ 863/QĐ-BNV")
    new_version(desk, draft, MATERNITY, dt.date(2027, 1, 1), name="Tên mới")
    after = desk.view(draft).after
    assert after.procedure(MATERNITY, dt.date(2026, 12, 31)).version == 1  # type: ignore[union-attr]
    assert after.procedure(MATERNITY, dt.date(2027, 1, 1)).version == 2  # type: ignore[union-attr]
    effects, _ = desk.effects(desk.view(draft))
    assert [(one.office, one.open, one.under_new) for one in effects] == [("00101", 3, 0), ("03401", 1, 0)]


def test_a_version_that_applies_from_an_earlier_day_shows_the_dossiers_it_touches(hub: Hub, desk: LawDesk) -> None:
    now = hub.now_ms()
    receive(hub, 1, procedure=MATERNITY, received_ms=now - 10 * DAY_MS)
    receive(hub, 2, procedure=MATERNITY, received_ms=now)
    draft = desk.begin(LAN, "Thai sản", "QĐ 863/QĐ-BNV")
    new_version(desk, draft, MATERNITY, dt.date(2026, 11, 15))
    effects, _ = desk.effects(desk.view(draft))
    assert [(one.open, one.under_new, one.unsure) for one in effects] == [(2, 1, 1)]


def test_a_new_holiday_counts_the_promises_that_would_fall_on_another_day(hub: Hub, desk: LawDesk) -> None:
    calendar = WorkingCalendar.of(published().holidays())
    promised = calendar.add_working_days(dt.date(2026, 11, 20), 5)
    receive(hub, 1, procedure=MATERNITY, due=promised.isoformat())
    receive(hub, 2, procedure=MATERNITY, due="2026-11-21")
    draft = desk.begin(LAN, "Nghỉ thêm", "Thông báo")
    holiday = Holiday(dt.date(2026, 11, 25), "Nghỉ thêm", "holiday", False, "Thông báo", "D")
    desk.put(LAN, draft, "days", "", holiday, seen="", is_new_version=False)
    effects, _ = desk.effects(desk.view(draft))
    assert [(one.procedure, one.open, one.moved, one.unsure) for one in effects] == [(MATERNITY, 2, 1, 1)]


def test_without_a_published_catalogue_there_is_nothing_to_write_on(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", Clock())
    try:
        with pytest.raises(NothingPublished):
            law_desk_of(hub).begin(LAN, "a", "b")
    finally:
        hub.store.close()
