"""The verifier as a task of the sandbox: bytes in, bytes out.

The sandbox's allow list names these two functions; their arguments are what `copy_arguments` and `record_arguments` make.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import msgspec

from sync_protocol.adapters.verification import verify_copy, verify_record
from sync_protocol.adapters.verification_report import Expectation, Trust, VerificationReport
from sync_protocol.adapters.verification_zone import load_validation

COPY_TASK = "sync_protocol.adapters.verification_task:judge_copy"
RECORD_TASK = "sync_protocol.adapters.verification_task:judge_record"


class _CopyArguments(msgspec.Struct, frozen=True):
    trust: Trust
    expected: Expectation
    now: dt.datetime
    proven_at: dt.datetime | None = None


class _RecordArguments(msgspec.Struct, frozen=True):
    trust: Trust
    p7s: bytes
    now: dt.datetime
    signers: frozenset[str] | None = None
    proven_at: dt.datetime | None = None


def copy_arguments(
    trust: Trust, expected: Expectation, now: dt.datetime, proven_at: dt.datetime | None = None
) -> dict[str, Any]:
    """Return the arguments of `judge_copy` as plain values."""
    return dict(msgspec.to_builtins(_CopyArguments(trust, expected, now, proven_at)))


def record_arguments(
    trust: Trust,
    p7s: bytes,
    now: dt.datetime,
    signers: frozenset[str] | None = None,
    proven_at: dt.datetime | None = None,
) -> dict[str, Any]:
    """Return the arguments of `judge_record` as plain values."""
    return dict(msgspec.to_builtins(_RecordArguments(trust, p7s, now, signers, proven_at)))


def judge_copy(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Judge a copy inside the sandbox; the answer is read with `read_report`."""
    load_validation()
    told = msgspec.convert(arguments, _CopyArguments)
    return msgspec.msgpack.encode(
        verify_copy(payload, trust=told.trust, expected=told.expected, now=told.now, proven_at=told.proven_at)
    )


def judge_record(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Judge a record inside the sandbox; the answer is read with `read_report`."""
    load_validation()
    told = msgspec.convert(arguments, _RecordArguments)
    return msgspec.msgpack.encode(
        verify_record(payload, told.p7s, told.trust, told.now, signers=told.signers, proven_at=told.proven_at)
    )


def read_report(answer: bytes) -> VerificationReport:
    """Return the report in an answer of the sandbox."""
    return msgspec.msgpack.decode(answer, type=VerificationReport)
