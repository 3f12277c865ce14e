"""What the second officer's page showed, against what the first one has made of the paper."""

from __future__ import annotations

import pytest

from edge_node.review.meanwhile import SeenPage, contradicted, state_of
from edge_node.web.review_form import read_page
from sync_protocol.ids import ActId, BlobDigest, ComponentId, DocumentId, EventId, NodeId
from sync_protocol.register import Entry, Rank, Settled
from sync_protocol.view import DocumentView, FieldView


def entry(value: str, mark: str) -> Entry:
    return Entry(ActId(EventId(mark.encode().ljust(32))), value, Rank.TYPED, ())


def paper(fields: dict[str, str]) -> DocumentView:
    """A paper with these values confirmed, each by an event of its own."""
    made = tuple(
        FieldView(name, Settled(value, Rank.TYPED, (entry(value, name),), None)) for name, value in fields.items()
    )
    return DocumentView(
        document_id=DocumentId(b"d" * 16), component_id=ComponentId(b"c" * 16), pdf=BlobDigest(b"p" * 32), pdf_size=1,
        officer_pdf=BlobDigest(b"p" * 32), officer_pdf_size=1, pages=1, images=1, signer_name="", captured_ms=1, node=NodeId("n00101a"),
        captured_by=ActId(EventId(b"a" * 32)), fields=made, confirmed_by="all",
    )  # fmt: skip


OPENED = state_of(paper({}))


def test_nothing_is_asked_while_nobody_else_confirmed_anything() -> None:
    now = paper({"name": "An"})
    assert contradicted(now, SeenPage(state_of(now), {"name": "Ân"})) == () == contradicted(now, None)
    assert contradicted(now, SeenPage(OPENED, {"name": "An"})) == (), (
        "both say the same: a double click, or two who agree"
    )


@pytest.mark.parametrize(
    "seen", [{"name": "Ân"}, {"name": ""}, {}], ids=["another value", "left empty", "not on the page"]
)
def test_a_value_that_the_page_did_not_show_is_named(seen: dict[str, str]) -> None:
    assert contradicted(paper({"name": "An"}), SeenPage(OPENED, seen)) == ("name",)


def test_a_row_that_one_removes_and_the_other_keeps_is_named_but_not_its_count() -> None:
    now = paper({"rows/r001/state": "removed", "rows/r002/state": "kept", "rows/r002/days": "2", "rows/count": "1"})
    page = read_page({"state": OPENED, "v-rows/r001/days": "4", "v-rows/r002/days": " 2 "})
    assert contradicted(now, page) == ("rows/r001/state",)


def test_a_value_called_unreadable_is_no_value() -> None:
    page = read_page({"state": OPENED, "v-name": "An", "u-name": "1"})
    assert contradicted(paper({"name": "An"}), page) == ("name",)
    assert read_page({"v-name": "An"}) is None
