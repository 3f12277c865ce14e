"""Small faults of the first reader, mended where shape or the second reader leaves one way only.

It loses full stops and list dashes, sets spaces into machine-readable zones and glues words to a comma or stroke: the signs are put
right, no letter changes. A letter changes only where the first reader wrote what cannot be a syllable and the second reader saw, in the
same place, one that can. Such a word is marked `mended`: one reader alone vouches for it, so it never counts as agreement.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec
from rapidfuzz.distance import Levenshtein

from edge_node.imaging.geometry import Box, around
from edge_node.recognition.alignment import same_words
from edge_node.recognition.folding import bare
from edge_node.recognition.model import Word
from edge_node.recognition.syllable import is_syllable

_ZONE = re.compile(r"[A-Z0-9<]+<<[A-Z0-9<]*")
_GLUED = re.compile(
    r"(?<=[^\W\d]{2}[,;])(?=[^\W\d]{2})|(?<=^[-–])(?=[^\W\d]{2})|(?<=^/)(?=[^\W\d]{2})|(?<=[^\W\d]{2})(?=/$)"
    r"|(?<=[^\W\d]{2}:)(?=\w)|(?<=\d{4},)(?=[^\W\d]{2})|(?<=^\d\.)(?=[^\W\d]{2})|(?<=^\d\d\.)(?=[^\W\d]{2})|(?<=\d)(?=(?:ngày|tháng|năm)$)"
    r"|(?<=\d/(?:19|20)\d\d)(?=\d{1,2}[.,)](?:$|[^\W\d]))|(?<=\d\d/(?:19|20)\d\d)(?=[A-ZĐ][^\W\d])"
)
"""Where a space was lost: after a comma or colon, also behind a year, after a list's dash or number, between a number and its unit of time,
between a day and the number or the first word of the next item."""
_DATE_DASH = re.compile(r"(?<=^\d\d/\d\d/\d{4})(?=[-–]$)")
_DATE = re.compile(r"\d\d/\d\d/\d{4}")
_NUMBERED = re.compile(r"\d{1,2}[,.]")
_NUMBER_NAME = re.compile(r"\d{1,4}([^\W\d_]{2,})[.,;:]?")
_ROMAN = re.compile(r"[IlVX]{2,4}")
"""A Roman number; the first reader likes to lose one of three equal strokes."""

_STROKES = re.compile(r"[IlH1]*[IlH][IlH1]*")
"""What the first reader makes of the strokes of a Roman number that begins an item ("HI." of "III."); digits alone may be an item's own."""

_STOPS = ".,;:"

_FAR = 2
"""Letters in which a word may differ from the second reader's and still be the same word."""


def mended(words: Sequence[Word], second: str | None) -> tuple[Word, ...]:
    """The words of one line put right. Pure.

    `second` is what the second reader read there, None when there was none.
    """
    if not words:
        return ()
    zone = "".join(word.text for word in words)
    if _ZONE.fullmatch(zone):
        return (Word(zone, around(word.box for word in words)),)
    parts = [half for word in words for part in _parts(word, second or "") for half in _halves(part)]
    if second:
        parts = _as_seen(parts, second)
    return tuple(half for part in parts for half in _halves(part, small=True))


def _parts(word: Word, second: str) -> Iterator[Word]:
    """A word cut where a space belongs; the box is shared out by characters."""
    found = {m.start() for rule in (_GLUED, _DATE_DASH) for m in rule.finditer(word.text)}
    street = _behind_number(word.text)
    cuts = [0, *sorted(found | street | _next_column(word.text, second) | _apart(word.text, second)), len(word.text)]
    per_character = word.box.w / max(1, len(word.text))
    for start, end in zip(cuts, cuts[1:], strict=False):
        if end > start:
            x = round(word.box.x + start * per_character)
            width = max(1, round((end - start) * per_character))
            box = Box(x, word.box.y, width, word.box.h)
            yield msgspec.structs.replace(word, text=word.text[start:end], box=box, mended=word.mended or bool(street))


def _behind_number(text: str) -> set[int]:
    """Where a name begins behind the number of a house ("21Lý Thường Kiệt"): both readers like to miss the space there, so their agreement says nothing."""
    found = _NUMBER_NAME.fullmatch(text)
    return {found.start(1)} if found and found[1].istitle() and is_syllable(found[1]) else set()


def _apart(text: str, second: str) -> set[int]:
    """Where the second reader sees a space in the same letters ("tuổiđược", "30%", "46.016.868Đã"): it loses spaces and hardly ever sees one too
    many (in 80 pages 11 of 11 were right). Digits are not parted: their groups belong to a number; nor the letter of a house ("12A"), nor letters
    without any mark: "VinMart".
    """
    if (core := text.strip(_STOPS)).isascii() and core.isalpha():
        return set()
    letters, seen = bare(text).rstrip(_STOPS), second.split()
    found = set()
    for one, other in zip(seen, seen[1:], strict=False):
        is_number = one.isdecimal() and other.isdecimal()
        is_suffix = len(other.rstrip(_STOPS)) == 1 and other[0].isalpha()
        if not is_number and not is_suffix and bare(one + other).rstrip(_STOPS) == letters:
            found.add(len(bare(one)))
    return found


def _halves(word: Word, *, small: bool = False) -> Iterator[Word]:
    """Two syllables in one ("TỪYẾN", "ThịHoà", "khôngbị") that part in one place only; both readers like to miss the space, so both halves are `mended`.

    Only words with marks: without any it may be a foreign name ("SAMSUNG"). In `small` letters it may as well be one syllable misread ("toịch"), so they
    come after the second reader's witness.
    """
    core = word.text.rstrip(".,;:")
    alike = core.islower() if small else core.isupper()
    cuts = [at for at in range(2, len(core) - 1) if alike or (core[at].isupper() and core[at - 1].islower())]
    cuts = [at for at in cuts if is_syllable(core[:at]) and is_syllable(core[at:])]
    if len(cuts) != 1 or not core.isalpha() or core.isascii() or is_syllable(core):
        yield word
        return
    width = max(1, word.box.w * cuts[0] // len(word.text))
    yield Word(core[: cuts[0]], msgspec.structs.replace(word.box, w=width), word.by_hand, mended=True)
    rest = msgspec.structs.replace(word.box, x=word.box.x + width, w=max(1, word.box.w - width))
    yield Word(word.text[cuts[0] :], rest, word.by_hand, mended=True)


def _next_column(text: str, second: str) -> set[int]:
    """Where the next column of a card or form was glued to this one's value ("NamQuốc tịch"): two syllables, the other with a capital,
    which stand apart for the second reader; a sex is a word of its own for any reader. "HoaSen" may be printed so.
    """
    letters = text.rstrip(".,;:")
    cuts = [at for at in range(1, len(letters)) if letters[at].isupper() and letters[at - 1].islower()]
    if len(cuts) != 1 or not letters.isalpha():
        return set()
    one, other = letters[: cuts[0]], letters[cuts[0] :]
    apart = one in ("Nam", "Nữ") or f" {one} {other}" in f" {second}"
    return set(cuts) if apart and is_syllable(one) and is_syllable(other) else set()


def _as_seen(words: list[Word], second: str) -> list[Word]:
    """Letters that cannot be, the number of a list item and its dash, by the second reader's witness."""
    seen = second.split()
    if not seen:
        return words
    partner = same_words([word.text for word in words], seen)
    done = [_by_witness(word, partner[i]) if i in partner else word for i, word in enumerate(words)]
    for i in sorted(partner.keys() & {at - 1 for at in partner}):
        if _is_stop(done[i].text, partner[i], done[i + 1].text):
            done[i] = msgspec.structs.replace(done[i], text=done[i].text[:-1] + ".", mended=True)
    last = words[-1]
    if _DATE.fullmatch(last.text) and seen[-1] in (f"{last.text}-", f"{last.text}–"):
        width = max(1, last.box.w // 12)  # the dash of "from … -" in a table; the day's own digits are both readers'
        done.append(Word("-", Box(last.box.right - width, last.box.y, width, last.box.h), mended=True))
    at = 1 if len(done) > 1 and len(seen) > 1 and done[0].text == "Điều" else 0
    if _NUMBERED.fullmatch(done[at].text) and seen[at].startswith(done[at].text[:-1] + "."):
        done[at] = msgspec.structs.replace(done[at], text=done[at].text[:-1] + ".")
    if (
        seen[0][0] in "-–"
        and done[0].text[0].isalpha()
        and bare(second).lstrip("-– ").startswith(bare(done[0].text)[:2])
    ):
        box = done[0].box  # of the whole line, dash and all
        width = max(1, min(box.h // 3, box.w // 2))
        done[0] = msgspec.structs.replace(done[0], box=Box(box.x + width, box.y, box.w - width, box.h))
        done.insert(0, Word("-", Box(box.x, box.y, width, box.h)))
    return done


def _is_stop(text: str, seen: str, following: str) -> bool:
    """Whether the comma that the first reader saw is a full stop: the second reader saw one, and the next word begins a sentence.

    The first reader writes a comma for a stop inside a row, never a stop for a comma (12 of 12 on pages of another program, 2026-11-29). Behind digits,
    where a stop would change a number, nothing changes.
    """
    core = text.rstrip(_STOPS)
    is_word = core[-1:].isalpha() or core[-1:] in (")", "%", "”", '"')
    return text == core + "," and is_word and seen.endswith(".") and bare(seen).rstrip(_STOPS) == bare(core) and following[:1].isupper()


def _by_witness(word: Word, seen: str) -> Word:
    core, other = word.text.strip(".,;:()"), seen.strip(".,;:()")
    if core and core != other and _ROMAN.fullmatch(core) and _ROMAN.fullmatch(other) and len(other) >= len(core):
        return msgspec.structs.replace(word, text=word.text.replace(core, other.replace("l", "I")), mended=True)
    if core != other and _STROKES.fullmatch(core) and _ROMAN.fullmatch(other) and re.sub("[l1]", "I", core.replace("H", "II")) == other.replace("l", "I"):
        return msgspec.structs.replace(word, text=word.text.replace(core, other.replace("l", "I")), mended=True)
    if len(core) == 1 and len(other) == 1 and core in "lIgoO" and other.isdigit() and core == word.text:
        return msgspec.structs.replace(word, text=other, mended=True)
    if len(core) < 2 or not core.isalpha() or is_syllable(core) or not (other.isalpha() and is_syllable(other)):
        return word
    if core.isupper() and core.isascii():
        return word  # an abbreviation
    if len(other) < 2 or Levenshtein.distance(core, other) > _FAR:
        return word
    if len(core) != len(other) and bare(core[0]) != bare(other[0]) and not core.endswith(other):
        return word  # a syllable was lost, not misread: "YTẾ" is no "TẼ"
    return msgspec.structs.replace(word, text=word.text.replace(core, other), mended=True)
