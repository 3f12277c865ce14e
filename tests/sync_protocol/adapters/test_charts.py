"""Charts: lengths follow values, every value stands there as text, markup in a label stays text."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.adapters.web.charts import WIDTH, Chart, Mark, bars, columns, share

KINDS: list[Callable[..., Chart]] = [bars, columns, share]
SVG = "{http://www.w3.org/2000/svg}"


def drawn(chart: Chart) -> ET.Element:
    return ET.fromstring(str(chart.svg))


def coloured(chart: Chart, *colours: str) -> list[ET.Element]:
    return [one for one in drawn(chart).iter(f"{SVG}rect") if one.get("fill") in colours]


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=40, deadline=None)
@given(marks=st.lists(st.builds(Mark, st.text(max_size=60), st.floats(-5, 1e6)), min_size=1, max_size=40))
def test_any_marks_give_well_formed_pictures_inside_their_frame(kind: Callable[..., Chart], marks: list[Mark]) -> None:
    clean = [Mark("".join(c for c in one.label if c.isprintable()), one.value) for one in marks]
    root = drawn(kind("Biểu đồ", clean))
    _, _, width, height = map(float, (root.get("viewBox") or "").split())
    for one in root.iter(f"{SVG}rect"):
        x, y, w, h = (float(one.get(name) or 0) for name in ("x", "y", "width", "height"))
        assert w >= 0 and h >= 0 and x + w <= width + 1 and y >= -0.1 and y + h <= height + 0.1


@pytest.mark.parametrize("kind", KINDS)
def test_every_value_is_said_in_the_name_of_the_picture(kind: Callable[..., Chart]) -> None:
    chart = kind("Giờ chờ", [Mark("≤ 5 phút", 12, "12 lượt"), Mark("> 30 phút", 0.5)])
    name = drawn(chart).get("aria-label")
    assert name == chart.sentence == "Giờ chờ: ≤ 5 phút 12 lượt; > 30 phút 0,5"
    assert drawn(chart).get("role") == "img"


def test_a_bar_is_as_long_as_its_value() -> None:
    first, second = coloured(bars("x", [Mark("a", 10), Mark("b", 5)]), "#0b5394")
    assert float(first.get("width") or 0) == WIDTH and float(second.get("width") or 0) == WIDTH / 2


def test_the_parts_of_a_share_fill_the_whole() -> None:
    found = coloured(share("x", [Mark("a", 1, tone="good"), Mark("b", 3, tone="bad")]), "#0a6b5d", "#b3261e")
    parts = [float(one.get("width") or 0) for one in found if one.get("height") == "26"]
    assert parts == [WIDTH / 4, WIDTH * 3 / 4]


@pytest.mark.parametrize("kind", KINDS)
def test_zero_everywhere_and_nothing_at_all_are_drawn_without_a_division(kind: Callable[..., Chart]) -> None:
    assert kind("x", [Mark("a", 0), Mark("b", 0)]).svg
    assert kind("x", []).svg == ""


@pytest.mark.parametrize("kind", KINDS)
def test_markup_in_a_label_stays_text(kind: Callable[..., Chart]) -> None:
    chart = kind('"><script>alert(1)</script>', [Mark("<b>&", 1, '"onload=')])
    assert "<script" not in chart.svg and "<b>" not in chart.svg
    assert any("<b>&" in (one.text or "") for one in drawn(chart).iter(f"{SVG}text"))


def test_no_style_attribute_is_used_because_the_policy_of_the_pages_forbids_it() -> None:
    assert all("style=" not in kind("x", [Mark("a", 1)]).svg for kind in KINDS)


def test_many_columns_are_labelled_now_and_then_and_told_in_full() -> None:
    chart = columns("Ngày", [Mark(str(day), day) for day in range(1, 32)])
    texts = [one.text for one in drawn(chart).iter(f"{SVG}text")]
    assert len(texts) <= 13 and all(f"{day} {day}" in chart.sentence for day in range(1, 32))
