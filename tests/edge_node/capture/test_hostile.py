"""The whole hostile corpus through the real sandbox: every verdict right, within 10 s of processor and 512 MB."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from edge_node.capture import decode
from edge_node.capture.decode import DECODE_ENTRY, DECODE_TASK, decode_file
from edge_node.capture.untrusted import DecodeLimits
from sync_protocol.adapters.sandbox.sandbox import Finished, Sandbox, SandboxLimits, open_sandbox
from sync_protocol.errors import Problem
from tests.edge_node.capture.hostile import CASES, Case

RESIDENT_MB_MAX = 512
CPU_S_MAX = 10
LIMITS = DecodeLimits(render_dpi=100)


class Measured:
    """A sandbox that remembers the price of each task."""

    def __init__(self, sandbox: Sandbox) -> None:
        self._sandbox = sandbox
        self.finished: list[Finished] = []

    def run(self, task: str, payload: bytes, arguments: Mapping[str, Any], *, limits: SandboxLimits | None) -> bytes:
        self.finished.append(self._sandbox.run_measured(task, payload, arguments, limits=limits))
        return self.finished[-1].result


@pytest.fixture(autouse=True)
def _half_the_processor_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is stopped only by the processor limit is stopped here after 3 s, so that the whole stays short."""
    monkeypatch.setattr(decode, "PROCESS_LIMITS", dataclasses.replace(decode.PROCESS_LIMITS, cpu_s=3))


@pytest.fixture(scope="module")
def sandbox() -> Sandbox:
    return open_sandbox({DECODE_TASK: DECODE_ENTRY})


def verdict(case: Case, sandbox: Measured) -> str:
    """What became of one file: empty for accepted with the right number of pages, else the code."""
    try:
        decoded = decode_file(case.make(), "tệp của người nộp.pdf", sandbox=sandbox, limits=LIMITS)
    except Problem as problem:
        return problem.code
    return "" if len(decoded.pages) == case.pages else f"{len(decoded.pages)} pages"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_every_file_gets_its_verdict_within_the_limits(case: Case, sandbox: Sandbox) -> None:
    measured = Measured(sandbox)
    assert verdict(case, measured) in (case.codes or {""})
    assert all(run.resident_mb <= RESIDENT_MB_MAX and run.cpu_s <= CPU_S_MAX for run in measured.finished)


def test_the_corpus_is_large_enough_and_covers_every_category() -> None:
    assert sum(1 for case in CASES if case.codes) >= 80
    assert sum(1 for case in CASES if not case.codes) >= 15
    assert len({case.name for case in CASES}) == len(CASES)
    asked = {"bombs", "malformed", "active", "wrong type", "metadata", "colour", "truncated", "polyglot", "svg/xml"}
    assert asked | {"multi-frame", "animated", "archives", "encrypted", "size", "harmless"} <= {
        c.category for c in CASES
    }


def test_a_wrong_verdict_is_noticed(sandbox: Sandbox) -> None:
    """Canary: a hostile file expected to be accepted, and a harmless one expected to be refused, both stand out."""
    by_name = {case.name: case for case in CASES}
    assert verdict(by_name["script_on_opening"], Measured(sandbox)) == "CAP-006"
    assert verdict(by_name["plain_jpeg"], Measured(sandbox)) not in {"CAP-004"}
