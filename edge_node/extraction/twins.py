"""A mark that both readers see where another stands: an acute over a circumflex for a hook ("Ấn" for "Ẩn", "Chiếu" for "Chiểu", "Bế" for "Bể").

The two differ by three pixels at 200 dpi, and what one reader sees there the other sees too: of 152 text values on which both agreed three
were wrong, all for this, and never the other way (2026-11-29). In a proper name only a third witness decides between the two: our own eye for
tones (`recognition/tone_marks.py`), which looks at the vowel at the page's resolution and does not share their mistake. Where it is not sure, a
person looks. A syllable that ends in a stop bears no hook, and some names are hardly ever spelled with one.

In a person's name the hook is asked for its third witness too, since both readers saw "Tổ" where a photograph of a list has "Tố" (2026-11-30).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable

from edge_node.recognition.model import Word

_USUAL = frozenset(
    ["tuấn", "tấn", "trấn", "chấn", "tiến", "chiến", "kiến", "yến", "hiếu", "thế", "huế", "quế", "bến", "khuyến", "tuyến", "tống", "đống", "phố", "số"]
)
"""Syllables of names, and of addresses, whose twin is hardly ever one."""

_NO_ACUTE = frozenset(["cẩm", "khổng", "điểu"])
"""Syllables of names with a hook whose twin with an acute is hardly ever one."""

_ACUTE_OVER_CIRCUMFLEX, _HOOK_OVER_CIRCUMFLEX = "\u0302\u0301", "\u0302\u0309"


def unsure_mark(text: str, seen: Collection[str] = (), is_name: bool = False) -> str | None:
    """The first capitalised word that may stand there with a hook, or in a name with an acute; None when there is none. Words in `seen` have their
    third witness.

    >>> [unsure_mark(name) for name in ("Hàn Thị Ấn", "TRẦN QUỐC TUẤN", "Lê Văn Chiểu", "Tổ 3, xã Ba Bế")]
    ['Ấn', None, None, 'Bế']
    >>> unsure_mark("Hàn Thị Ấn", seen=["Ấn"]) is None
    True
    >>> [unsure_mark(name, is_name=True) for name in ("Lò Thị Tổ", "Lò Thị Cẩm")]
    ['Tổ', None]
    """
    for word in (found[0] for found in re.finditer(r"[^\W\d_]+", text) if found[0] not in seen):
        marked = unicodedata.normalize("NFD", word)
        stopped = word.lower().endswith(("c", "ch", "p", "t"))
        if word[0].isupper() and not stopped and word.lower() not in _USUAL and _ACUTE_OVER_CIRCUMFLEX in marked:
            return word
        if is_name and word.lower() not in _NO_ACUTE and _HOOK_OVER_CIRCUMFLEX in marked:
            return word
    return None


def surely_seen(words: Iterable[Word]) -> tuple[str, ...]:
    """The words, bare of stops and commas, whose tone our own eye surely sees wherever they stand among `words`."""
    said = [(word.text.strip(",.;:"), word.tone_seen) for word in words]
    unseen = {text for text, seen in said if not seen}
    return tuple(text for text, seen in said if seen and text not in unseen)
