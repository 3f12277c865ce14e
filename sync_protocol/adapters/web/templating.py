"""Templates: Jinja2 with escaping always on, undefined names refused, and the words and shapes that every page uses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from litestar.plugins.jinja import JinjaTemplateEngine
from litestar.template import TemplateConfig

from sync_protocol.adapters.web.assets import address
from sync_protocol.adapters.web.guard import visitor_of
from sync_protocol.adapters.web.words import Language, Words, language_of
from sync_protocol.calendar import VIETNAM
from sync_protocol.clock import wall_ms
from sync_protocol.errors import Problem
from sync_protocol.glossary_states import VALUE_LABELS

KIT = Path(__file__).parent


_DIRECTION = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def in_reading_order(value: object) -> object:
    """Text without direction marks: a name from elsewhere reads on the screen as it is stored, and turns nothing around it.

    >>> in_reading_order("Nguyễn \u202eAn")
    'Nguyễn An'
    """
    if isinstance(value, str) and not value.isascii() and _DIRECTION.search(value):
        return type(value)(_DIRECTION.sub("", value))
    return value


def template_config(
    folders: Sequence[Path], words: Words, constants: Mapping[str, object]
) -> TemplateConfig[JinjaTemplateEngine]:
    """Templates of the shell's folders before those of the kit. `constants` are visible on every page."""
    environment = Environment(
        loader=FileSystemLoader([*folders, KIT / "templates"]), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, finalize=in_reading_order,
    )  # fmt: skip
    environment.globals.update(constants)
    environment.globals.update(
        asset=address, labels=VALUE_LABELS, t=_teller(words), word=_labeller(words), visitor=_visitor, language=_language,
        said=speaking(constants.get("office_name")),
    )
    environment.filters.update(
        moment=moment,
        day=day,
        size=size,
        number=number,
        percent=percent,
        wall=wall_ms,
        id8=lambda raw: bytes(raw)[:4].hex(),
    )
    return TemplateConfig(instance=JinjaTemplateEngine.from_environment(environment))


def speaking(office_name: object) -> Callable[[Problem], tuple[str, str]]:
    """What a page says of a problem, sentence and next step: an office by its name where the shell knows names, since people know no codes."""

    def said(problem: Problem) -> tuple[str, str]:
        facts = problem.facts
        if callable(office_name) and facts.get("office"):
            facts = {**facts, "office": office_name(str(facts["office"]))}
        return problem.sentence.format(**facts), problem.next_step.format(**facts)

    return said


def _teller(words: Words) -> Callable[..., str]:
    @pass_context
    def tell(context: Context, identifier: str, **facts: Any) -> str:
        return words.say(_language(context), identifier, facts)

    return tell


def _labeller(words: Words) -> Callable[..., str]:
    @pass_context
    def name(context: Context, group: str, value: str) -> str:
        return words.value(_language(context), group, str(value)) if value else ""

    return name


@pass_context
def _language(context: Context) -> Language:
    return language_of(context["request"])


@pass_context
def _visitor(context: Context) -> Any:
    return visitor_of(context["request"])


def moment(at_ms: int | dt.datetime | None) -> str:
    """A moment in Vietnam time, dd/mm/yyyy hh:mm; "" for none, and for a clock beyond the years that a calendar has.

    >>> moment(1_795_000_000_000)
    '18/11/2026 18:06'
    >>> moment(2**62)
    ''
    """
    if not at_ms:
        return ""
    try:
        at = at_ms if isinstance(at_ms, dt.datetime) else dt.datetime.fromtimestamp(at_ms / 1000, dt.UTC)
        return at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M")
    except (ValueError, OverflowError, OSError):
        return ""


def day(iso: str | dt.date | None) -> str:
    """A calendar day, dd/mm/yyyy; what is no ISO day stays as it is.

    >>> day("2026-11-22")
    '22/11/2026'
    """
    if not iso:
        return ""
    try:
        return (iso if isinstance(iso, dt.date) else dt.date.fromisoformat(iso)).strftime("%d/%m/%Y")
    except ValueError:
        return str(iso)


def size(size_bytes: int) -> str:
    """Bytes for people, with the Vietnamese decimal comma.

    >>> size(1_260_000), size(900), size(85_899_000_000)
    ('1,3 MB', '1 KB', '85,9 GB')
    """
    if size_bytes >= 1_000_000_000:
        return f"{size_bytes / 1_000_000_000:.1f} GB".replace(".", ",")
    if size_bytes >= 1_000_000:
        return f"{size_bytes / 1_000_000:.1f} MB".replace(".", ",")
    return f"{max(1, round(size_bytes / 1000)) if size_bytes else 0} KB"


def number(value: int) -> str:
    """A whole number with points between thousands.

    >>> number(1250000)
    '1.250.000'
    """
    return f"{value:,}".replace(",", ".")


def percent(value: float | None) -> str:
    """A percentage with one decimal and the Vietnamese comma; a dash where there is none.

    >>> percent(87.5), percent(None)
    ('87,5 %', '–')
    """
    return "–" if value is None else f"{value:.1f} %".replace(".", ",")
