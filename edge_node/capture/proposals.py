"""Proposals as they are recorded: what extraction found on one paper, in as many events as it needs.

A list of many workers would be larger than one event may be, so its cells are told in parts; they add up (merge_documents.py).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from edge_node.extraction.model import DocumentProposal, TableReading
from edge_node.extraction.model import FieldReading as Proposed
from sync_protocol.bodies import FieldReading, ReadingRecorded
from sync_protocol.ids import DocumentId
from sync_protocol.table_rows import COUNT_FIELD, cell_name

VALUES_PER_EVENT = 250
"""Values of one event: a quarter of a megabyte, the bound of a body, holds 250 addresses as both readers saw them."""


def recorded(
    proposal: DocumentProposal, scales: Sequence[float], document_id: DocumentId, document_type: str, reader: str, dpi: int
) -> list[ReadingRecorded]:
    """The events to save, at least one. `scales` are px of the copy's page image per px of the evidence page, page by page; `dpi` is that of
    the copy's first page; every value's box is in px of its own page's image.
    """
    values = [_field(one, scales) for one in proposal.fields] + list(_cells(proposal.table, scales))
    return [
        ReadingRecorded(
            document_id=document_id, reader=reader, dpi=dpi, document_type=document_type,
            values=tuple(values[start : start + VALUES_PER_EVENT]),
        )
        for start in range(0, max(1, len(values)), VALUES_PER_EVENT)
    ]  # fmt: skip


def _cells(table: TableReading, scales: Sequence[float]) -> Iterator[FieldReading]:
    """The cells of the paper's list as fields of their own names, and how many rows the paper says it has."""
    for row in table.rows:
        for cell in row.cells:
            yield msgspec.structs.replace(_field(cell, scales), field=cell_name(row.row, cell.field))
    if table.counted:
        yield FieldReading(COUNT_FIELD, str(table.counted))


def _field(one: Proposed, scales: Sequence[float]) -> FieldReading:
    """The box in px of the page image that the signed copy holds, where every office sees it."""
    place = one.place
    box = place.box if place else None
    s = scales[place.page - 1] if place else 1.0
    return FieldReading(
        field=one.field, value=one.proposal, source="qr" if one.source == "qr" else "ocr", second=one.second or "",
        score=round(one.score, 3), page=place.page if place else 0,
        box=(round(box.x * s), round(box.y * s), round(box.w * s), round(box.h * s)) if box else None, trust=one.trust.value, reason=one.reason,
        first="" if one.first == one.proposal else one.first, grammar="holds" if one.grammar_holds else "broken" if one.proposal else "",
    )  # fmt: skip
