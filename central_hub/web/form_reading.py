"""Reading the hub's forms: days, needed boxes and small uploads become values, or a Problem that names the box."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata

from litestar.datastructures import FormMultiDict, UploadFile

from central_hub.web.errors import BoxEmpty, DayUnreadable, UploadTooBig

_DAY = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4})")


def tidy(text: object) -> str:
    """One space between words, no ends, NFC; control and direction marks dropped.

    >>> tidy("  Bảo   hiểm ")
    'Bảo hiểm'
    """
    composed = unicodedata.normalize("NFC", str(text))
    return " ".join("".join(one for one in composed if one.isspace() or unicodedata.category(one)[0] != "C").split())


def text_of(form: FormMultiDict, name: str, *, label: str = "", most: int = 2_000) -> str:
    """A box's text; with a `label` it must not be empty. Raises BoxEmpty."""
    found = tidy(form.get(name, ""))[:most]
    if label and not found:
        raise BoxEmpty(label=label)
    return found


def day_of(text: str, *, label: str) -> dt.date:
    """A day typed as dd/mm/yyyy, or as browsers send it (ISO). Raises DayUnreadable.

    >>> day_of("1/7/2025", label="Ngày"), day_of("2025-07-01", label="Ngày")
    (datetime.date(2025, 7, 1), datetime.date(2025, 7, 1))
    """
    bare = tidy(text)
    found = _DAY.fullmatch(bare)
    try:
        return dt.date(int(found[3]), int(found[2]), int(found[1])) if found else dt.date.fromisoformat(bare)
    except ValueError as error:
        raise DayUnreadable(label=label) from error


async def upload_of(form: FormMultiDict, name: str, *, label: str, limit_kb: int) -> tuple[str, bytes]:
    """Name and bytes of one small uploaded file. Raises BoxEmpty, UploadTooBig."""
    found = form.get(name)
    content = await found.read(limit_kb * 1024 + 1) if isinstance(found, UploadFile) else b""
    if not isinstance(found, UploadFile) or not content:
        raise BoxEmpty(label=label)
    if len(content) > limit_kb * 1024:
        raise UploadTooBig(limit_kb=limit_kb)
    return tidy(found.filename)[:255], content


async def uploads_of(form: FormMultiDict, name: str, *, limit_kb: int) -> list[tuple[str, bytes]]:
    """Names and bytes of small files in a box that may stay empty or take several. Raises UploadTooBig."""
    found = []
    for one in form.getall(name, []):
        content = await one.read(limit_kb * 1024 + 1) if isinstance(one, UploadFile) else b""
        if len(content) > limit_kb * 1024:
            raise UploadTooBig(limit_kb=limit_kb)
        if isinstance(one, UploadFile) and content:
            found.append((tidy(one.filename)[:255], content))
    return found
