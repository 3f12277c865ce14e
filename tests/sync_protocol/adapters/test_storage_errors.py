"""Every problem of databases, keys, files and settings teaches: a code of its own, words without blame, a runbook page that is current."""

from __future__ import annotations

import inspect
import string
from pathlib import Path

import pytest

from sync_protocol.adapters import key_errors, settings_errors, storage_errors
from sync_protocol.adapters.files import errors as file_errors
from sync_protocol.errors import Problem

RUNBOOK = Path(__file__).parents[3] / "deploy" / "runbook"
BLAMING = ("không hợp lệ", "lỗi hệ thống", "vui lòng", "xin lỗi", "rất tiếc")
CLASSES = [
    kind
    for family in (storage_errors, key_errors, file_errors, settings_errors)
    for _, kind in inspect.getmembers(family, inspect.isclass)
    if issubclass(kind, Problem) and kind is not Problem
]


def test_codes_are_never_shared() -> None:
    assert len({kind.code for kind in CLASSES}) == len(CLASSES)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.code)
def test_a_problem_teaches_the_clerk_and_the_operator(kind: type[Problem]) -> None:
    said = f"{kind.sentence} {kind.next_step}"
    assert not [word for word in BLAMING if word in said.lower()]
    facts = {name: 0 for text in (said, kind.operator) for _, name, _, _ in string.Formatter().parse(text) if name}
    problem = kind(**facts)
    assert problem.clerk_sentence and problem.clerk_next_step and problem.operator_line.startswith(kind.code)


@pytest.mark.parametrize("kind", CLASSES, ids=lambda kind: kind.code)
def test_the_runbook_says_the_same_words(kind: type[Problem]) -> None:
    page = (RUNBOOK / f"{kind.code}.md").read_text(encoding="utf-8")
    assert kind.sentence in page and kind.next_step in page and kind.operator in page
