"""Days that the first reader left impossible ("25/01/979", "01/0/2025") are looked at once more by it, twice as wide.

Faces that set a stroke close to the 1 behind it ("/1") leave both less than one step of the line network, and the 1 is lost. What sets the second look off is what the
first reader itself wrote, never the other reader, so that both stay independent; it may only put back what is as thin: a 1 or a stroke.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft, tidy, words_of

_WIDER = 2.0
"""Width of the second look against its height: of 19 such days of one list 19 were whole then, 15 at 1.6, 17 at 1.4, 14 at 1.2, two as they stand (2026-11-30)."""

_LIKE_A_DAY = re.compile(r"(?=.{6,10}$)(?=.*/)[\d/]+")
_WHOLE = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})")
_TWO_DIGITS = re.compile(r"\d\d/\d\d/\d{4}")
_STOPS = ".,;:)-–"
_THIN = frozenset("1/")

_ROOM = 0.15
"""What is added left and right, as a share of the box's height."""

_MOST = 60
"""Days of a page that are looked at again: the two columns of a long list."""

LineReader = Callable[[Sequence[Grey]], list[tuple[str, float, tuple[float, ...]]]]


def days_again(drafts: Sequence[LineDraft], grey: Grey, read: LineReader) -> list[LineDraft]:
    """The lines of the first reader, impossible days replaced that its wider look makes whole. `grey` is the page that was read."""
    done, left = [], _MOST
    for draft in drafts:
        start = 0
        for word in words_of(draft):
            start = draft.text.index(word.text, start)
            core = word.text.rstrip(_STOPS)
            if left and _LIKE_A_DAY.fullmatch(core) and not (_TWO_DIGITS.fullmatch(core) and _is_day(core)):
                left -= 1
                seen = tidy(_again(draft.box if word.text == draft.text else word.box, grey, read)).rstrip(_STOPS)
                if _is_day(seen) and _only_thin_added(core, seen):
                    draft = _with(draft, start, core, seen)
                    start += len(seen) - len(core)
            start += len(word.text)
        done.append(draft)
    return done


def _again(box: Box, grey: Grey, read: LineReader) -> str:
    import cv2

    room = max(2, round(box.h * _ROOM))
    cut = grey[max(0, box.y) : box.bottom + 1, max(0, box.x - room) : box.right + room]
    if min(cut.shape) < 8:
        return ""
    wide = cv2.resize(cut, None, fx=_WIDER, fy=1.0, interpolation=cv2.INTER_CUBIC)
    return read([np.asarray(wide, np.uint8)])[0][0]


def _is_day(text: str) -> bool:
    found = _WHOLE.fullmatch(text)
    try:
        return found is not None and 1900 <= dt.date(int(found[3]), int(found[2]), int(found[1])).year <= 2100
    except ValueError:
        return False


def _only_thin_added(short: str, whole: str) -> bool:
    """Whether `whole` is `short` with signs put in that are hardly wider than a stroke."""
    at = 0
    for sign in whole:
        if at < len(short) and sign == short[at]:
            at += 1
        elif sign not in _THIN:
            return False
    return at == len(short) and len(whole) > len(short)


def _with(draft: LineDraft, start: int, short: str, whole: str) -> LineDraft:
    """The line with `whole` in place of `short` at `start`; the signs of the word share its width."""
    text = draft.text[:start] + whole + draft.text[start + len(short) :]
    if len(draft.centres) != len(draft.text):
        return replace(draft, text=text, centres=(), chances=())
    end = start + len(short)
    own = np.linspace(draft.centres[start], draft.centres[end - 1], len(whole))
    chances = () if not draft.chances else (*draft.chances[:start], *[min(draft.chances[start:end])] * len(whole), *draft.chances[end:])
    return replace(draft, text=text, centres=(*draft.centres[:start], *own.tolist(), *draft.centres[end:]), chances=chances)
