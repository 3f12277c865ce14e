"""Decoding a file from outside: checks that need no parsing here, everything else in the sandbox.

Invariant: no library that understands PDF or pictures is loaded into this process. The caller keeps the original bytes
unchanged as evidence; what comes back is fresh.

Source: QĐ 1333/QĐ-BHXH, Điều 8.2b and 8.2đ (whole, exact, intact).
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from typing import Any, Protocol

import msgspec

from edge_node.capture import errors, file_errors
from edge_node.capture.untrusted import DecodedFile, DecodedPage, DecodeLimits, DecodeReport, FileKind, Reason, kind_of
from sync_protocol.adapters.sandbox.errors import (
    SandboxOutOfMemory,
    SandboxProblem,
    SandboxResultTooLarge,
    SandboxTaskUnknown,
    SandboxTimeout,
    SandboxUnavailable,
)
from sync_protocol.adapters.sandbox.sandbox import SandboxLimits

DECODE_TASK = "decode"
DECODE_ENTRY = "edge_node.capture.decode_task:run"
# Address space bounds what is resident; libraries take about 90 MB of it before the first byte (measured).
PROCESS_LIMITS = SandboxLimits(memory_mb=512, cpu_s=10, wall_s=20.0, result_mb=128)
# Few enough that 10 s of processor time suffice for honest pages at 300 dpi (0.3–0.6 s each when rendered).
PAGES_PER_PROCESS = 8

_PROBLEMS: dict[Reason, type[errors.CaptureProblem]] = {
    "empty": file_errors.EmptyFile,
    "unknown_kind": file_errors.UnknownKind,
    "too_large": file_errors.FileTooLarge,
    "damaged": file_errors.DamagedFile,
    "encrypted": file_errors.EncryptedFile,
    "active_content": file_errors.ActiveContent,
    "too_many_pages": file_errors.TooManyPages,
    "image_too_big": file_errors.ImageTooBig,
    "too_complex": file_errors.TooComplex,
    "mixed_kinds": file_errors.MixedKinds,
    "animated": file_errors.AnimatedImage,
}


class RunsTasks(Protocol):
    """What decoding needs of a sandbox (`sync_protocol.adapters.sandbox.sandbox.Sandbox`)."""

    def run(self, task: str, payload: bytes, arguments: dict[str, Any], *, limits: SandboxLimits | None) -> bytes:
        """Run a registered task in its own process."""


def decode_file(
    data: bytes,
    declared_name: str,
    *,
    sandbox: RunsTasks,
    limits: DecodeLimits | None = None,
    frames: AbstractSet[int] | None = None,
) -> DecodedFile:
    """Turn the bytes of a file into pages, or say why not.

    Blocking (0.2 s and more); an event loop calls it in a thread. Repeating it gives the same pages.

    Args:
        data: the whole file; the first bytes decide its kind.
        declared_name: as the sender called it; used only in sentences to the clerk.
        sandbox: with `DECODE_TASK` → `DECODE_ENTRY` on its allow list.
        limits: per file; the profile's resolution is part of it.
        frames: only these pages, counted from 0; None for all. Stretches without a wanted page are not decoded.

    Raises:
        CaptureProblem: CAP-001 … CAP-011.
        SandboxProblem: SBX-001, SBX-006 or SBX-007: the machine or our code, not the file.
    """
    limits = limits or DecodeLimits()
    shown = shown_name(declared_name)
    kind = checked_kind(data, shown, limits)
    pages: list[DecodedPage] = []
    warnings: set[str] = set()
    first = min(frames, default=0) // PAGES_PER_PROCESS * PAGES_PER_PROCESS if frames is not None else 0
    page_count, size_bytes = first + 1, 0
    while first < page_count:
        if frames is not None and frames.isdisjoint(range(first, first + PAGES_PER_PROCESS)):
            first += PAGES_PER_PROCESS
            continue
        report = _stretch(data, shown, sandbox, limits, first)
        pages += [page for page in report.pages if frames is None or page.source_frame in frames]
        first += len(report.pages)
        warnings |= set(report.warnings)
        page_count = report.page_count
        size_bytes += sum(len(page.content) for page in report.pages)
        if size_bytes > limits.pages_mb << 20:
            raise file_errors.FileTooLarge(name=shown, limit_mb=limits.pages_mb)
        if not report.pages:
            raise file_errors.DamagedFile(name=shown, detail="fewer pages than announced")
    return DecodedFile(kind, tuple(pages), tuple(sorted(warnings)))


def checked_kind(data: bytes, shown: str, limits: DecodeLimits) -> FileKind:
    """The kind of a file that is not empty, not too large and of a kind we take.

    Raises:
        EmptyFile, FileTooLarge, UnknownKind: CAP-001, CAP-003, CAP-002.
    """
    if not data:
        raise file_errors.EmptyFile(name=shown)
    if len(data) > limits.file_mb << 20:
        raise file_errors.FileTooLarge(name=shown, limit_mb=limits.file_mb)
    kind = kind_of(data)
    if kind is None:
        raise file_errors.UnknownKind(name=shown)
    return kind


def shown_name(declared_name: str) -> str:
    """A declared name made safe to show: last path part, no control or direction marks, at most 80 characters."""
    last = declared_name.replace("\\", "/").rpartition("/")[2]
    return "".join(letter for letter in last if letter.isprintable())[:80] or "không tên"


def _stretch(data: bytes, shown: str, sandbox: RunsTasks, limits: DecodeLimits, first: int) -> DecodeReport:
    arguments = {"limits": msgspec.to_builtins(limits), "first": first, "count": PAGES_PER_PROCESS}
    answer = run_on_file(sandbox, DECODE_TASK, data, arguments, PROCESS_LIMITS, shown)
    try:
        report = msgspec.msgpack.decode(answer, type=DecodeReport)
    except msgspec.MsgspecError as problem:
        raise file_errors.TooComplex(name=shown, detail="answer not understood") from problem
    require_accepted(report.refusal, report.detail, shown, limits)
    return report


def run_on_file(
    sandbox: RunsTasks, task: str, data: bytes, arguments: dict[str, Any], process: SandboxLimits, shown: str
) -> bytes:
    """Run a task over an untrusted file; what the sandbox says of the file becomes the clerk's sentence.

    Raises:
        FileTooLarge, TooComplex: CAP-003, CAP-009. SandboxProblem: the machine or our code, not the file.
    """
    try:
        return sandbox.run(task, data, arguments, limits=process)
    except (SandboxUnavailable, SandboxTaskUnknown):
        raise
    except SandboxResultTooLarge as problem:
        raise file_errors.FileTooLarge(name=shown, limit_mb=process.result_mb) from problem
    except (SandboxTimeout, SandboxOutOfMemory) as problem:
        raise file_errors.TooComplex(name=shown, detail=problem.code) from problem
    except SandboxProblem as problem:
        if problem.code == "SBX-006":
            raise
        # A crash is what a library does with a file made to crash it.
        raise file_errors.TooComplex(name=shown, detail=problem.operator_line) from problem


def require_accepted(refusal: Reason | None, detail: str, shown: str, limits: DecodeLimits) -> None:
    """Let an accepted file pass, or say why the sandboxed side refused it. Raises CAP-001 … CAP-011."""
    if refusal is not None:
        raise _PROBLEMS[refusal](name=shown, detail=detail, limit_mb=limits.file_mb, limit_pages=limits.pages)
