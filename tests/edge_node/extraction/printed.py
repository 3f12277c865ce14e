"""Pages of printed lines, read as a paper of a type, and what is then proposed for a field."""

from __future__ import annotations

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.recognition.model import Line
from tests.central_hub.directory.published import published
from tests.edge_node.extraction.recorded import document, line

TYPES = published().document_types
NATIONAL = (line(850, 130, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"), line(1000, 180, "Độc lập - Tự do - Hạnh phúc"))


def in_rows(*texts: str, x: int = 150, y: int = 500) -> list[Line]:
    """Texts in rows one below the other."""
    return [line(x, y + 55 * n, text) for n, text in enumerate(texts)]


def read(*lines: Line, chosen: str | None = None) -> DocumentProposal:
    """What is proposed for a page with these lines under the national title."""
    return extract(document(*NATIONAL, *lines), TYPES, Gazetteer(), chosen_type=chosen)


def said(found: DocumentProposal, name: str) -> tuple[str, FieldTrust]:
    """Value and trust of one field."""
    field = found.field(name)
    assert field is not None
    return field.proposal, field.trust
