"""What a drawn page really says: its lines, its field values and their places.

Boxes are `(x, y, width, height)` in px of the stored image, origin top-left, after every distortion. Texts are NFC.
Dotted leaders, stamps, signatures and portraits are ink but not text, so they have no line.
"""

from __future__ import annotations

import unicodedata
from pathlib import Path

import msgspec

Box = tuple[int, int, int, int]


class LineTruth(msgspec.Struct, frozen=True):
    """One printed line, in reading order; `handwritten` when any part of it was written by pen."""

    text: str
    box: Box
    handwritten: bool = False


class FieldTruth(msgspec.Struct, frozen=True):
    """One value of the page as printed (dates dd/mm/yyyy), named like the catalogue's field."""

    field: str
    kind: str
    value: str
    box: Box
    handwritten: bool = False


class PageTruth(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a reader of the page could be asked."""

    dpi: int
    width_px: int
    height_px: int
    document_type: str
    page: int
    pages: int
    font: str
    tags: list[str]
    lines: list[LineTruth]
    fields: list[FieldTruth]
    qr: str | None = None


def nfc(text: str) -> str:
    """The composed form, in which the same letters always are the same characters; a hard space is a space."""
    return unicodedata.normalize("NFC", text).replace("\u00a0", " ")


def write_truth(image_path: Path, truth: PageTruth, *, plain_text: bool = False) -> None:
    """Write `NAME.json` (and with `plain_text` also `NAME.gt.txt`) beside the image. Writing again changes nothing."""
    image_path.with_suffix(".json").write_bytes(msgspec.json.format(msgspec.json.encode(truth), indent=1))
    if plain_text:
        text = "\n".join(line.text for line in truth.lines) + "\n"
        image_path.with_suffix(".gt.txt").write_text(text, encoding="utf-8")


def read_truth(image_path: Path) -> PageTruth:
    """The ground truth that lies beside an image."""
    return msgspec.json.decode(image_path.with_suffix(".json").read_bytes(), type=PageTruth)
