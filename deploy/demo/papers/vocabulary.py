"""The word lists beside this file: family names, given names, hamlets, communes, streets, provinces, firms."""

from __future__ import annotations

import functools
import re
from pathlib import Path

from deploy.demo.papers.truth import nfc

_FOLDER = Path(__file__).parent / "words"
_ONE_WORD_LISTS = ("surnames", "given")
PLACE_AND_NAME_LISTS = ("surnames", "given", "hamlets", "communes", "streets", "provinces")


@functools.cache
def words(list_name: str) -> tuple[str, ...]:
    """The entries of one list, NFC, each once, in file order."""
    text = nfc((_FOLDER / f"{list_name}.txt").read_text(encoding="utf-8"))
    entries = text.split() if list_name in _ONE_WORD_LISTS else text.splitlines()
    return tuple(dict.fromkeys(entry.strip() for entry in entries if entry.strip()))


def syllables(text: str) -> set[str]:
    """The distinct syllables of a text, lower case, letters only."""
    return set(re.findall(r"[^\W\d_]+", nfc(text).lower()))
