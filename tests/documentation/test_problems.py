"""Every failure has one code, a sentence, a next step, and a page for whoever is called about it."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from sync_protocol.errors import Problem
from tests.documentation.problems import CODE, PACKAGES, ROOT, RUNBOOK, problem_classes, speaks_badly

CLASSES = problem_classes()
BY_NAME = pytest.mark.parametrize("kind", CLASSES, ids=lambda one: f"{one.code}-{one.__name__}")


def test_no_two_classes_share_a_code() -> None:
    users = defaultdict(set)
    for kind in CLASSES:
        users[kind.code].add(f"{kind.__module__}.{kind.__qualname__}")
    assert {code: names for code, names in users.items() if len(names) > 1} == {}


@BY_NAME
def test_a_problem_says_what_happened_and_what_to_do(kind: type[Problem]) -> None:
    assert CODE.fullmatch(kind.code)
    assert kind.sentence.strip() and kind.next_step.strip() and kind.operator.strip() and kind.event.strip()
    assert speaks_badly(kind.sentence + " " + kind.next_step) == []


@BY_NAME
def test_a_problem_has_its_page_in_the_runbook(kind: type[Problem]) -> None:
    page = RUNBOOK / f"{kind.code}.md"
    assert page.is_file()
    text = page.read_text("utf-8")
    assert kind.code in text.splitlines()[0] and 6 <= len(text.splitlines()) <= 30


def test_the_index_names_every_page_and_no_other() -> None:
    index = (RUNBOOK / "README.md").read_text("utf-8")
    listed = set(re.findall(r"\(([A-Z]{3}-[0-9]{3})\.md\)", index))
    assert listed == {page.stem for page in RUNBOOK.glob("???-???.md")}, "run: python -m tests.documentation"


def test_every_code_written_in_the_source_has_a_page() -> None:
    written = set()
    for package in PACKAGES:
        for path in (ROOT / package).rglob("*.py"):
            written |= set(re.findall(r'"([A-Z]{3}-[0-9]{3})"', path.read_text("utf-8")))
    missing = {code for code in written if not (RUNBOOK / f"{code}.md").is_file()} - {"SHA-256"}
    assert missing == set()


def test_every_alarm_names_pages_that_exist() -> None:
    named = set(re.findall(r"\(([A-Z]{3}-[0-9]{3})\.md\)", (RUNBOOK / "ALARMS.md").read_text("utf-8")))
    assert named and all((RUNBOOK / f"{code}.md").is_file() for code in named)


def test_the_harness_sees_a_banned_word_and_a_shared_code() -> None:
    assert speaks_badly("Vui lòng thử lại. Xin lỗi!") == ["vui lòng", "xin lỗi"]
    assert len(CLASSES) > 150
