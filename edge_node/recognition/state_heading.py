"""The national title and the motto, which stand on nearly every paper and never differ: one reader is enough for them.

They hold no value and were a tenth of all width that the first reader walked over. Where the second reader saw one of them whole, letter
for letter, the first does not look; marks that it got wrong ("CÔNG", "CHÚ") are put right as printed. The words are `mended`: they never count as
agreement of two readers.

Source: NĐ 30/2020/NĐ-CP, Phụ lục I, phần II, mục I, khoản 1 (Quốc hiệu và Tiêu ngữ).
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.folding import bare
from edge_node.recognition.model import Word

_TITLE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
_MOTTO = "Độc lập - Tự do - Hạnh phúc"
_DASHES = str.maketrans("–—", "--")
_OTHER_SPELLING = "HOÀ"

_INSIDE = 0.9
"""Share of the width of a box that must lie on the heading, so that nothing that stands beside it is passed over."""


def as_printed(text: str) -> str | None:
    """The heading of the state as it is printed, when `text` is one but for marks; None for every other line. Pure.

    >>> as_printed("CÔNG HOÀ XÃ HỘI CHÚ NGHĨA VIỆT NAM"), as_printed("Độc lập – Tụ do - Hạnh phúc"), as_printed("Tự do")
    ('CỘNG HOÀ XÃ HỘI CHỦ NGHĨA VIỆT NAM', 'Độc lập - Tự do - Hạnh phúc', None)
    """
    said = text.translate(_DASHES)
    for printed in (_TITLE, _MOTTO):
        same_case = [one.isupper() for one in said] == [one.isupper() for one in printed]
        if same_case and bare(said) == bare(printed):
            return " ".join(
                word if word == _OTHER_SPELLING else wanted
                for word, wanted in zip(said.split(), printed.split(), strict=True)
            )
    return None


def heading_mended(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a line, those of the state's heading as printed and marked `mended`: no two readers vouch for them. Pure."""
    printed = as_printed(" ".join(word.text for word in words))
    if printed is None:
        return tuple(words)
    return tuple(
        msgspec.structs.replace(word, text=text, mended=True) for word, text in zip(words, printed.split(), strict=True)
    )


def headings(lines: Sequence[LineDraft]) -> list[LineDraft]:
    """Those of a reader's lines that are the heading of the state and nothing else."""
    return [line for line in lines if as_printed(line.text) is not None]


def lies_on(box: Box, known: Sequence[Box]) -> bool:
    """Whether a box holds nothing but what one of `known` holds."""
    return any(box.same_row(one) and box.shared_columns(one) >= _INSIDE * box.w for one in known)


def not_read(known: Sequence[LineDraft], lines: Sequence[LineDraft]) -> list[LineDraft]:
    """Those of `known` on which none of `lines` lies: a heading that hangs together with its neighbour was read with it."""
    return [
        one
        for one in known
        if not any(line.box.same_row(one.box) and line.box.shared_columns(one.box) * 2 > one.box.w for line in lines)
    ]
