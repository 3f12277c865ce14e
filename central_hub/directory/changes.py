"""Changes: what a draft does to a catalogue, entry by entry, as values.

A change names a place (a table of the catalogue) and a key in it, and holds the entry before and after; no entry before means new, none after
means removed. Two catalogues differ by changes, so going back to an older one is a set of changes like any other.

Invariant: `applied(a, difference(a, b))` holds the entries of `b`; nothing is changed that no change names.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping

import msgspec

from sync_protocol.catalogue import Catalogue
from sync_protocol.catalogue_rows import PRIMARY_KEYS, TOP_TABLES

WHOLE_FILES = frozenset({"parts"})
"""Places whose entries name a file: they come with the sources and are approved like any change, and nobody types them."""
PLACES: Mapping[str, type[msgspec.Struct]] = {name: entry for name, entry in TOP_TABLES.items() if name not in WHOLE_FILES}
SHEET_OF_PLACE = {"days": "holidays", **{place: place for place in PLACES if place != "days"}}
"""The source file, without its ending, in which a place's entries stand."""


class Change(msgspec.Struct, frozen=True):
    """One entry before and after."""

    place: str
    key: str
    former: msgspec.Struct | None
    entry: msgspec.Struct | None


def key_of(place: str, entry: msgspec.Struct) -> str:
    """The name of an entry within its place: the parts of its primary key.

    >>> from sync_protocol.catalogue import Holiday
    >>> key_of("days", Holiday(dt.date(2026, 9, 2), "Quốc khánh", "holiday", False, "BLLĐ", "V"))
    '2026-09-02'
    """
    parts = (getattr(entry, name) for name in PRIMARY_KEYS[place])
    return "|".join(part.isoformat() if isinstance(part, dt.date) else str(part) for part in parts)


def entries_of(catalogue: Catalogue, place: str) -> dict[str, msgspec.Struct]:
    """The entries of a place by key, in the catalogue's order."""
    return {key_of(place, entry): entry for entry in getattr(catalogue, place)}


def encode_entry(entry: msgspec.Struct | None) -> str | None:
    """An entry as text for the database."""
    return None if entry is None else msgspec.json.encode(entry).decode()


def decode_entry(place: str, text: str | None) -> msgspec.Struct | None:
    """An entry from the database."""
    return None if text is None else msgspec.json.decode(text, type=TOP_TABLES[place])


def applied(catalogue: Catalogue, changes: Iterable[Change], *, version: str, built_at: dt.datetime) -> Catalogue:
    """The catalogue after the changes, under a new version. New entries follow those that stay."""
    places: dict[str, dict[str, msgspec.Struct]] = {}
    for change in changes:
        held = places.setdefault(change.place, entries_of(catalogue, change.place))
        if change.entry is None:
            held.pop(change.key, None)
        else:
            held[change.key] = change.entry
    lists = {place: tuple(held.values()) for place, held in places.items()}
    return msgspec.structs.replace(catalogue, version=version, built_at=built_at, **lists)


def difference(old: Catalogue, new: Catalogue) -> tuple[Change, ...]:
    """Every entry that is not the same in both, place by place."""
    found = []
    for place in TOP_TABLES:
        before, after = entries_of(old, place), entries_of(new, place)
        for key in [*before, *(key for key in after if key not in before)]:
            if before.get(key) != after.get(key):
                found.append(Change(place, key, before.get(key), after.get(key)))
    return tuple(found)


def closed_before(entry: msgspec.Struct, day: dt.date) -> msgspec.Struct:
    """The same entry, in force until the day before `day`."""
    return msgspec.structs.replace(entry, valid_to=day - dt.timedelta(days=1))
