"""The reading set covers what it promises; a few of its pages are really drawn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import zxingcpp
from PIL import Image

from deploy.demo.papers import vocabulary
from deploy.demo.papers.build import generator
from deploy.demo.papers.people import Population
from deploy.demo.papers.truth import PageTruth, read_truth
from tests.benchmarks.pages import DEFAULT_COUNT
from tests.benchmarks.pages.build import Plan, build, draw_page, plan
from tests.benchmarks.pages.conditions import CONDITIONS
from tests.benchmarks.pages.kinds import DRAWERS
from tests.benchmarks.pages.unseen import SETS, draw

Drawn = list[tuple[Path, PageTruth]]
_DRAWN_CONDITIONS = ("stamped_skewed", "photographed", "rotated90", "rotated180", "low_contrast")


def chosen() -> list[Plan]:
    """One page of each of the hardest conditions, two cards among them."""
    pages = plan(DEFAULT_COUNT)
    first = {page.condition.name: page for page in reversed(pages) if page.condition.name in _DRAWN_CONDITIONS}
    return [*first.values(), *[page for page in pages if page.kind == "card"][:2]]


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Drawn:
    folder = tmp_path_factory.mktemp("pages")
    people = Population(generator(1, "people"))
    return [(folder / page.file_name, draw_page(folder, page, people, 1)) for page in chosen()]


def test_the_plan_has_sixty_pages_every_kind_every_condition_and_four_faces() -> None:
    pages = plan(DEFAULT_COUNT)
    assert len(pages) >= 60
    assert {page.kind for page in pages} == {"text", "form", "table", "card"}
    assert {page.condition.name for page in pages} == {condition.name for condition in CONDITIONS}
    assert len({page.face.name for page in pages}) >= 4
    assert len({page.file_name for page in pages}) == len(pages)


def test_kinds_conditions_and_faces_do_not_go_round_in_step() -> None:
    pages = plan(len(DRAWERS) * len(CONDITIONS))
    met = {(page.drawer, page.condition.name) for page in pages}
    assert len(met) == len({page.drawer for page in pages}) * len(CONDITIONS)


def test_names_and_addresses_hold_six_hundred_syllables() -> None:
    people = Population(generator(1, "syllables"))
    printed = " ".join(f"{person.name} {person.address}" for person in (people.person() for _ in range(300)))
    assert len(vocabulary.syllables(printed)) >= 600


def test_every_printed_value_holds_ink(drawn: Drawn) -> None:
    for path, truth in drawn:
        channel = np.asarray(Image.open(path).convert("RGB"))[:, :, 0]
        assert channel.shape == (truth.height_px, truth.width_px)
        for field in truth.fields:
            x, y, width, height = field.box
            inside = channel[y : y + height, x : x + width]
            dark = inside < np.percentile(inside, 98) - 35
            assert dark.mean() > 0.04, (path.name, field.field)


def test_quarter_turned_pages_lie_on_their_side(drawn: Drawn) -> None:
    widths = {truth.width_px for _, truth in drawn if "rotated90" in truth.tags}
    assert widths == {2339}


def test_cards_decode_to_their_payload(drawn: Drawn) -> None:
    cards = [(path, truth) for path, truth in drawn if truth.qr]
    assert cards
    for path, truth in cards:
        grey = np.asarray(Image.open(path).convert("L"))
        found = zxingcpp.read_barcodes(grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode))
        assert [code.text for code in found] == [truth.qr]


def test_the_plain_text_beside_a_page_is_its_lines_in_order(drawn: Drawn) -> None:
    for path, truth in drawn:
        text = path.with_suffix(".gt.txt").read_text(encoding="utf-8")
        assert text.splitlines() == [line.text for line in truth.lines]
        assert read_truth(path) == truth


def test_the_same_seed_gives_the_same_set_and_a_finished_one_is_kept(tmp_path: Path) -> None:
    first, second = build(tmp_path / "a", seed=5, count=2), build(tmp_path / "b", seed=5, count=2)
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]
    before = [path.stat().st_mtime_ns for path in first]
    assert [path.stat().st_mtime_ns for path in build(tmp_path / "a", seed=5, count=2)] == before


def test_a_page_of_the_second_set_says_what_stands_on_it(tmp_path: Path) -> None:
    path = draw(tmp_path, 2, seed=1)
    truth, grey = read_truth(path), np.asarray(Image.open(path).convert("L"))
    assert grey.shape == (truth.height_px, truth.width_px)
    assert {"table", "skewed"} <= set(truth.tags)
    for line in truth.lines:
        x, y, width, height = line.box
        assert np.ptp(grey[y : y + height, x : x + width]) > 100, line.text


@pytest.mark.parametrize("half", [name for name in SETS if name != "unseen"])
def test_every_layout_of_the_third_to_fifth_set_says_its_values_on_its_lines(tmp_path: Path, half: str) -> None:
    for number, (kind, _) in enumerate(SETS[half]):
        truth = read_truth(draw(tmp_path, number, 3, half))
        text = "".join("".join(line.text for line in truth.lines).split())
        assert truth.fields and kind in truth.tags
        for field in truth.fields:
            if field.kind != "date" and field.field != "issuing_body" and not field.handwritten:
                assert "".join(field.value.split()) in text, field
