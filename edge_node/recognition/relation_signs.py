"""Numbers before which "≥" or "≤" stands, put right by the ink: both readers take the sign for a digit ("≥14" is "214"), a letter or nothing.

What is changed here is `mended`: no reader saw it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import around
from edge_node.recognition.model import Word
from edge_node.recognition.relation_ink import sign_before
from edge_node.recognition.word_ink import snug_boxes

_ASKED = re.compile(r"(?P<open>[(\[]?)(?P<sign>[2sSzZèéêÈ5&:;<>=£€-]?\s?)(?P<number>\d[\d.,]{0,7})(?P<rest>(?![/-])\D.*|)")
"""A word whose first sign may be one, and the number behind it; no day, no document's number, none of many digits."""
_TAKEN_FOR = "25"
"""Digits that the readers write for the signs."""
_ALONE = re.compile(r"[2sSzZèéêÈ5&:;<>=£€-]")


def relations_seen(words: Sequence[Word], grey: Grey) -> tuple[Word, ...]:
    """The words of a line, with the signs that the ink shows before numbers. Pure."""
    done = list(words)
    asked = [at for at, word in enumerate(words) if _ASKED.fullmatch(word.text) or _stands_alone(words, at)]
    if not asked:
        return tuple(done)
    boxes = snug_boxes(grey, [word.box for word in words])
    for at in asked:
        box = around(boxes[at : at + 2]) if _stands_alone(words, at) else boxes[at]
        seen = sign_before(grey, box, words[at].text[:1] in ("(", "["))
        if seen is not None:
            done[at] = msgspec.structs.replace(words[at], text=seen[0] if _stands_alone(words, at) else _with_sign(words[at].text, *seen), mended=True)
    return tuple(done)


def _stands_alone(words: Sequence[Word], at: int) -> bool:
    """Whether a word of one sign stands before a number: "è 10"."""
    return bool(_ALONE.fullmatch(words[at].text)) and at + 1 < len(words) and words[at + 1].text[:1].isdigit()


def _with_sign(text: str, sign: str, digits: int) -> str:
    """A number with the sign in front, instead of what was read for it: with one digit more than the ink has behind the sign, the first is none."""
    found = _ASKED.fullmatch(text)
    if found is None:
        return text
    number = found["sign"].strip() * found["sign"].strip().isdigit() + found["number"]
    read, others = sum(one.isdigit() for one in number), sum(one.isalnum() for one in found["rest"])
    is_the_sign = read > 1 and number[0] in _TAKEN_FOR and (others > 0 or digits < read)
    return f"{found['open']}{sign}{number[1:].lstrip('.,') if is_the_sign else number}{found['rest']}"
