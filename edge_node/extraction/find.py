"""A find: where on the paper a field's value stands, before anybody asks what it is worth."""

from __future__ import annotations

from dataclasses import dataclass

from edge_node.extraction.rows import Row
from sync_protocol.paper_types import FieldKind


@dataclass(frozen=True)
class Find:
    """A value's stretch of one row, and the rows that continue it. `of_another`: it may be somebody else's than the paper's subject; `is_open`:
    nobody can be sure where it ends; `until`: characters of the last of the rows that belong to it, None for all; `doubt`: what a person is told
    where the paper does not prove that it is its own (`proof`), "" for nothing.
    """

    kind: FieldKind
    row: Row
    start: int
    end: int
    more: tuple[Row, ...] = ()
    of_another: bool = False
    is_open: bool = False
    until: int | None = None
    doubt: str = ""

    @property
    def text(self) -> str:
        """What stands there."""
        more = [row.text for row in self.more]
        if more and self.until is not None:
            more[-1] = more[-1][: self.until]
        return " ".join([self.row.text[self.start : self.end], *more])
