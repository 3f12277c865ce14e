"""Two officers on one paper: what the second one's page showed is held against what the first one has made of the paper since. Pure.

A person stands only for values that stood before their eyes: neither overwrites the other's unseen, nor vouches for them unseen.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import msgspec

from sync_protocol.table_rows import COUNT_FIELD
from sync_protocol.view import DocumentView


class SeenPage(msgspec.Struct, frozen=True):
    """The page a person confirms: the state of the paper when it was opened (`state_of`), and the value it gave every field and row when it was sent."""

    state: str
    values: Mapping[str, str]


def state_of(document: DocumentView) -> str:
    """A short mark of what people have confirmed on the paper so far, another one as soon as anybody confirms; no value can be read from it."""
    heads = sorted({head.id for one in document.fields if one.is_confirmed for head in one.settled.heads})
    return hashlib.sha256(b"".join(heads)).hexdigest()[:16]


def contradicted(document: DocumentView, page: SeenPage | None) -> tuple[str, ...]:
    """The fields for which somebody stands for another value than the page had; none while nobody confirmed anything since it was opened."""
    if page is None or page.state == state_of(document):
        return ()
    settled = {one.field: one.settled.value for one in document.fields if one.is_confirmed and one.field != COUNT_FIELD}
    return tuple(field for field, value in settled.items() if page.values.get(field) != value)
