"""The spreadsheet task, as the sandbox runs it: an .xlsx or .csv file in, its first sheet as rows of text out.

Days come out as 2025-07-01, whole numbers without a point, truths as yes and no; formulas give the value the program stored beside them.
A workbook is a ZIP archive of XML parts (ECMA-376); only the parts of its first sheet are opened.

Invariant: what cannot be read ends the task; nothing is skipped but rows without any text.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any
from xml.etree import ElementTree

import msgspec

ROWS_MAX, COLUMNS_MAX, PART_BYTES_MAX = 20_000, 60, 64 << 20
TASK = "central_hub.directory.sheet_task:run"
LOADED_EARLY = zlib.__name__  # the archive reader reaches for it when files may no longer be opened
_NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DAY_FORMATS = frozenset({*range(14, 23), *range(27, 37), 45, 46, 47, *range(50, 59)})
_EPOCH = dt.date(1899, 12, 30)  # day 0 of the 1900 system, its leap-year error included
Rows = list[tuple[int, list[str]]]


class SheetRefused(Exception):
    """The file is no sheet within the limits."""


def run(content: bytes, arguments: dict[str, Any]) -> bytes:
    """Return MessagePack of [(line, cells)]: the header first, every row as long as the header, or longer where it holds more."""
    rows = _workbook(content) if content.startswith(b"PK") else _separated(content)
    return msgspec.msgpack.encode(_even(rows))


def _even(rows: Iterator[tuple[int, list[str]]]) -> Rows:
    found: Rows = []
    for line, cells in rows:
        while cells and not cells[-1].strip():
            cells.pop()
        if cells:
            found.append((line, cells))
        if len(found) > ROWS_MAX or len(cells) > COLUMNS_MAX:
            raise SheetRefused("too many rows or columns")
    width = len(found[0][1]) if found else 0
    return [(line, cells + [""] * (width - len(cells))) for line, cells in found]


def _separated(content: bytes) -> Iterator[tuple[int, list[str]]]:
    text = content.decode("utf-8-sig")
    if "\0" in text:
        raise SheetRefused("no text")
    head = text.partition("\n")[0]
    separator = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    for row in reader:
        yield reader.line_num, row


def _workbook(content: bytes) -> Iterator[tuple[int, list[str]]]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        book = _part(archive, "xl/workbook.xml")
        links = {one.get("Id"): one.get("Target", "") for one in _part(archive, "xl/_rels/workbook.xml.rels")}
        first = next(book.iter(f"{_NS}sheet"))
        target = links[first.get(f"{_REL}id")]
        path = target.lstrip("/") if target.startswith("/") else posixpath.normpath(posixpath.join("xl", target))
        properties = book.find(f"{_NS}workbookPr")
        shift = 1462 if properties is not None and properties.get("date1904") in ("1", "true") else 0
        shared = _shared(archive)
        days = _day_styles(archive)
        for row in _part(archive, path).iter(f"{_NS}row"):
            cells: list[str] = []
            for cell in row.iter(f"{_NS}c"):
                place = _column(cell.get("r", ""), len(cells))
                cells += [""] * (place - len(cells))
                cells.append(_text(cell, shared, days, shift))
            yield int(row.get("r", "0")), cells


def _part(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    with archive.open(name) as part:
        content = part.read(PART_BYTES_MAX + 1)
    if len(content) > PART_BYTES_MAX or b"<!DOCTYPE" in content[:4096]:
        raise SheetRefused("part too large or with its own grammar")
    return ElementTree.fromstring(content)


def _shared(archive: zipfile.ZipFile) -> list[str]:
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    return [_joined(one) for one in _part(archive, "xl/sharedStrings.xml").iter(f"{_NS}si")]


def _joined(element: ElementTree.Element) -> str:
    """The runs of a text; phonetic guides (rPh) are no part of it."""
    plain = [part for part in element if part.tag in (f"{_NS}t", f"{_NS}r")]
    return "".join(text.text or "" for part in plain for text in part.iter(f"{_NS}t"))


def _day_styles(archive: zipfile.ZipFile) -> frozenset[str]:
    """Numbers of the cell styles that show a day."""
    if "xl/styles.xml" not in archive.namelist():
        return frozenset()
    styles = _part(archive, "xl/styles.xml")
    own = {
        int(one.get("numFmtId", "0"))
        for one in styles.iter(f"{_NS}numFmt")
        if re.search(r"[yd]", re.sub(r'"[^"]*"|\[[^\]]*\]', "", one.get("formatCode", "")), re.IGNORECASE)
    }
    used = styles.find(f"{_NS}cellXfs")
    formats = [int(one.get("numFmtId", "0")) for one in used] if used is not None else []
    return frozenset(str(place) for place, number in enumerate(formats) if number in _DAY_FORMATS | own)


def _column(reference: str, following: int) -> int:
    letters = "".join(one for one in reference if one.isalpha())
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter.upper()) - 64
    if number > COLUMNS_MAX:
        raise SheetRefused("too many columns")
    return max(number - 1, following) if letters else following


def _text(cell: ElementTree.Element, shared: list[str], days: frozenset[str], shift: int) -> str:
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{_NS}is")
        return "" if inline is None else _joined(inline)
    value = cell.find(f"{_NS}v")
    text = "" if value is None or value.text is None else value.text
    if kind == "s" and text:
        return shared[int(text)]
    if kind == "b" and text:
        return "yes" if text == "1" else "no"
    if kind == "n" and text:
        number = float(text)
        if cell.get("s", "0") in days:
            return (_EPOCH + dt.timedelta(days=int(number) + shift)).isoformat()
        return str(int(number)) if number.is_integer() else text
    return text
