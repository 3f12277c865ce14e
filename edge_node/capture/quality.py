"""The quality gate on technical parameters: each limit with its clause, each verdict as advice or as a stop.

Blur, skew, blankness and contrast are measured by `imaging`; this module holds what the law fixes.

Source: NĐ 30/2020/NĐ-CP, Phụ lục I, phần II, mục I (PDF from 1.4, colour, from 200 dpi, scale 100 %);
TT 02/2019/TT-BNV names the same figures.
"""

from __future__ import annotations

import re
from typing import Literal

import msgspec

from edge_node.capture.errors import BelowScanStandard

Finding = Literal["resolution_low", "resolution_unknown", "not_colour", "scaled", "pdf_version_old"]

CLAUSE = "NĐ 30/2020/NĐ-CP, Phụ lục I, phần II, mục I"
_LABELS: dict[Finding, str] = {
    "resolution_low": "độ phân giải dưới 200 dpi",
    "resolution_unknown": "chưa rõ độ phân giải",
    "not_colour": "ảnh không phải ảnh màu",
    "scaled": "ảnh không đúng tỷ lệ 100%",
    "pdf_version_old": "tệp PDF dưới phiên bản 1.4",
}
_STOPS: frozenset[Finding] = frozenset(("resolution_low", "scaled", "pdf_version_old"))


class ScanStandard(msgspec.Struct, frozen=True):
    """The figures of the clause; published with an effective date like every rule of law."""

    dpi_min: int = 200
    needs_colour: bool = True
    scale_percent: int = 100
    scale_tolerance_percent: int = 3
    pdf_version_min: tuple[int, int] = (1, 4)
    clause: str = CLAUSE


class Capture(msgspec.Struct, frozen=True):
    """What is known of one page: `sheet_mm` (width, height) of the paper where the profile fixes it, else None."""

    width_px: int
    height_px: int
    dpi: int
    is_colour: bool
    sheet_mm: tuple[float, float] | None = None


def findings(capture: Capture, standard: ScanStandard | None = None) -> tuple[Finding, ...]:
    """Everything about one page that is below the standard, worst first; empty when it meets it."""
    standard = standard or ScanStandard()
    found: list[Finding] = []
    if capture.dpi == 0:
        found.append("resolution_unknown")
    elif capture.dpi < standard.dpi_min:
        found.append("resolution_low")
    if capture.dpi and capture.sheet_mm and _scale_error_percent(capture) > standard.scale_tolerance_percent:
        found.append("scaled")
    if standard.needs_colour and not capture.is_colour:
        found.append("not_colour")
    return tuple(found)


def _scale_error_percent(capture: Capture) -> float:
    """How far the picture's size on paper is from the sheet's, in percent; orientation does not matter."""
    if capture.sheet_mm is None:
        return 0.0
    sheet = sorted(capture.sheet_mm)
    picture = sorted((capture.width_px / capture.dpi * 25.4, capture.height_px / capture.dpi * 25.4))
    return max(abs(found - true) / true * 100 for found, true in zip(picture, sheet, strict=True))


def pdf_findings(header: bytes, standard: ScanStandard | None = None) -> tuple[Finding, ...]:
    """Check the version in the first bytes of a PDF that is to be signed.

    >>> pdf_findings(b"%PDF-1.3"), pdf_findings(b"%PDF-1.7")
    (('pdf_version_old',), ())
    """
    standard = standard or ScanStandard()
    version = re.match(rb"%PDF-(\d)\.(\d)", header)
    if version is None or (int(version[1]), int(version[2])) < standard.pdf_version_min:
        return ("pdf_version_old",)
    return ()


def label(finding: Finding) -> str:
    """The finding in the clerk's words."""
    return _LABELS[finding]


def require_standard(page_number: int, found: tuple[Finding, ...], *, accepted_because: str = "") -> None:
    """Let a page pass, or stop.

    Args:
        page_number: as the clerk counts, from 1.
        found: from `findings` or `pdf_findings`.
        accepted_because: the officer's reason for "Vẫn dùng"; it settles advice, never a stop.

    Raises:
        BelowScanStandard: CAP-024 naming the page and the finding.
    """
    open_points = [point for point in found if point in _STOPS or not accepted_because.strip()]
    if open_points:
        raise BelowScanStandard(page=page_number, what=label(open_points[0]), finding=open_points[0])
