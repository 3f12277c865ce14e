"""A look at a file that arrived: every page small, its codes and doubts, without its own bytes ever reaching a screen.

Source: QĐ 1333/QĐ-BHXH Điều 8.2a (count of originals and copies): a page is seen, counted and kept even when it is blank.
"""

from __future__ import annotations

import msgspec

from edge_node.capture.decode import RunsTasks, checked_kind, require_accepted, run_on_file, shown_name
from edge_node.capture.file_errors import DamagedFile, TooComplex
from edge_node.capture.untrusted import DecodeLimits, Reason
from sync_protocol.adapters.sandbox.sandbox import SandboxLimits

LOOK_TASK = "look"
LOOK_ENTRY = "edge_node.capture.page_task:look"
# OpenCV takes about 400 MB of address space before the first page; 4 rendered pages with their codes need about 4 s of processor.
LOOK_LIMITS = SandboxLimits(memory_mb=2048, cpu_s=15, wall_s=60.0, result_mb=32)
PAGES_PER_LOOK = 4


class PageLook(msgspec.Struct, frozen=True):
    """One page: position in the file from 0, size in px, SHA-256 of the decoded image, two JPEGs, texts of codes, doubts (Vietnamese).

    `corners` (8 shares) and `sheet_dpi` are of a sheet photographed aslant; empty and 0 where there is none. `print` is the page's
    fingerprint (imaging.duplicates), empty for a blank one.
    """

    frame: int
    width_px: int
    height_px: int
    digest: bytes
    thumb: bytes
    view: bytes
    codes: tuple[str, ...]
    is_blank: bool
    doubts: tuple[str, ...]
    corners: tuple[float, ...] = ()
    sheet_dpi: int = 0
    print: bytes = b""


class LookReport(msgspec.Struct, frozen=True):
    """What the sandboxed side answers: a stretch of pages, or the reason for refusing the file."""

    refusal: Reason | None = None
    detail: str = ""
    page_count: int = 0
    pages: tuple[PageLook, ...] = ()


def look_at(
    data: bytes, declared_name: str, *, sandbox: RunsTasks, limits: DecodeLimits | None = None
) -> tuple[PageLook, ...]:
    """All pages of a file, in order. Blocking (0.3 s and more per page); repeating it gives the same.

    Raises:
        CaptureProblem: CAP-001 … CAP-011. SandboxProblem: the machine or our code, not the file.
    """
    limits = limits or DecodeLimits()
    shown = shown_name(declared_name)
    checked_kind(data, shown, limits)
    pages: list[PageLook] = []
    page_count = 1
    while len(pages) < page_count:
        arguments = {"limits": msgspec.to_builtins(limits), "first": len(pages), "count": PAGES_PER_LOOK}
        answer = run_on_file(sandbox, LOOK_TASK, data, arguments, LOOK_LIMITS, shown)
        try:
            report = msgspec.msgpack.decode(answer, type=LookReport)
        except msgspec.MsgspecError as problem:
            raise TooComplex(name=shown, detail="answer not understood") from problem
        require_accepted(report.refusal, report.detail, shown, limits)
        if not report.pages:
            raise DamagedFile(name=shown, detail="fewer pages than announced")
        pages += report.pages
        page_count = report.page_count
    return tuple(pages)
