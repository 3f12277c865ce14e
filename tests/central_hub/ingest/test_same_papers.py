"""One paper twice, in four tiers: by its number, by its file, by nearness, by its code alone; and what is no duplicate floods nobody."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_node.store.ledger import Draft
from sync_protocol.adapters import projection
from sync_protocol.bodies import Revoked
from sync_protocol.ids import OfficeCode
from tests.central_hub.ingest.papers_of_two import FORM, NEIGHBOUR, WORK, Scene
from tests.offices import rid


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def test_a_paper_with_the_same_number_issuer_and_date_is_tier_one_in_both_dossiers(scene: Scene) -> None:
    for number in (1, 2):
        scene.paper(number, symbol="12/KS", confirmed={**FORM, "issuing_body": "UBND phường Ô"})
    assert list(scene.pairs(1).values()) == [1] and scene.pairs(1) == scene.pairs(2)


def test_the_same_file_is_tier_two_though_nobody_has_confirmed_anything(scene: Scene) -> None:
    for number in (1, 2):
        scene.paper(number, file=b"one")
    assert list(scene.pairs(1).values()) == [2] and scene.pairs(1) == scene.pairs(2)


def test_a_paper_without_a_number_is_near_where_owner_type_and_day_are_one(scene: Scene) -> None:
    for number in (1, 2):
        scene.paper(number, confirmed=FORM)
    assert list(scene.pairs(1).values()) == [3] and scene.pairs(1) == scene.pairs(2)


@pytest.mark.parametrize("other", [
    {"owner": NEIGHBOUR}, {"type": "tk2"}, {"symbol": "9/TK"}, {"confirmed": {**FORM, "issue_date": "2026-11-21"}},
    {"confirmed": {"holder_name": "Lê Thị Ổn"}}, {"confirmed": {**FORM, "holder_name": "Lê Thị Ơn"}}, {"confirmed": None}, {"owner": ""},
])  # fmt: skip
def test_what_differs_in_anything_that_people_confirmed_is_not_near(scene: Scene, other: dict[str, object]) -> None:
    scene.paper(1, confirmed=FORM)
    scene.paper(2, **{"confirmed": FORM, **other})  # type: ignore[arg-type]
    assert scene.pairs(1, 2) == {}


def test_two_forms_of_one_day_in_one_dossier_are_two_forms(scene: Scene) -> None:
    for _ in range(2):
        scene.paper(1, confirmed=FORM)
    assert scene.pairs(1) == {}


def test_one_file_twice_in_one_dossier_is_asked_about(scene: Scene) -> None:
    for _ in range(2):
        scene.paper(1, file=b"one")
    assert list(scene.pairs(1).values()) == [2]


def test_a_pair_stands_in_its_lowest_tier_alone(scene: Scene) -> None:
    for number in (1, 2):
        scene.paper(number, symbol="12/KS", file=b"one", confirmed={**FORM, "issuing_body": "x"})
    assert list(scene.pairs(1, 2).values()) == [1]
    for number in (3, 4):
        scene.paper(number, file=b"two", confirmed={**FORM, "issue_date": "2026-01-05"})
    assert list(scene.pairs(3, 4).values()) == [2]


def test_a_paper_with_the_number_of_one_and_the_file_of_another_is_paired_with_both(scene: Scene) -> None:
    scene.paper(1, symbol="12/KS", confirmed=FORM)
    scene.paper(2, file=b"one")
    scene.paper(3, symbol="12/KS", file=b"one", confirmed=FORM)
    assert sorted(scene.pairs(3).values()) == [1, 2] and list(scene.pairs(2).values()) == [2]


@pytest.mark.parametrize("how", ["file", "near"])
def test_six_alike_are_five_cases_and_arriving_again_makes_no_more(scene: Scene, how: str) -> None:
    for number in range(1, 7):
        scene.paper(number, **({"file": b"one"} if how == "file" else {"confirmed": FORM}))  # type: ignore[arg-type]
    before = scene.pairs(*range(1, 7))
    assert len(before) == 5
    for number in range(1, 7):
        scene.paper(number, type="other", symbol=f"{number}", confirmed={})  # every dossier is looked at once more
    assert scene.pairs(*range(1, 7)) == before


def test_one_code_over_other_content_is_asked_about_once_in_both_dossiers_and_within_one(scene: Scene) -> None:
    days = ("2026-11-20", "2027-01-05", "2028-03-01")
    for number, day in zip((1, 2, 2), days, strict=True):
        scene.paper(number, symbol="12/KS", confirmed={**FORM, "issue_date": day, "issuing_body": "UBND phường Ô"})
    assert list(scene.pairs(1, 2).values()) == [4, 4], "three under one code are two cases"
    before = scene.pairs(1, 2)
    scene.paper(1, type="other", symbol="1", confirmed={})
    assert scene.pairs(1, 2) == before


@pytest.mark.parametrize("other", [{"owner": ""}, {"symbol": ""}, {"confirmed": None}, {"type": "tk2"}])
def test_a_code_without_owner_or_number_and_a_paper_nobody_stands_for_are_asked_about_by_nobody(scene: Scene, other: dict[str, object]) -> None:
    first: dict[str, object] = {"symbol": "12/KS", "confirmed": FORM}
    later = {**FORM, "issue_date": "2027-01-05"}
    scene.paper(1, **{**first, **{key: value for key, value in other.items() if key != "type"}})  # type: ignore[arg-type]
    scene.paper(2, **{**first, "confirmed": later, **other})  # type: ignore[arg-type]
    assert scene.pairs(1, 2) == {}


def test_a_paper_that_is_one_by_what_is_written_on_it_is_asked_about_as_that_alone(scene: Scene) -> None:
    for number in (1, 2):
        scene.paper(number, symbol="12/KS", confirmed={**FORM, "issuing_body": "x"})
    assert list(scene.pairs(1, 2).values()) == [1]


def test_a_revoked_paper_is_paired_with_nothing_new(scene: Scene) -> None:
    first = scene.paper(1, file=b"one")
    office = scene.offices[1]
    office.ledger.save(WORK, [Draft(rid(1), Revoked(document_id=first, authority=OfficeCode("00101"), reason="x", officer="cb", at_ms=1))])
    asyncio.run(office.exchange(scene.hub))
    scene.paper(2, file=b"one")
    assert scene.pairs(1, 2) == {}


papers = st.lists(
    st.tuples(st.integers(1, 4), st.sampled_from((b"", b"one", b"two")), st.booleans(), st.sampled_from(("", "7/KS"))), min_size=2, max_size=7
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(papers)
def test_every_pair_stands_in_both_its_dossiers_and_no_paper_is_left_out_of_those_alike(
    tmp_path_factory: pytest.TempPathFactory, given_papers: list[tuple[int, bytes, bool, str]]
) -> None:
    scene = Scene(tmp_path_factory.mktemp("alike"))
    try:
        files: dict[bytes, int] = {}
        for number, file, is_confirmed, symbol in given_papers:
            scene.paper(number, file=file, symbol=symbol, confirmed=FORM if is_confirmed else None)
            files[file] = files.get(file, 0) + bool(file)
        numbers = sorted({number for number, *_ in given_papers})
        views = {n: scene.hub.store.readers.run(lambda c, n=n: projection.view_of(c, rid(n))) for n in numbers}  # type: ignore[misc]
        found = [(view.rid, one) for view in views.values() if view for one in view.suspicions]
        sides = {(here, one.document_id, one.other_rid, one.other_document_id) for here, one in found}
        assert sides == {(there, theirs, here, mine) for here, mine, there, theirs in sides}
        for file, count in files.items():
            of_file = {p.document_id for view in views.values() if view for p in view.documents if p.officer_pdf == file.ljust(32, b".")}
            paired = {one.document_id for _, one in found}
            assert count < 2 or of_file <= paired
    finally:
        scene.close()
