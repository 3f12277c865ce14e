"""The catalogue on screen, read-only: versions, places, entries. HTTP in and out."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
from litestar import get
from litestar.datastructures import State
from litestar.response import Template

from central_hub.app import Hub
from central_hub.directory.boxes import EntryForm, cells_of, form_of
from central_hub.directory.changes import PLACES, entries_of
from central_hub.directory.errors import EntryUnknown, NothingPublished
from central_hub.directory.law_desk import LawDesk
from central_hub.web.roles import ALL_ROLES, only
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.catalogue import Catalogue, CataloguePart
from sync_protocol.folding import folded

SHOWN_MAX = 300


class Found(msgspec.Struct, frozen=True):
    """One entry in a list: key, name, validity (`day` text), source, and whether another version of its code may follow."""

    key: str
    name: str
    since: object
    until: object
    source: str
    may_follow: bool


def place_of(name: str) -> str:
    """A place that exists. Raises PageUnknown."""
    if name not in PLACES:
        raise PageUnknown()
    return name


def search(catalogue: Catalogue, place: str, words: str) -> list[Found]:
    """Entries whose key, name or source hold all words, tones and case aside; the first SHOWN_MAX."""
    wanted = folded(words).split()
    found = []
    for key, entry in entries_of(catalogue, place).items():
        name = str(getattr(entry, "name", getattr(entry, "text", "")))
        text = folded(f"{key} {name} {getattr(entry, 'source', '')}")
        if all(word in text for word in wanted):
            since, until = getattr(entry, "valid_from", None), getattr(entry, "valid_to", None)
            may_follow = (
                hasattr(entry, "valid_from") and hasattr(entry, "code") and place != "provinces" and until is None
            )
            found.append(Found(key, name, since, until, str(getattr(entry, "source", "")), may_follow))
    return found[:SHOWN_MAX]


def entry_form(catalogue: Catalogue, place: str, key: str) -> tuple[msgspec.Struct, EntryForm]:
    """An entry and the form that shows it. Raises EntryUnknown."""
    found = entries_of(catalogue, place).get(key)
    if found is None:
        raise EntryUnknown(place=place, key=key[:120])
    cells, inner = cells_of(found)
    return found, form_of(place, cells, inner)


@get("/catalogue", opt=only(*ALL_ROLES))
async def catalogue(hub: Hub, state: State) -> Template:
    """The rules in force, every version before them, and the way to every entry."""
    desk: LawDesk = state.law_desk
    versions = await asyncio.to_thread(desk.held.versions)
    counts: dict[str, int] = {}
    parts: tuple[CataloguePart, ...] = ()
    if versions:
        _, held = await asyncio.to_thread(desk.held.newest)
        counts, parts = {place: len(getattr(held, place)) for place in PLACES}, held.parts
    return Template("catalogue.html", context={"versions": versions, "counts": counts, "parts": parts})


@get("/catalogue/entries", opt=only(*ALL_ROLES))
async def entries(state: State, place: str = "procedures", q: str = "") -> Template:
    """The entries of one place."""
    desk: LawDesk = state.law_desk
    try:
        _, held = await asyncio.to_thread(desk.held.newest)
    except NothingPublished as problem:
        raise PageUnknown() from problem
    rows = search(held, place_of(place), q[:120])
    return Template(
        "catalogue_entries.html",
        context={"place": place, "places": tuple(PLACES), "q": q[:120], "rows": rows, "draft": None},
    )


@get("/catalogue/entry", opt=only(*ALL_ROLES))
async def entry(state: State, place: str, key: str) -> Template:
    """One entry as it is in force."""
    desk: LawDesk = state.law_desk
    _, held = await asyncio.to_thread(desk.held.newest)
    _, form = entry_form(held, place_of(place), key)
    context: dict[str, Any] = {"place": place, "key": key, "form": form}
    return Template("catalogue_entry.html", context=context)


ROUTES = (catalogue, entries, entry)
