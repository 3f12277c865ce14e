"""Units with succession: merge, split, rename and transfer on a day; gaps and circles refused; the reform of 2025 as a case."""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central_hub.app import Hub
from central_hub.directory.build import SOURCES
from central_hub.directory.changes import applied
from central_hub.directory.errors import DraftContradicts, NothingToRoute, OfficeStands, ReorganisationRefused
from central_hub.directory.law_desk import LawDesk
from central_hub.directory.reorganising import Reorganisation, changes_of_reorganisation
from central_hub.directory.rerouting import reroute, stranded_offices, waiting_dossiers
from central_hub.directory.sheets import changes_from
from central_hub.directory.validation import find_complaints
from central_hub.directory.web_state import law_desk_of
from central_hub.lookup import audit
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import CustodyGranted, decode_body
from sync_protocol.catalogue import Catalogue, SuccessionKind
from sync_protocol.ids import OfficeCode, RecordId
from tests.browser.hub import web_of_hub
from tests.central_hub.directory.desk_of_law import LAN, LEADER, acts, hub_with_law, receive
from tests.central_hub.directory.published import BUILT_AT, TODAY, published
from tests.central_hub.web.person import Person

NEXT_YEAR = dt.date(2027, 1, 1)


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one, _ = hub_with_law(tmp_path)
    yield one
    one.store.close()


@pytest.fixture
def desk(hub: Hub) -> LawDesk:
    return law_desk_of(hub)


def plan(
    kind: SuccessionKind,
    before: tuple[str, ...],
    after: tuple[tuple[str, str], ...],
    date: dt.date = NEXT_YEAR,
    scope: str = "",
) -> Reorganisation:
    return Reorganisation(kind, date, before, after, "NQ 1/2027", scope)


def after(*plans: Reorganisation) -> Catalogue:
    now = published()
    for one in plans:
        now = applied(now, changes_of_reorganisation(one, published(), now), version="2", built_at=BUILT_AT)
    return now


def codes(catalogue: Catalogue, code: str, on: dt.date = NEXT_YEAR) -> list[str]:
    return [unit.code for unit in catalogue.successors(code, on)]


def test_a_merge_ends_the_parts_and_names_who_goes_on() -> None:
    made = after(plan("merge", ("00101", "00102"), (("00101", "Bảo hiểm xã hội cơ sở Trung tâm"),)))
    assert find_complaints(made) == []
    assert codes(made, "00102") == codes(made, "00101") == ["00101"]
    assert made.unit("00101", NEXT_YEAR).name == "Bảo hiểm xã hội cơ sở Trung tâm"  # type: ignore[union-attr]
    assert made.unit("00102", NEXT_YEAR) is None and made.unit("00102", TODAY).name == "Bảo hiểm xã hội cơ sở Hoàn Kiếm"  # type: ignore[union-attr]


def test_a_split_leaves_two_to_choose_from() -> None:
    made = after(plan("split", ("00101",), (("00101", ""), ("00191", "Bảo hiểm xã hội cơ sở Giảng Võ"))))
    assert find_complaints(made) == [] and codes(made, "00101") == ["00101", "00191"]
    assert made.unit("00191", NEXT_YEAR).province == "01"  # type: ignore[union-attr]


@pytest.mark.parametrize("code", ["00101", "00192"])
def test_a_rename_keeps_the_work_whether_or_not_the_code_changes(code: str) -> None:
    made = after(plan("rename", ("00101",), ((code, "Tên mới"),)))
    assert find_complaints(made) == [] and codes(made, "00101") == [code]


def test_after_a_transfer_of_a_part_both_go_on() -> None:
    made = after(plan("transfer", ("00101",), (("00102", ""),), scope="phường Ngọc Hà"))
    assert find_complaints(made) == [] and codes(made, "00101") == ["00101", "00102"]


REFUSED = [
    plan("merge", ("00101",), (("00102", ""),)),
    plan("merge", ("00101", "00101"), (("00102", ""),)),
    plan("merge", ("00101", "00102"), (("00101", ""), ("00103", ""))),
    plan("split", ("00101",), (("00101", ""),)),
    plan("rename", ("00101",), (("00101", ""),)),
    plan("transfer", ("00101",), (("00102", ""),)),
    plan("rename", ("99999",), (("99998", "Mới"),)),
    plan("rename", ("00101",), (("99998", ""),)),
]


@pytest.mark.parametrize("wanted", REFUSED, ids=lambda one: f"{one.kind}-{'-'.join(one.from_codes)}")
def test_a_step_that_does_not_fit_is_refused(wanted: Reorganisation) -> None:
    with pytest.raises(ReorganisationRefused):
        after(wanted)


def test_a_circle_and_a_gap_are_never_submitted(desk: LawDesk) -> None:
    draft = desk.begin(LAN, "Vòng tròn", "NQ 1/2027")
    view = desk.view(draft)
    circle = [plan("rename", ("00101",), (("00102", "A"),)), plan("rename", ("00102",), (("00101", "B"),))]
    desk.keep(LAN, draft, changes_of_reorganisation(circle[0], view.base, view.after), "law.rename")
    view = desk.view(draft)
    desk.keep(LAN, draft, changes_of_reorganisation(circle[1], view.base, view.after), "law.rename")
    assert any("kế thừa vòng tròn" in one.what for one in desk.view(draft).complaints)
    with pytest.raises(DraftContradicts):
        desk.submit(LAN, draft)
    gap = desk.begin(LAN, "Chỗ hở", "NQ 1/2027")
    desk.keep(
        LAN,
        gap,
        [one for one in changes_of_reorganisation(circle[0], view.base, published()) if one.place == "units"][:1],
        "law.change",
    )
    assert any("không ai kế thừa từ ngày 01/01/2027" in one.what for one in desk.view(gap).complaints)


def before_the_reform() -> Catalogue:
    """The shipped catalogue as if 1 July 2025 had not come: 63 provincial offices, no succession of that day."""
    made = published()
    units = tuple(
        msgspec.structs.replace(one, valid_to=None)
        for one in made.units
        if one.valid_from < dt.date(2025, 7, 1) and one.level != "central"
    )
    central = tuple(one for one in made.units if one.level == "central")
    steps = tuple(one for one in made.successions if one.date < dt.date(2025, 7, 1))
    return msgspec.structs.replace(made, units=(*central, *units), successions=steps)


def sheet(name: str) -> list[tuple[int, list[str]]]:
    with (SOURCES / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        return list(enumerate(csv.reader(lines), start=1))


def test_the_whole_reform_goes_from_two_spreadsheets_through_two_people_to_the_routed_dossiers(
    hub: Hub, desk: LawDesk
) -> None:
    former = desk.begin_with(LAN, "Trước 1/7/2025", "dựng lại", before_the_reform(), "law.sources")
    desk.submit(LAN, former)
    desk.approve(LEADER, former)
    base = desk.held.newest()[1]
    day, eve = dt.date(2025, 7, 1), dt.date(2025, 6, 30)
    assert len([one for one in base.units if one.level == "province" and base.unit(one.code, day)]) == 63
    rids = [
        receive(hub, number, procedure="1.014166", office=office)
        for number, office in enumerate(("034", "034", "024", "033"), 1)
    ]
    assert hub.store.readers.run(lambda c: stranded_offices(c, base, TODAY)) == []

    draft = desk.begin(LAN, "Sắp xếp 63 còn 34", "NQ 202/2025/QH15")
    desk.keep(LAN, draft, changes_from("units", sheet("units"), base, base), "law.import.units")
    assert desk.view(draft).complaints, "units that end without successors are a gap"
    view = desk.view(draft)
    desk.keep(
        LAN, draft, changes_from("successions", sheet("successions"), view.base, view.after), "law.import.successions"
    )
    desk.submit(LAN, draft)
    desk.approve(LEADER, draft)
    made = desk.held.newest()[1]
    provinces = [one for one in made.units if one.level == "province"]
    assert (
        len({one.code for one in provinces if made.unit(one.code, eve)}),
        len({one.code for one in provinces if made.unit(one.code, day)}),
    ) == (63, 34)
    for one in provinces:
        assert len(made.successors(one.code, TODAY)) == 1, one.code

    stranded = hub.store.readers.run(lambda c: stranded_offices(c, made, TODAY))
    assert [(one.office, one.open, one.successors[0].code) for one in stranded] == [
        ("024", 1, "027"),
        ("034", 2, "033"),
    ]
    codes_before = [hub.store.readers.run(lambda c, rid=rid: projection.view_of(c, rid).code) for rid in rids]  # type: ignore[misc]
    moved = routed(hub, made, "034", "033", rids)
    assert moved == (2, {"033"})
    views = [hub.store.readers.run(lambda c, rid=rid: projection.view_of(c, rid)) for rid in rids]  # type: ignore[misc]
    assert [view.code for view in views] == codes_before and [view.office for view in views] == [
        "034",
        "034",
        "024",
        "033",
    ]
    assert [(view.custody.office, view.custody.fence) for view in views] == [
        ("033", 1),
        ("033", 1),
        ("024", 0),
        ("033", 0),
    ]
    (event,) = [
        one
        for one in hub.store.readers.run(lambda c: list(event_log.events_of(c, rids[0])))
        if one.header.type == "custody.granted"
    ]
    body = decode_body(event)
    assert isinstance(body, CustodyGranted) and body.previous_office == "034" and body.reason == "NQ 202/2025/QH15"
    with pytest.raises(NothingToRoute):
        routed(hub, made, "034", "033", rids)
    assert hub.store.readers.run(audit.broken_at) is None and ("leader", "custody.reroute") in acts(hub)


def routed(
    hub: Hub, catalogue: Catalogue, office: str, successor: str, rids: list[RecordId]
) -> tuple[int, set[OfficeCode]]:
    return hub.store.writer.run(
        lambda c: reroute(
            c, catalogue, TODAY, OfficeCode(office), OfficeCode(successor), rids, by=LEADER, reason="NQ 202/2025/QH15",
            epoch=hub.identity.epoch, now_ms=hub.now_ms(),
        )
    )  # fmt: skip


@pytest.mark.parametrize(("office", "successor"), [("00101", "00102"), ("034", "031"), ("99999", "033")])
def test_only_dossiers_of_a_ceased_office_go_and_only_to_who_continues_it(
    hub: Hub, office: str, successor: str
) -> None:
    rid = receive(hub, 1, procedure="1.014166", office=office)
    with pytest.raises(OfficeStands):
        routed(hub, published(), office, successor, [rid])


def test_an_old_province_number_is_read_with_the_old_table() -> None:
    read = {code: published().province_of_old_code(code) for code in ("024", "027", "034", "044")}
    said = {code: (one.old_name, one.code, one.name) for code, one in read.items() if one is not None}
    assert said == {
        "024": ("Bắc Giang", "24", "Bắc Ninh"), "027": ("Bắc Ninh", "24", "Bắc Ninh"), "034": ("Thái Bình", "33", "Hưng Yên"),
        "044": ("Quảng Bình", "44", "Quảng Trị"),
    }  # fmt: skip
    old = [one for one in published().provinces if one.period == "old"]
    assert len(old) == 63 and len({one.successor for one in old}) == 34


def test_the_pages_find_the_ceased_office_and_route_its_dossiers_on(hub: Hub) -> None:
    app = web_of_hub(hub)
    rid = receive(hub, 1, procedure="1.014166", office="034")
    officer, keeper = Person(app, "conflict_officer"), Person(app, "catalogue_keeper")
    assert "034" in officer.get("/offices").text and "Hưng Yên" in officer.get("/offices").text
    page = officer.get("/offices/034").text
    assert "G12.034-261120-0001" in page and 'value="033"' in page and "Trần Thị" not in page
    chosen = {"rid": rid.hex(), "successor": "033", "reason": "NQ 202/2025/QH15"}
    assert keeper.post("/offices/034/reroute", chosen).status_code == 403
    for wrong, code in (({"reason": ""}, "WEB-031"), ({"successor": "031"}, "CAT-025"), ({"rid": "zz"}, "WEB-007")):
        answer = officer.post("/offices/034/reroute", {**chosen, **wrong})
        assert answer.status_code >= 400 and code in answer.text
    assert officer.post("/offices/034/reroute", chosen).status_code == 303
    assert "Không còn hồ sơ đang mở nào" in officer.get("/offices").text
    assert officer.get("/offices/034").status_code == 404
    assert hub.store.readers.run(lambda c: [one.rid for one in waiting_dossiers(c, OfficeCode("033"))]) == [rid]


def test_the_look_up_reads_offices_and_old_provinces(hub: Hub) -> None:
    person = Person(web_of_hub(hub), "auditor")
    page = person.get("/units?code=024").text
    assert "024 Bắc Giang" in page and "24 Bắc Ninh" in page and "Bảo hiểm xã hội tỉnh Bắc Giang" in page
    assert "Danh mục không có mã 777" in person.get("/units?code=777").text


def test_a_reorganisation_is_typed_into_a_draft_and_refused_in_its_place(hub: Hub) -> None:
    keeper = Person(web_of_hub(hub), "catalogue_keeper")
    keeper.post("/drafts", {"title": "Sáp nhập", "reason": "NQ 1/2027"})
    typed = {
        "kind": "merge",
        "date": "01/01/2027",
        "from": "00101, 00102",
        "to": "00101 Bảo hiểm xã hội cơ sở Ẵ",
        "scope": "",
        "source": "NQ 1/2027",
    }
    for wrong, code in (
        ({"from": "00101"}, "CAT-024"),
        ({"date": "mai"}, "WEB-030"),
        ({"to": "x!"}, "CAT-024"),
        ({"source": ""}, "WEB-031"),
        ({"kind": "x"}, "WEB-007"),
    ):
        answer = keeper.post("/drafts/1/reorganise", {**typed, **wrong})
        assert answer.status_code >= 400 and code in answer.text and 'value="merge"' in answer.text
    assert keeper.get("/drafts/1/reorganise").status_code == 200
    assert keeper.post("/drafts/1/reorganise", typed).status_code == 303
    page = keeper.get("/drafts/1").text
    assert "00102 · 1995-01-01" not in page and "Bảo hiểm xã hội cơ sở Ẵ" in page and "Sáp nhập" in page
