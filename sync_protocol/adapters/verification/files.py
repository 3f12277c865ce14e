"""Any file that somebody lays on the desk: what is it worth? Judged in the sandbox, told as a report, never an exception.

A PDF is taken with the signatures it has. A metadata record (`name.json` beside `name.json.p7s`) is judged with its detached
signature. Whatever else comes is said not to be a PDF.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Sequence
from pathlib import Path

import msgspec

from sync_protocol.adapters.sandbox.errors import SandboxProblem
from sync_protocol.adapters.sandbox.sandbox import Sandbox, SandboxLimits, open_sandbox
from sync_protocol.adapters.verification.errors import TooLarge
from sync_protocol.adapters.verification.report import Expectation, Reason, Trust, VerificationReport
from sync_protocol.adapters.verification.structure import MAX_FILE_BYTES
from sync_protocol.adapters.verification.task import (
    COPY_TASK,
    RECORD_TASK,
    copy_arguments,
    read_report,
    record_arguments,
)
from sync_protocol.errors import Problem

LIMITS = SandboxLimits(memory_mb=2048, cpu_s=20, wall_s=60.0, result_mb=4)
AS_FOUND = Expectation(is_open=True)


class FileUnreadable(Problem):
    """The path given names nothing that can be read."""

    code = "VER-030"
    sentence = "Không đọc được tệp thứ {place} trong danh sách cần kiểm tra."
    next_step = "Xem lại đường dẫn và quyền đọc của tệp đó rồi chạy lại."
    operator = "file number {place} cannot be read: {found}"
    exit_code = 2
    event = "verification.file"


class JudgedFile(msgspec.Struct, frozen=True):
    """One file as the caller named it, and its report."""

    file: str
    report: VerificationReport


def judge_files(paths: Sequence[Path], trust: Trust, now: dt.datetime) -> list[JudgedFile]:
    """Judge files one after the other at `now` (aware), each in a process of its own.

    Raises:
        FileUnreadable: a path cannot be read; nothing is judged then.
        SandboxUnavailable: no safe process can be started on this machine.
    """
    contents = [_read(path, place) for place, path in enumerate(paths, start=1)]
    sandbox = open_sandbox({"copy": COPY_TASK, "record": RECORD_TASK}, slots=1)
    return [
        JudgedFile(str(path), _judge(sandbox, content, _signature_beside(path), trust, now))
        for path, content in zip(paths, contents, strict=True)
    ]


def _judge(sandbox: Sandbox, content: bytes, p7s: bytes | None, trust: Trust, now: dt.datetime) -> VerificationReport:
    try:
        if len(content) > MAX_FILE_BYTES:
            raise TooLarge(limit="file bytes", found=len(content))
        if p7s is not None:
            return read_report(sandbox.run("record", content, record_arguments(trust, p7s, now), limits=LIMITS))
        return read_report(sandbox.run("copy", content, copy_arguments(trust, AS_FOUND, now), limits=LIMITS))
    except (SandboxProblem, TooLarge) as problem:
        reason = Reason(problem.code, "invalid", problem.clerk_sentence, problem.clerk_next_step, problem.operator_line)
        return VerificationReport("invalid", hashlib.sha256(content).hexdigest(), len(content), 0, (), (reason,))


def _read(path: Path, place: int) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        raise FileUnreadable(place=place, found=type(error).__name__) from error


def _signature_beside(path: Path) -> bytes | None:
    beside = path.with_name(path.name + ".p7s")
    if path.suffix != ".json" or not beside.is_file():
        return None
    with beside.open("rb") as file:
        return file.read(1 << 20)
