"""The marks behind words, settled by what stands in the ink, as a witness beside both readers.

Both like to lose a full stop at the end of a line, and the first writes a comma for a stop inside one. A mark is no letter: what changes here is
not `mended`, as with other signs. Where the ink shows nothing clearly, the first reader's mark stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import dropwhile

import msgspec

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.alignment import same_words
from edge_node.recognition.folding import bare
from edge_node.recognition.mark_ink import LOW, STACKED, line_ink, mark_behind
from edge_node.recognition.model import Word
from edge_node.recognition.word_ink import snug_boxes

_MARKS = ".,;:"

_ENDS = ")]%/\"”’"
"""What else than a letter or digit a mark stands behind; the lower end of an exclamation mark is no stop."""

_EITHER = {LOW: (".", ","), STACKED: (":", ";")}

_BEFORE = 4
"""How much of a line is looked at before the first word in question, in its heights: a few letters for the baseline."""

_AMOUNT = re.compile(r"\d{1,3}(?:\.\d{3})+")

_FEW = 3


def marks_settled(words: Sequence[Word], second: str, grey: Grey, line: Box) -> tuple[Word, ...]:
    """The words of the line in `line`, px of `grey`, those with another mark behind them where ink and readers settle it so. Pure."""
    done = list(words)
    said = _said(words, second)
    asked = [at for at in range(len(words)) if _is_asked(words, at, said)]
    if not asked:
        return tuple(done)
    boxes = snug_boxes(grey, [word.box for word in words])
    ink = line_ink(grey, line, boxes[asked[0]].x - _BEFORE * line.h)
    for at in asked:
        core, mark = _cut(words[at].text)
        seen = mark_behind(ink, boxes[at]) if ink is not None else None
        right = settled_mark(mark, said.get(at), seen, _place(words, at))
        if right != mark:
            done[at] = msgspec.structs.replace(words[at], text=core + right)
    return tuple(done)


def _cut(text: str) -> tuple[str, str]:
    core = text.rstrip(_MARKS)
    return core, text[len(core) :]


def _said(words: Sequence[Word], second: str) -> Mapping[int, str]:
    """For each word that the second reader has, by its end, the mark that it read behind it."""
    found = {}
    for at, other in same_words([word.text for word in words], second.split()).items():
        (core, _), (there, mark) = _cut(words[at].text), _cut(other)
        if core and bare(core)[-1] == bare(there)[-1:]:
            found[at] = mark
    for at in range(len(words)):
        ends = re.findall(r"[^\W_]{2,}", bare(_cut(words[at].text)[0])) if at not in found else []
        marks = re.findall(rf"(?<![^\W_]){ends[-1]}[\])]?([{_MARKS}]*)", bare(second)) if ends else []
        if len(marks) == 1:
            found[at] = marks[0]  # glued to its neighbour: "(03).Ngày"
    return found


def _is_asked(words: Sequence[Word], at: int, said: Mapping[int, str]) -> bool:
    """Whether the ink is looked at: at the end of a line, where the readers differ, and where a comma may be the stop of a sentence."""
    core, mark = _cut(words[at].text)
    if not core or not (core[-1].isalnum() or core[-1] in _ENDS):
        return False
    return at == len(words) - 1 or said.get(at, mark) != mark or (mark == "," and _may_be_stop(words, at))


def _may_be_stop(words: Sequence[Word], at: int) -> bool:
    """Whether the word is a number or no name, and a capital stands behind it ("Điều 2, Chế độ", "trước tuổi, Loại hình")."""
    core, _ = _cut(words[at].text)
    return (core[-1].isdecimal() or core[-1] in _ENDS or core[0].islower()) and words[at + 1].text[0].isupper()


def _place(words: Sequence[Word], at: int) -> str:
    """Where a word stands, as far as it counts for a stop: at the "end" of a sentence or, in the last place of a line too, of a "name" or number
    or of a "cell"; before a "capital" that may begin one, or "inside"."""
    if at == len(words) - 1:
        core, _ = _cut(words[at].text)
        return "cell" if _is_cell(words) else "end" if core.islower() and core[-1].isalpha() else "name"
    return "capital" if _may_be_stop(words, at) else "inside"


def _is_cell(words: Sequence[Word]) -> bool:
    """Whether the line is a remark or a heading ("Đã nhận"), with its neighbour's number or without: a few words that begin anew; the last words
    of a sentence begin small."""
    own = list(dropwhile(lambda word: _AMOUNT.fullmatch(word.text), words))
    return len(own) <= _FEW and bool(own) and own[0].text[:1].isupper()


def settled_mark(first: str, second: str | None, seen: str | None, place: str) -> str:
    """The mark that stands behind a word: `first` and `second` are the readers' (None: the second has no such word), `seen` what the ink shows.

    What one reader and the ink have is taken. The ink alone is believed for a stop: at the end of a line, but not behind a few words in a cell, and against
    both readers' comma only there and before a capital. A mark is taken away only where the second reader has none.

    >>> settled_mark(",", ".", ".", "inside"), settled_mark("", "", ".", "name"), settled_mark("", "", ".", "cell")
    ('.', '.', '')
    >>> settled_mark(",", ",", ".", "inside"), settled_mark(",", ",", ".", "capital"), settled_mark(".", "", None, "end")
    (',', '.', '.')
    """
    if not seen:
        return "" if seen == "" and second == "" else first
    if seen in _EITHER:
        return _settled_unsure(first, second, seen, place)
    if not first:
        return seen if second or (seen == "." and place in ("end", "name")) else first
    if first == second:
        return seen if (first, seen) == (",", ".") and place != "inside" else first
    return seen


def _settled_unsure(first: str, second: str | None, seen: str, place: str) -> str:
    """The same where the ink leaves two marks open: the readers' if it is one of them, else the stop that ends a sentence.

    The first reader writes a comma for a stop and hardly ever a stop for a comma.
    """
    if first == "," and ((second == "." and place != "inside") or (second == "" and place == "capital")):
        return "."
    for read in (first, second or ""):
        if read in _EITHER[seen]:
            return read
    return "." if seen == LOW and place == "end" and not first and not second else first
