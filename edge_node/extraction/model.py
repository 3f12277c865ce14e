"""What extraction proposes: one value per field with its sources, its place on the paper, its trust and the reason.

Places are in pixels of the evidence page, origin top-left, at the page's own dpi. Nothing here is a fact before a person confirms it.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from edge_node.imaging.geometry import Box
from sync_protocol.paper_types import FieldKind


class FieldTrust(StrEnum):
    """How far a proposal may be trusted; composed from sources, never an engine's own score."""

    AGREES = "agrees"
    CHECK = "check"
    UNREADABLE = "unreadable"

    @property
    def label(self) -> str:
        """The mark and words on the screen (Vietnamese)."""
        return {"agrees": "✓ khớp nguồn khác", "check": "△ cần kiểm tra", "unreadable": "✕ không đọc được"}[self]


class FieldSource(StrEnum):
    """Where a proposal was taken from."""

    READ = "ocr"
    CARD = "qr"
    NONE = "none"


class Place(msgspec.Struct, frozen=True):
    """Where a value stands: page counted from 1, box in px of the evidence page, its dpi."""

    page: int
    box: Box
    dpi: int


class FieldReading(msgspec.Struct, frozen=True, kw_only=True):
    """One proposed field.

    Attributes:
        proposal: the value in its usual spelling (dates dd/mm/yyyy, numbers without spaces), "" when there is none.
        first, second: what each reader saw; `second` is None where there was only one reader.
        score: the first reader's certainty, 0…1; for statistics and ordering.
        grammar_holds: whether the value has the shape its kind demands.
        by_hand: whether ink in its place looks written.
        mended: whether a word in it was taken from the second reader, so that the two cannot agree on it.
        tones_seen: its words in which our own eye surely sees the tone that both readers read.
        reason: why it is trusted or not (Vietnamese, shown on focus).
    """

    field: str
    label: str
    kind: FieldKind
    item: str = ""
    required: bool = False
    proposal: str = ""
    first: str = ""
    second: str | None = None
    score: float = 0.0
    place: Place | None = None
    grammar_holds: bool = False
    by_hand: bool = False
    mended: bool = False
    tones_seen: tuple[str, ...] = ()
    source: FieldSource = FieldSource.NONE
    trust: FieldTrust = FieldTrust.UNREADABLE
    reason: str = ""


class TypeGuess(msgspec.Struct, frozen=True):
    """A document type with its evidence, 0…about 2; and the words on the paper that spoke for it."""

    code: str
    evidence: float
    seen: str


class RowReading(msgspec.Struct, frozen=True):
    """One row of the paper's list: its name (`r001` …) and its cells in the order of the paper."""

    row: str
    cells: tuple[FieldReading, ...]

    def cell(self, column: str) -> FieldReading | None:
        """The proposal for one column, None where the paper has none or the cell is as empty as the column."""
        return next((cell for cell in self.cells if cell.field == column), None)


class TableReading(msgspec.Struct, frozen=True):
    """The paper's list. `counted` is how many rows the paper itself says it has, 0 where it says nothing."""

    rows: tuple[RowReading, ...] = ()
    counted: int = 0


class DocumentProposal(msgspec.Struct, frozen=True):
    """Everything proposed for one paper. `document_type` is None when no type had enough evidence."""

    document_type: str | None
    guesses: tuple[TypeGuess, ...]
    fields: tuple[FieldReading, ...]
    table: TableReading = TableReading()

    def field(self, name: str) -> FieldReading | None:
        """The proposal for one field, None where the document type does not carry it."""
        return next((field for field in self.fields if field.field == name), None)
