"""Complaint: one finding in the catalogue sources, with the place to mend it, and the answer a build gives."""

from __future__ import annotations

import msgspec


class Complaint(msgspec.Struct, frozen=True, order=True):
    """`line` counts from 1 and is 0 where the finding concerns no single line; `what` is Vietnamese."""

    file: str
    line: int
    what: str


class BuildAnswer(msgspec.Struct, frozen=True):
    """What the building process says: all complaints, or the number of rows per table of the file it wrote."""

    complaints: tuple[Complaint, ...]
    counts: dict[str, int]
