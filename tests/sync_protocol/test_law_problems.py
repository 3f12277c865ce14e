"""Problems of law and catalogue: each has a sentence, a next step and a runbook page; and the doctests run."""

from __future__ import annotations

import doctest
import importlib
import string
from pathlib import Path
from types import ModuleType

import pytest

from central_hub.directory import errors as directory_errors
from sync_protocol import law_problems
from sync_protocol.errors import Problem

RUNBOOK = Path(__file__).parents[2] / "deploy" / "runbook"
FORBIDDEN = ("không hợp lệ", "lỗi hệ thống", "vui lòng", "xin lỗi")
DOCTESTED = ("card_qr", "codes", "glossary", "identifiers", "lifecycle")


def problems() -> list[type[Problem]]:
    found = [
        made
        for room in (law_problems, directory_errors)
        for made in vars(room).values()
        if isinstance(made, type) and issubclass(made, Problem) and made is not Problem
    ]
    return sorted(found, key=lambda made: made.code)


def facts(made: type[Problem]) -> dict[str, str]:
    """Return a value for every name its sentences use."""
    texts = (made.sentence, made.next_step, made.operator)
    return {name: "X" for text in texts for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("made", problems(), ids=lambda made: made.code)
def test_every_problem_speaks_to_clerk_and_operator(made: type[Problem]) -> None:
    problem = made(**facts(made))
    assert problem.clerk_sentence
    assert problem.clerk_next_step
    assert problem.operator_line.startswith(made.code)
    said = f"{problem.clerk_sentence} {problem.clerk_next_step}".lower()
    assert [word for word in FORBIDDEN if word in said] == []


@pytest.mark.parametrize("made", problems(), ids=lambda made: made.code)
def test_every_code_has_a_runbook_page(made: type[Problem]) -> None:
    lines = (RUNBOOK / f"{made.code}.md").read_text(encoding="utf-8").splitlines()
    assert lines[0].startswith(f"# {made.code}")
    assert 6 <= len(lines) <= 15


def test_codes_are_used_once() -> None:
    codes = [made.code for made in problems()]
    assert len(codes) == len(set(codes)) == 32


@pytest.mark.parametrize("name", DOCTESTED)
def test_the_examples_in_the_docstrings_hold(name: str) -> None:
    outcome = doctest.testmod(importlib.import_module(f"sync_protocol.{name}"))
    assert outcome.attempted > 0
    assert outcome.failed == 0


def test_a_wrong_example_is_noticed(capsys: pytest.CaptureFixture[str]) -> None:
    wrong = ModuleType("wrong", ">>> 1 + 1\n3\n")
    assert doctest.testmod(wrong).failed == 1
    capsys.readouterr()
