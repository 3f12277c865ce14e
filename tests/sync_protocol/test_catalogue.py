"""The catalogue answers about a day, and only about that day."""

from __future__ import annotations

import datetime as dt

import msgspec
import pytest

from sync_protocol.catalogue import Catalogue, Unit, UnitSuccession
from sync_protocol.catalogue_rows import from_rows, to_rows
from tests.central_hub.directory.published import BUILT_AT, TODAY, published

D1, D2 = dt.date(2025, 7, 1), dt.date(2026, 7, 1)


def unit(code: str, since: dt.date = dt.date(2000, 1, 1), until: dt.date | None = None) -> Unit:
    return Unit(code, f"Đơn vị {code}", "base", "", "33", "", since, until, True, "thử", "D")


def step(old: str, new: str, date: dt.date, scope: str = "") -> UnitSuccession:
    return UnitSuccession(old, new, "merge", date, scope, "thử", "D")


def small(units: tuple[Unit, ...], steps: tuple[UnitSuccession, ...]) -> Catalogue:
    return Catalogue(version="1", built_at=BUILT_AT, units=units, successions=steps)


def test_a_procedure_keeps_the_version_of_the_day_of_receipt() -> None:
    before, after = (published().procedure("2.000821", dt.date(2026, 2, day)) for day in (14, 15))
    assert before is not None
    assert after is not None
    assert (before.version, after.version) == (1, 2)
    assert "SO-BHXH" in {rule.document_type for rule in before.components}
    assert "SO-BHXH" not in {rule.document_type for rule in after.components}
    assert published().procedure_version("2.000821", 1) == before
    assert published().procedure("1.014163", dt.date(2025, 6, 30)) is None
    assert published().procedure_version("1.014163", 9) is None


def test_the_employer_brings_the_list_and_the_worker_does_not() -> None:
    maternity = published().procedure("1.014166", TODAY)
    assert maternity is not None
    assert "01B-HSB" in {rule.document_type for rule in maternity.components_for("employer")}
    assert "01B-HSB" not in {rule.document_type for rule in maternity.components_for("worker")}


def test_a_card_is_shown_and_never_scanned() -> None:
    once = published().procedure("1.014173", TODAY)
    assert once is not None
    scans = {rule.document_type: rule.must_scan for rule in once.components}
    assert scans == {"14-HSB": True, "CCCD": False}


@pytest.mark.parametrize(
    ("old", "old_name", "code", "name"),
    [
        ("034", "Thái Bình", "33", "Hưng Yên"),
        ("024", "Bắc Giang", "24", "Bắc Ninh"),
        ("015", "Yên Bái", "15", "Lào Cai"),
        ("044", "Quảng Bình", "44", "Quảng Trị"),
        ("052", "Bình Định", "52", "Gia Lai"),
        ("080", "Long An", "80", "Tây Ninh"),
        ("082", "Tiền Giang", "82", "Đồng Tháp"),
        ("091", "Kiên Giang", "91", "An Giang"),
        ("046", "Thừa Thiên Huế", "46", "Huế"),
    ],
)
def test_the_numbers_that_changed_meaning_are_read_with_the_old_table(
    old: str, old_name: str, code: str, name: str
) -> None:
    found = published().province_of_old_code(old)
    assert found is not None
    assert (found.old_name, found.code, found.name) == (old_name, code, name)


def test_63_old_provinces_lead_to_34_new_ones() -> None:
    old = [p for p in published().provinces if p.period == "old"]
    new = [p for p in published().provinces if p.period == "new"]
    assert (len(old), len(new)) == (63, 34)
    assert {p.successor for p in old} == {p.code for p in new}
    assert published().province_of_old_code("003") is None
    today = published().province("33")
    assert today is not None
    assert today.name == "Hưng Yên"


def test_an_office_keeps_its_code_and_changes_its_name() -> None:
    before, after = (published().unit("07906", day) for day in (dt.date(2025, 6, 30), D1))
    assert before is not None
    assert after is not None
    assert before.name == "Bảo hiểm xã hội quận Bình Thạnh"
    assert after.name == "Bảo hiểm xã hội cơ sở Bình Thạnh"
    thai_binh = published().unit("03401", TODAY)
    assert thai_binh is not None
    assert (thai_binh.name, thai_binh.parent) == ("Bảo hiểm xã hội cơ sở Thái Bình", "033")
    assert published().successors("07906", TODAY) == (after,)


def test_a_dissolved_office_leads_to_its_successor_from_the_day_on() -> None:
    assert [u.code for u in published().successors("034", dt.date(2025, 6, 30))] == ["034"]
    assert [u.code for u in published().successors("034", D1)] == ["033"]
    assert published().unit("034", D1) is None


def test_a_split_leads_to_several_offices_and_a_later_merger_is_followed() -> None:
    units = (
        unit("A", until=D1 - dt.timedelta(days=1)),
        unit("B", D1),
        unit("C", D1, D2 - dt.timedelta(days=1)),
        unit("D", D2),
    )
    catalogue = small(units, (step("A", "B", D1, "phía bắc"), step("A", "C", D1, "phía nam"), step("C", "D", D2)))
    assert [u.code for u in catalogue.successors("A", D1)] == ["B", "C"]
    assert [u.code for u in catalogue.successors("A", D2)] == ["B", "D"]


def test_a_circle_of_one_day_ends_nowhere_and_does_not_hang() -> None:
    catalogue = small((unit("A"), unit("B")), (step("A", "B", D1), step("B", "A", D1)))
    assert catalogue.successors("A", D1) == ()


def test_results_types_grammars_and_sources_are_found_by_day() -> None:
    catalogue = published()
    paper, money = (catalogue.result(f"KQ.G24.0000{number}", TODAY) for number in ("27", "53"))
    assert paper is not None
    assert money is not None
    assert (paper.is_money, money.is_money) == (False, True)
    discharge = catalogue.document_type("GRV", TODAY)
    assert discharge is not None
    field = discharge.field("discharge_date")
    assert field is not None
    assert "Ra viện lúc" in field.anchors
    assert discharge.field("amount") is None
    assert [g.name for g in catalogue.grammars_on(TODAY) if g.template] == ["qd20_2020"]
    assert [g.name for g in catalogue.grammars_on(dt.date(2024, 1, 1)) if g.template] == ["tt01_2018"]
    assert "KCB" in {source.code for source in catalogue.reuse_sources_for("GRV")}
    assert "KCB" not in {source.code for source in catalogue.reuse_sources_for("GKS")}
    assert len(catalogue.procedures_on(TODAY)) == len({p.code for p in catalogue.procedures})


def test_every_type_of_the_shared_contract_is_there_and_marked_provisional() -> None:
    agreed = [
        "TK1-TS",
        "D02-TS",
        "14-HSB",
        "13-HSB",
        "09-HSB",
        "01B-HSB",
        "GRV",
        "GCN-NV",
        "GKS",
        "TL-KT",
        "CCCD",
        "SO-BHXH",
        "CV",
        "QD",
        "HDLD",
        "BB",
    ]
    for code in agreed:
        found = published().document_type(code, TODAY)
        assert found is not None
        assert found.provisional
        assert any(field.item == "b" for field in found.template)


def test_the_tables_give_the_catalogue_back() -> None:
    assert from_rows(to_rows(published())) == published()


def test_a_lost_row_is_noticed_by_the_round_trip() -> None:
    tables = to_rows(published())
    tables["procedure_deadlines"].pop()
    assert from_rows(tables) != published()


def test_entries_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        published().version = "2"  # type: ignore[misc]
    assert msgspec.structs.replace(published(), version="2").version == "2"
