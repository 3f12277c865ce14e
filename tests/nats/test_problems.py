"""Every code of this room has a page in the runbook that quotes what people see."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from central_hub.enrolment import errors as hub_errors
from sync_protocol import subjects
from sync_protocol.adapters import enrolment_errors
from sync_protocol.adapters.bus import errors as bus_errors
from sync_protocol.errors import Problem

RUNBOOK = Path(__file__).parents[2] / "deploy" / "runbook"
CLASSES = [
    item
    for module in (subjects, bus_errors, enrolment_errors, hub_errors)
    for item in vars(module).values()
    if isinstance(item, type) and issubclass(item, Problem) and item.__module__ == module.__name__
]


def test_codes_are_unique() -> None:
    assert len({item.code for item in CLASSES}) == len(CLASSES) > 30


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.code)
def test_every_code_has_a_page_that_quotes_its_sentence(made: type[Problem]) -> None:
    page = (RUNBOOK / f"{made.code}.md").read_text(encoding="utf-8")
    assert page.startswith(f"# {made.code}: ")
    assert re.sub(r"\{\w+\}", "…", made.sentence) in page
    assert 6 <= len([line for line in page.splitlines() if line]) <= 15


@pytest.mark.parametrize("made", CLASSES, ids=lambda made: made.code)
def test_every_problem_can_be_said_in_full(made: type[Problem]) -> None:
    names = re.findall(r"(?<!\{)\{(\w+)\}(?!\})", made.sentence + made.next_step + made.operator)
    problem = made(**dict.fromkeys(names, "x"))
    said = f"{problem.clerk_sentence} {problem.clerk_next_step}".lower()
    assert "{" not in said and problem.operator_line.startswith(made.code)
    for word in ("không hợp lệ", "lỗi hệ thống", "vui lòng", "xin lỗi"):
        assert word not in said
