"""Words: every id a template uses exists, in both languages, and no banned word is among them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import central_hub.web
import edge_node.web
from sync_protocol.adapters.web.templating import KIT
from sync_protocol.adapters.web.words import Words
from sync_protocol.bodies import BODY_TYPES
from sync_protocol.law_problems import UnknownWord

SHELLS = [Path(str(edge_node.web.__file__)).parent, Path(str(central_hub.web.__file__)).parent]
BANNED = ("không hợp lệ", "lỗi hệ thống", "vui lòng", "xin lỗi bạn", "rất tiếc", "bắt buộc nhập")
_WHOLE = re.compile(r"""\bt\(["']([a-z_0-9.]+)["'][,)]""")
_BEGUN = re.compile(r"""\bt\(["']([a-z_0-9.]+)["'] ~""")


def words_of(shell: Path) -> Words:
    return Words([KIT / "words.toml", shell / "words.toml"])


@pytest.mark.parametrize("shell", SHELLS, ids=["node", "hub"])
def test_every_word_that_a_template_says_exists(shell: Path) -> None:
    known = words_of(shell).ids()
    for template in [*(shell / "templates").glob("*.html"), *(KIT / "templates/kit").glob("*.html")]:
        text = template.read_text("utf-8")
        missing = {one for one in _WHOLE.findall(text) if one not in known} - {"sync.number"}
        assert not missing, f"{template.name}: {missing}"
        begun = {one for one in _BEGUN.findall(text) if not any(word.startswith(one) for word in known)}
        assert not begun, f"{template.name}: {begun}"


@pytest.mark.parametrize("shell", SHELLS, ids=["node", "hub"])
def test_every_word_stands_in_both_languages_with_the_same_facts(shell: Path) -> None:
    words = words_of(shell)
    for identifier in words.ids():
        both = words._words[identifier]
        assert all(one.strip() for one in both), identifier
        assert len({tuple(sorted(re.findall(r"{(\w+)}", one))) for one in both}) == 1, identifier
        assert not any(banned in both[0].lower() for banned in BANNED), identifier


def test_every_event_of_a_dossier_is_told_in_words() -> None:
    told = (KIT / "templates/kit/macros.html").read_text("utf-8")
    known = words_of(SHELLS[0]).ids()
    for name, _ in BODY_TYPES:
        if name != "visit.finished":  # belongs to no dossier
            assert f'"{name}"' in told and f"event.{name.replace('.', '_')}" in known, name


def test_an_unknown_word_is_an_error_and_never_shown() -> None:
    with pytest.raises(UnknownWord):
        words_of(SHELLS[0]).say("vi", "no.such.word")
