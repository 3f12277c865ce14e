"""Appearance: what the visible signature says, read from the file and compared with what the signature proves.

The visible words are drawn by the signer's own software, so they prove nothing; a reader of the page believes them all
the same. Words that differ from the certificate's name or from the signature's time are a forgery (signing.md §4 case 28).
"""

from __future__ import annotations

import datetime as dt
import io
import re
import unicodedata
from typing import Any

import pikepdf

from sync_protocol.adapters.signature_names import OFFICER_FIELD
from sync_protocol.adapters.verification.errors import NameForged, TimeForged, VerificationProblem

_MAPPED = re.compile(rb"<([0-9A-Fa-f]{4})> <([0-9A-Fa-f]+)>")
_TIME = re.compile(r"(\d\d)-(\d\d)-(\d{4}) (\d\d):(\d\d):(\d\d) \+07:00")
_VIETNAM = dt.timezone(dt.timedelta(hours=7))
_TOLERANCE = dt.timedelta(seconds=1)
_DEEPEST = 4


def visible_texts(data: bytes) -> dict[str, str]:
    """Return the words of every visible signature field of a file, NFC, lines joined by spaces."""
    with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
        fields = pdf.Root.get("/AcroForm", pikepdf.Dictionary()).get("/Fields", pikepdf.Array())
        return {str(field.get("/T", "")): _field_text(field) for field in fields if "/AP" in field}


def check_visible(field: str, text: str, *, signer_name: str, at: dt.datetime | None) -> list[VerificationProblem]:
    """Compare visible words with the certificate's name (personal signatures) and with the signing time."""
    problems: list[VerificationProblem] = []
    if field == OFFICER_FIELD and _plain(signer_name) not in _plain(text):
        problems.append(NameForged(field=field, found="stamp"))
    shown = _TIME.search(text)
    if shown is None or at is None:
        problems.append(TimeForged(field=field, found="no time in the stamp"))
    else:
        day, month, year, hour, minute, second = (int(part) for part in shown.groups())
        try:
            instant = dt.datetime(year, month, day, hour, minute, second, tzinfo=_VIETNAM)
        except ValueError:
            return [*problems, TimeForged(field=field, found="an impossible time")]
        if abs(instant - at) > _TOLERANCE:
            problems.append(TimeForged(field=field, found="another time"))
    return problems


def _plain(text: str) -> str:
    """Fold what wrapping and encoding may change: spaces and composition."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _field_text(field: Any) -> str:
    normal = field.AP.get("/N")
    return " ".join(_form_lines(normal, 0)) if isinstance(normal, pikepdf.Stream) else ""


def _form_lines(form: Any, depth: int) -> list[str]:
    if depth > _DEEPEST:
        return []
    resources = form.get("/Resources", pikepdf.Dictionary())
    forms, fonts = (resources.get(kind, pikepdf.Dictionary()) for kind in ("/XObject", "/Font"))
    letters: dict[str, str] = {}
    lines: list[str] = []
    for part in pikepdf.parse_content_stream(form):
        operator = str(part.operator)
        if operator == "Do" and isinstance(forms.get(str(part.operands[0])), pikepdf.Stream):
            lines += _form_lines(forms[str(part.operands[0])], depth + 1)
        elif operator == "Tf" and str(part.operands[0]) in fonts:
            letters = _letters(fonts[str(part.operands[0])])
        elif operator == "Tj":
            lines.append(_decoded(bytes(part.operands[0]), letters))
    return lines


def _letters(font: Any) -> dict[str, str]:
    mapping = font.get("/ToUnicode")
    if not isinstance(mapping, pikepdf.Stream):
        return {}
    return {
        code.decode().upper(): bytes.fromhex(letter.decode()).decode("utf-16-be", "replace")
        for code, letter in _MAPPED.findall(mapping.read_bytes())
        if len(letter) % 4 == 0
    }


def _decoded(shown: bytes, letters: dict[str, str]) -> str:
    codes = shown.hex().upper()
    return "".join(letters.get(codes[start : start + 4], "\ufffd") for start in range(0, len(codes), 4))
