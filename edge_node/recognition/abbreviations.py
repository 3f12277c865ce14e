"""Abbreviations of the office's papers: of which one letter came out small, or whose Đ lost its stroke.

In the symbol of a number ("15/HĐLĐ-2026") a stroke is two pixels, and both readers write "HDLD". Only what can be one abbreviation alone is put
right: "HD" is "hướng dẫn" as well as "hợp đồng" and stays, "GD" is "giáo dục" and "giám đốc", "ND" is "nhân dân" and "nghị định".
"""

from __future__ import annotations

import re

import msgspec

from edge_node.recognition.model import Word

IN_CAPITALS = frozenset(("CCCD", "CMND", "BHXH", "BHYT", "BHTN", "UBND", "TNLĐ", "BNN"))

WITH_STROKE = (
    "QĐ", "HĐLĐ", "NĐ-CP", "HĐND", "TNLĐ", "TNLĐ-BNN", "LĐTBXH", "BLĐTBXH", "SLĐTBXH", "GĐYK", "HĐGĐYK", "TTGĐYK", "ĐDCN", "ĐKKD", "ĐKDN", "QĐ-BHXH", "QĐ-UBND",
    "QĐ-TTg", "QĐ-BYT", "QĐ-BTC", "QĐ-BNV", "QĐ-HĐND", "LĐLĐ", "TLĐ", "NLĐ", "NSDLĐ", "NVLĐ", "ĐKHK", "CĐSP", "HĐTV", "HĐQT",
)  # fmt: skip
"""Each has one reading only, also without its strokes; "CP", "UBND" and the like have none."""

_FORM_NUMBER = re.compile(r"TK[Il|]-TS")
"""The form that every office sees most, TK1-TS: its one is read as a letter, and there is no form TKI."""

_RUN = re.compile(r"(?<![^\W_])[A-ZĐ]+(?:-CP|-BNN)?(?![^\W_])")
_SHORT = 3
"""Letters up to which an abbreviation counts only in the symbol of a number: a firm may be called "QD"."""

_MARKS_AROUND = ".,;:()\"'/-–"


def _with_strokes(run: str, is_symbol: bool) -> str:
    known = _BY_BONES.get(_without_strokes(run), run)
    return known if is_symbol or len(run) > _SHORT else run


def _without_strokes(text: str) -> str:
    return text.replace("Đ", "D")


_BY_BONES = {_without_strokes(one): one for one in WITH_STROKE}


def abbreviation_mended(word: Word) -> Word:
    """The word with its abbreviations in capitals and with their strokes; what changed is marked `mended`. Pure."""
    text = _FORM_NUMBER.sub("TK1-TS", word.text)
    core = text.strip(_MARKS_AROUND)
    if core.upper() in IN_CAPITALS and sum(sign.islower() for sign in core) == 1:
        text = text.replace(core, core.upper())
    text = _RUN.sub(lambda run: _with_strokes(run[0], "/" in text), text)
    return word if text == word.text else msgspec.structs.replace(word, text=text, mended=True)
