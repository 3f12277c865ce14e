"""Known names: agencies, offices, procedures and places that the hub publishes, to recognise and to cross-check readings.

A reading is never silently replaced by a known name; a match only says that the reading is plausible.
"""

from __future__ import annotations

from functools import cached_property

import msgspec
from rapidfuzz import fuzz, process

from edge_node.recognition.folding import folded

_NEAR = 90.0


class Gazetteer(msgspec.Struct, frozen=True, dict=True):
    """Names in their official spelling, NFC."""

    agencies: tuple[str, ...] = ()
    units: tuple[str, ...] = ()
    procedures: tuple[str, ...] = ()
    places: tuple[str, ...] = ()

    @cached_property
    def _exact(self) -> frozenset[str]:
        return frozenset(_squeezed(name) for name in (*self.agencies, *self.units, *self.procedures, *self.places))

    @cached_property
    def _folded(self) -> dict[str, str]:
        return {folded(name): name for name in (*self.agencies, *self.units, *self.procedures)}

    def knows(self, text: str) -> bool:
        """Whether the text is a known name, with all its marks; case and spacing do not count."""
        return _squeezed(text) in self._exact

    def nearest(self, text: str) -> str | None:
        """The known agency, office or procedure whose folded name is nearly this text, or None."""
        found = process.extractOne(folded(text), self._folded.keys(), scorer=fuzz.ratio, score_cutoff=_NEAR)
        return self._folded[found[0]] if found else None


def _squeezed(text: str) -> str:
    return "".join(c for c in text.lower() if c.isalnum())
