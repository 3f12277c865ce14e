"""The verifier as a task of the sandbox, from outside: what is asked, and how the answer is read.

Light to import: pyHanko is loaded by `verification_judge` only, and that only in the sandbox.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from sync_protocol.adapters.verification.report import Expectation, Trust, VerificationReport

COPY_TASK = "sync_protocol.adapters.verification.judge:judge_copy"
RECORD_TASK = "sync_protocol.adapters.verification.judge:judge_record"


class CopyArguments(msgspec.Struct, frozen=True):
    """What `verification.verify_copy` is asked beside the bytes."""

    trust: Trust
    expected: Expectation
    now: dt.datetime
    proven_at: dt.datetime | None = None


class RecordArguments(msgspec.Struct, frozen=True):
    """What `verification.verify_record` is asked beside the bytes."""

    trust: Trust
    p7s: bytes
    now: dt.datetime
    signers: frozenset[str] | None = None
    proven_at: dt.datetime | None = None


def copy_arguments(
    trust: Trust, expected: Expectation, now: dt.datetime, proven_at: dt.datetime | None = None
) -> dict[str, Any]:
    """Return the arguments of `judge_copy` as plain values."""
    return dict(msgspec.to_builtins(CopyArguments(trust, expected, now, proven_at)))


def record_arguments(
    trust: Trust,
    p7s: bytes,
    now: dt.datetime,
    signers: frozenset[str] | None = None,
    proven_at: dt.datetime | None = None,
) -> dict[str, Any]:
    """Return the arguments of `judge_record` as plain values."""
    return dict(msgspec.to_builtins(RecordArguments(trust, p7s, now, signers, proven_at)))


def read_report(answer: bytes) -> VerificationReport:
    """Return the report in an answer of the sandbox."""
    return msgspec.msgpack.decode(answer, type=VerificationReport)
