"""Names beside codes: what the catalogue in force calls a procedure, an office or a paper, for people who do not know codes by heart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Protocol

from sync_protocol.calendar import vietnam_date
from sync_protocol.catalogue import Catalogue, in_force

BETWEEN = " · "


class _Named(Protocol):
    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def valid_from(self) -> dt.date: ...
    @property
    def valid_to(self) -> dt.date | None: ...


class Names:
    """Codes with their names on a day. A code that the catalogue does not know, or no catalogue at all, leaves the bare code."""

    def __init__(self, catalogue: Catalogue | None, now: dt.datetime) -> None:
        day = vietnam_date(now)
        self._procedures = _named(catalogue.procedures if catalogue else (), day)
        self._offices = _named(catalogue.units if catalogue else (), day)
        self._papers = _named(catalogue.document_types if catalogue else (), day)

    def procedure(self, code: str) -> str:
        """A procedure: `1.014166 · Chế độ thai sản…`."""
        return _beside(code, self._procedures)

    def office(self, code: str) -> str:
        """An office under the name that it bears today, or bore last."""
        return _beside(code, self._offices)

    def paper(self, code: str) -> str:
        """A document type."""
        return _beside(code, self._papers)


def _named(entries: Iterable[_Named], day: dt.date) -> dict[str, str]:
    """Code → name today; what is no longer in force keeps its last name: old dossiers outlive their law."""
    entries = sorted(entries, key=lambda one: one.valid_from)
    return {one.code: one.name for one in (*entries, *in_force(entries, day))}


def _beside(code: str, names: dict[str, str]) -> str:
    return f"{code}{BETWEEN}{names[code]}" if code in names else code
