"""Recorded readings: pages as a reader would give them, without a reader."""

from __future__ import annotations

from edge_node.imaging.geometry import Box, Transform
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.model import DocumentReading, Line, PageReading, RecogniserKind, Word

SAME = "\0"
"""Stands for: the second reader read the same."""


def line(x: int, y: int, text: str, second: str | None = SAME, by_hand: str = "", height: int = 40) -> Line:
    """A line 17 px wide per character; words contained in `by_hand` look written."""
    box = Box(x, y, max(1, 17 * len(text)), height)
    words = tuple(
        Word(w.text, w.box, bool(by_hand) and w.text in by_hand) for w in words_of(LineDraft(text, box, 0.99))
    )
    return Line(text, box, 0.99, words, text if second == SAME else second, 0.9)


def page(*lines: Line, to_page: Transform | None = None) -> PageReading:
    """An A4 page at 200 dpi with these lines."""
    return PageReading(RecogniserKind.TWO_READERS, 200, 1654, 2339, lines, to_page=to_page or Transform())


def document(*lines: Line) -> DocumentReading:
    """A paper of one page."""
    return DocumentReading((page(*lines),))


HEAD = (
    line(880, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"),
    line(150, 130, "BẢO HIỂM XÃ HỘI VIỆT NAM"),
    line(980, 180, "Độc lập - Tự do - Hạnh phúc"),
    line(150, 180, "BẢO HIỂM XÃ HỘI CƠ SỞ BA ĐÌNH"),
    line(200, 240, "Số: 1234/QĐ-BHXH"),
    line(900, 240, "Hà Nội, ngày 05 tháng 10 năm 2026"),
    line(740, 380, "QUYẾT ĐỊNH"),
    line(560, 430, "Về việc hưởng trợ cấp thai sản"),
)
