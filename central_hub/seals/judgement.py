"""Judgement: one file and its claims, judged in the sandbox by every rule of acceptance.

Invariant: nothing a file does gets out of here but an outcome. A file that makes the judge crash, run out of time or of memory is
quarantined with that as its reason; only what is wrong on the hub's side (no sandbox, a stale list) makes it wait.

Source: signing.md §4 (hub acceptance rule).
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from central_hub.seals.claims import Claim, RecordClaim
from sync_protocol.adapters.sandbox.errors import SandboxProblem, SandboxUnavailable
from sync_protocol.adapters.sandbox.sandbox import Sandbox, SandboxLimits, open_sandbox
from sync_protocol.adapters.verification.errors import NotTheRecordedFile, RevocationUnknown, TimeOutsideInterval
from sync_protocol.adapters.verification.report import Trust, VerificationReport
from sync_protocol.adapters.verification.task import (
    COPY_TASK,
    RECORD_TASK,
    copy_arguments,
    read_report,
    record_arguments,
)

LIMITS = SandboxLimits(memory_mb=2048, cpu_s=20, wall_s=60.0, result_mb=4)
_WAITS = frozenset({SandboxUnavailable.code, RevocationUnknown.code})


class Outcome(msgspec.Struct, frozen=True):
    """What was found of one claim. `waiting` means: judged again later; `codes` are the reasons, in order, each once."""

    verdict: Literal["accepted", "quarantined", "waiting"]
    codes: tuple[str, ...] = ()


def judging_sandbox() -> Sandbox:
    """Return the sandbox in which the hub judges: one file at a time, so that a file never crowds out the answers to nodes."""
    return open_sandbox({"copy": COPY_TASK, "record": RECORD_TASK}, slots=1)


def judge(
    sandbox: Sandbox, content: bytes, claim: Claim, trust: Trust, *, now: dt.datetime, arrived: dt.datetime
) -> Outcome:
    """Judge a file that lay at the hub since `arrived` (both aware) against one claim. Never raises for what a file does."""
    codes: list[str] = [] if len(content) == claim.size else [NotTheRecordedFile.code]
    try:
        arguments = copy_arguments(trust, claim.expected, now, proven_at=min(arrived, now))
        codes += read_report(sandbox.run("copy", content, arguments, limits=LIMITS)).codes
        for record in claim.records:
            codes += _judge_record(sandbox, record, trust, now, min(arrived, now))
    except SandboxProblem as problem:
        codes.append(problem.code)
    told = tuple(dict.fromkeys(codes))
    if not told:
        return Outcome("accepted")
    return Outcome("waiting" if _WAITS.issuperset(told) else "quarantined", told)


def _judge_record(
    sandbox: Sandbox, claim: RecordClaim, trust: Trust, now: dt.datetime, arrived: dt.datetime
) -> tuple[str, ...]:
    arguments = record_arguments(trust, claim.signature, now, claim.signers, proven_at=arrived)
    report = read_report(sandbox.run("record", claim.record, arguments, limits=LIMITS))
    return report.codes if _is_in_time(report, claim) else (*report.codes, TimeOutsideInterval.code)


def _is_in_time(report: VerificationReport, claim: RecordClaim) -> bool:
    """A record names the hub's last answer it knew, so it cannot be older than that answer (signing.md §2c)."""
    if claim.not_before is None or not report.signatures:
        return True
    at = report.signatures[0].at
    return at is not None and at >= claim.not_before
