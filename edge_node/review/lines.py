"""One value as the review screen shows it: what was read, by whom, how far it may be trusted, what a person has said about it."""

from __future__ import annotations

import msgspec

from sync_protocol.bodies import FieldReading
from sync_protocol.paper_types import FieldTemplate
from sync_protocol.table_rows import cell_name


class ReviewLine(msgspec.Struct, frozen=True):
    """One field, or one cell of a list (`row` names it then). `settled` is what a person stands for already, "" while nobody does."""

    field: str
    label: str
    item: str
    required: bool
    proposal: str
    second: str
    trust: str
    reason: str
    page: int
    box: tuple[int, int, int, int] | None
    settled: str
    row: str = ""

    @property
    def needs_person(self) -> bool:
        """The confidence rule does not hold: a person must look at the paper."""
        return self.trust != "agrees"

    @property
    def stops(self) -> bool:
        """The cursor stops here: nobody stands for the value yet and it is doubtful. A cell that no reader misses stops nobody."""
        return self.trust not in ("agrees", "") and not self.settled


def line_of(template: FieldTemplate, read: FieldReading | None, settled: str, row: str = "") -> ReviewLine:
    """The line of a field, or of the cell that a row has in a column."""
    field = cell_name(row, template.field) if row else template.field
    if read is None:
        trust = "" if row and not template.required else "unreadable"
        return ReviewLine(
            field, template.label, template.item, template.required, "", "", trust, "", 0, None, settled, row
        )
    return ReviewLine(
        field, template.label, template.item, template.required, read.value, read.second, read.trust, read.reason, read.page, read.box,
        settled, row,
    )  # fmt: skip
