"""Until when a paper is in force: the day on which it ends, where the paper says one; its words only where there is none.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 9.2 h (thời hạn có hiệu lực).
"""

from __future__ import annotations

import re
from dataclasses import replace

from edge_node.extraction.find import Find
from edge_node.extraction.grammar import values
from edge_node.recognition.folding import bare

_UNTIL = re.compile(r"(?:\bden(?: het)?(?: cuoi)?|[-–])(?: ng\S{1,2}y)?(?:\s?/\s?(?:un)?(?:to|til|till)(?: the)?)?\s*:?\s*$")
_HOW_LONG = re.compile(r"\b\d{1,3} (?:\(\w[\w ]{1,20}\) )?(?:thang|nam|ngay|tuan)\b(?! \d)")
TERM_AND_END = "giấy ghi cả thời hạn, ở đây chỉ lấy ngày kết thúc"
_KIND_ALONE = re.compile(r"\W*(?:hop dong (?:lao dong )?)?xac dinh thoi han\W*")


def ends_on(find: Find) -> Find | None:
    """The day in a term's words on which it ends ("24 tháng, từ ngày 01/3/2023 đến hết ngày 28/02/2025"), None where they name none."""
    parts = [(find.row, find.start, find.end), *((row, 0, len(row.text)) for row in find.more)]
    before, found = bare(find.row.text[: find.start]), None
    for row, start, end in parts:
        for day in values("date", row.text[start:end]):
            if day.holds and _UNTIL.search(f"{before} {bare(row.text[start : start + day.start])}"):
                found = Find("date", row, start + day.start, start + day.end, of_another=find.of_another)
        before = f"{before} {bare(row.text[start:end])}"
    return replace(found, doubt=TERM_AND_END) if found is not None and _says_more(find) else found


def _says_more(find: Find) -> bool:
    """Whether the words also say how long the term is, or another day: nobody can know whether an office wants them whole."""
    return _HOW_LONG.search(bare(find.text)) is not None or len([day for day in values("date", find.text) if day.holds]) > 1


def as_printed(find: Find) -> str:
    """That day as the paper has it, "ngày" with it where its month is called one."""
    said = find.row.text[find.start : find.end].strip()
    return f"ngày {said}" if re.search(r"[^\W\d]", said) and not said.startswith("ngày") else said


def is_doubtful(find: Find) -> bool:
    """Whether a term's words name a day that is not said to be its end, or only the kind of a contract."""
    return _KIND_ALONE.fullmatch(bare(find.text)) is not None or bool(values("date", find.text))
