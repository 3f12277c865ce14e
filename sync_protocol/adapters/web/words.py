"""Words: what pages say, by message id, in Vietnamese and English; labels of states come from the glossary.

A words file is TOML: sections of `id = ["tiếng Việt", "English"]`. Invariant: an id stands once, in both languages; an unknown id is
an error, so that no id is ever shown to a person.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from litestar import Request

from sync_protocol.glossary import english, label
from sync_protocol.law_problems import UnknownWord

Language = Literal["vi", "en"]
LANGUAGE_COOKIE = "language"


class Words:
    """All messages of one application."""

    def __init__(self, files: Iterable[Path]) -> None:
        self._words: dict[str, tuple[str, str]] = {}
        for file in files:
            for section, rows in tomllib.loads(file.read_text("utf-8")).items():
                for name, (vietnamese, in_english) in rows.items():
                    self._words[f"{section}.{name}"] = (vietnamese, in_english)

    def ids(self) -> tuple[str, ...]:
        """Every message id."""
        return tuple(self._words)

    def say(self, language: Language, identifier: str, facts: Mapping[str, Any] | None = None) -> str:
        """The message with its facts filled in. Raises UnknownWord (LAW-010)."""
        found = self._words.get(identifier)
        if found is None:
            raise UnknownWord(word=identifier)
        return found[1 if language == "en" else 0].format(**(facts or {}))

    def value(self, language: Language, group: str, value: str) -> str:
        """The glossary's label of a value of a closed list. Raises UnknownWord (LAW-010)."""
        return english(group, value) if language == "en" else label(group, value)


def language_of(request: Request[Any, Any, Any]) -> Language:
    """Vietnamese, unless this browser chose English."""
    return "en" if request.cookies.get(LANGUAGE_COOKIE) == "en" else "vi"
