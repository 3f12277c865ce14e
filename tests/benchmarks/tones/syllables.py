"""The inventory of Vietnamese syllables, made by rule: onsets, rimes, and the tones that each may bear."""

from __future__ import annotations

import functools
import unicodedata

import numpy as np

from edge_node.recognition.syllable import is_syllable
from edge_node.recognition.tones import MARKS, tone_letter, tone_of, toneless, with_tone

_ONSETS = (
    "",
    "b",
    "c",
    "ch",
    "d",
    "đ",
    "g",
    "gi",
    "h",
    "k",
    "kh",
    "l",
    "m",
    "n",
    "ng",
    "nh",
    "p",
    "ph",
    "q",
    "r",
    "s",
    "t",
    "th",
    "tr",
    "v",
    "x",
)

_RIMES = (
    "a ai ao au ay ac ach am an ang anh ap at ăc ăm ăn ăng ăp ăt âc âm ân âng âp ât âu ây e ec em en eng eo ep et ê êch êm ên ênh êp êt êu "
    "i ia ich im in inh ip it iu iêc iêm iên iêng iêp iêt iêu yêm yên yêng yêt yêu o oi oc om on ong op ot oa oai oay oac oach oam oan oang oanh "
    "oat oao oăc oăm oăn oăng oăt oe oen oeo oet ô ôi ôc ôm ôn ông ôp ôt ơ ơi ơm ơn ơp ơt u ua ui uc um un ung up ut uân uâng uât uây uê uênh "
    "uêch uôi uôc uôm uôn uông uôt uy uych uynh uyt uyu uyên uyêt uya uơ ư ưa ưi ưu ưc ưm ưn ưng ưt ươi ươu ươc ươm ươn ương ươp ươt"
)

_HARD = ("â", "ê", "ô", "ấ", "ế", "ố")
"""Letters under whose marks the tones are mixed up most: their rimes are drawn twice as often."""


def _spelled(onset: str, rime: str) -> str | None:
    """Onset and rime joined as the spelling wants it; None for pairs that are never written."""
    front = rime[0] in "iyeê"
    if rime.startswith("yê"):
        return None if onset else rime
    if onset == "q":
        glide = {"oa": "qua", "oă": "quă", "oe": "que"}.get(rime[:2])
        return glide + rime[2:] if glide else "q" + rime if rime[:2] in ("uâ", "uê", "uy", "uơ") else None
    if onset in ("g", "ng") and front:
        return f"{onset}h{rime}"
    never = (
        (onset == "c" and front)
        or (onset == "k" and not front)
        or (onset == "gi" and front)
        or (not onset and rime.startswith("iê"))
    )
    return None if never else onset + rime


@functools.lru_cache(maxsize=1)
def syllables() -> tuple[tuple[str, ...], ...]:
    """Every toneless syllable with all tones it may bear; the hard ones twice."""
    found = []
    for plain in (_spelled(onset, rime) for onset in _ONSETS for rime in _RIMES.split()):
        seed = plain and (plain if is_syllable(plain) else _with_acute(plain))
        if seed and is_syllable(seed):
            borne = tuple(word for tone in range(len(MARKS)) if (word := with_tone(seed, tone)) is not None)
            found += [borne] * (2 if any(sign in _HARD for sign in seed) else 1)
    return tuple(found)


def _with_acute(plain: str) -> str:
    """A syllable that ends in a stop is none without its tone."""
    return _placed(plain, tone_letter(plain), MARKS[4])


def _placed(plain: str, at: int, mark: str) -> str:
    return plain[:at] + unicodedata.normalize("NFC", plain[at] + mark) + plain[at + 1 :]


def draw_word(rng: np.random.Generator) -> str:
    """A syllable in small letters, its tone drawn evenly among those it may bear; "hoà" as often as "hòa": offices write both."""
    family = syllables()[int(rng.integers(len(syllables())))]
    word = family[int(rng.integers(len(family)))]
    plain = toneless(word)
    if plain[-2:] in ("oa", "oe", "uy") and plain[0] != "q" and rng.random() < 0.5:
        return _placed(plain, len(plain) - 1, MARKS[tone_of(word)])
    return word
