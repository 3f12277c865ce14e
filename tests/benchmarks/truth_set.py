"""A labelled set of pages: images with their ground truth beside them, put together as documents; or images with their text alone."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import msgspec

PICTURES = (".jpg", ".jpeg", ".png", ".tif", ".tiff")


class LineTruth(msgspec.Struct, frozen=True):
    """One printed line; box (x, y, w, h) in px of the stored image."""

    text: str
    box: tuple[float, float, float, float]
    handwritten: bool = False


class FieldTruth(msgspec.Struct, frozen=True):
    """One value as printed."""

    field: str
    kind: str
    value: str
    box: tuple[float, float, float, float]
    handwritten: bool = False


class PageTruth(msgspec.Struct, frozen=True, kw_only=True):
    """Everything a reader of the page could be asked."""

    dpi: int
    width_px: int
    height_px: int
    document_type: str
    page: int
    pages: int
    tags: list[str] = []
    lines: list[LineTruth]
    fields: list[FieldTruth]
    qr: str | None = None


@dataclass(frozen=True)
class Document:
    """The pages of one paper, in order."""

    pages: tuple[tuple[Path, PageTruth], ...]

    @property
    def document_type(self) -> str:
        """The type's code."""
        return self.pages[0][1].document_type

    @property
    def fields(self) -> tuple[FieldTruth, ...]:
        """All labelled values of all pages."""
        return tuple(field for _, page in self.pages for field in page.fields)


def documents(folder: Path) -> Iterator[Document]:
    """All documents below `folder`, by path; a page numbered 1 begins a new one."""
    pages: list[tuple[Path, PageTruth]] = []
    for picture in sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES):
        truth = _truth(picture)
        if truth is None:
            continue
        if pages and (truth.page == 1 or truth.document_type != pages[0][1].document_type):
            yield Document(tuple(pages))
            pages = []
        pages.append((picture, truth))
    if pages:
        yield Document(tuple(pages))


def texts(folder: Path) -> Iterator[tuple[Path, str]]:
    """All pictures below `folder` of which only the text is known, by path: `page.png` with `page.gt.txt` (UTF-8) beside it and no `page.json`."""
    for picture in sorted(p for p in folder.rglob("*") if p.suffix.lower() in PICTURES):
        beside = picture.with_suffix(".gt.txt")
        if beside.exists() and not picture.with_suffix(".json").exists():
            yield picture, unicodedata.normalize("NFC", beside.read_text(encoding="utf-8-sig"))


def _truth(picture: Path) -> PageTruth | None:
    beside = picture.with_suffix(".json")
    if not beside.exists():
        return None
    return msgspec.json.decode(unicodedata.normalize("NFC", beside.read_text(encoding="utf-8")), type=PageTruth)
