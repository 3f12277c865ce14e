"""The ticket on paper: the right size, every letter, the same bytes again."""

from __future__ import annotations

from pathlib import Path

import pypdfium2 as pdfium
import pytest

from edge_node.counter.errors import TicketNotDrawn
from edge_node.counter.printing import Paper, print_ticket
from edge_node.counter.ticket import Ticket
from sync_protocol.ids import RecordId

TICKET = Ticket(RecordId(bytes(16)), "2026-11-20", 128, "supplement", "waiting", 0, 1_795_000_000_000)
OFFICE = "BHXH cơ sở Đống Đa, Ế Ộ Ữ Ẵ"


def printed(paper: Paper, before: int = 4) -> bytes:
    return print_ticket(TICKET, office_name=OFFICE, before=before, paper=paper)


@pytest.mark.parametrize(("paper", "width_mm"), [("roll", 80), ("a5", 210)])
def test_a_ticket_fills_one_page_of_its_paper_and_says_everything(paper: Paper, width_mm: int) -> None:
    pdf = pdfium.PdfDocument(printed(paper))
    assert len(pdf) == 1 and round(pdf[0].get_width() / 72 * 25.4) == width_mm
    text = " ".join(pdf[0].get_textpage().get_text_range().split())
    for words in (
        "BHXH CƠ SỞ ĐỐNG ĐA, Ế Ộ Ữ Ẵ",
        "128",
        "Bổ sung giấy tờ",
        "18:06 ngày 18/11/2026",
        "Còn 4 người trước bạn",
    ):
        assert words in text, words


def test_who_comes_next_is_told_so() -> None:
    text = pdfium.PdfDocument(printed("roll", before=0))[0].get_textpage().get_text_range()
    assert "Bạn là người kế tiếp" in text


def test_the_same_ticket_gives_the_same_bytes() -> None:
    assert printed("roll") == printed("roll")


def test_without_its_letters_a_ticket_is_still_a_number_and_never_a_crash(tmp_path: Path) -> None:
    blank = tmp_path / "no-such-folder"
    try:
        made = print_ticket(TICKET, office_name=OFFICE, before=1, paper="roll", fonts_dir=blank)
    except TicketNotDrawn as problem:
        assert "128" in problem.clerk_sentence
    else:
        assert made.startswith(b"%PDF")
