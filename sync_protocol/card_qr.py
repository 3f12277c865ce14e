"""Card QR: the text on an identity card's QR code, read as a typing aid.

The 2021 card carries exactly seven fields. The 2024 card adds more in an order no published text fixes; among them are
relatives and cancelled numbers. Those are personal data of other people that no component asks for, so they are
dropped here, before anything else can see them: the value has no place to keep them.

Invariant: nothing but the seven fields of the holder leaves this module. The code is unsigned and proves no identity.

Source: layout of the 2021 card as read by published code (secondary); Luật Bảo vệ dữ liệu cá nhân 91/2025/QH15.
"""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Literal

import msgspec

from sync_protocol.identifiers import Sex
from sync_protocol.law_problems import UnreadableQr

_FIELDS_2021 = 7
_SEXES: dict[str, Sex] = {"nam": "male", "nữ": "female"}


class CardQr(msgspec.Struct, frozen=True):
    """The holder as printed: `address` keeps abolished districts. `old_number` is the former card number or empty."""

    personal_id: str
    old_number: str
    full_name: str
    birth_date: dt.date | None
    sex: Sex | None
    address: str
    issued_on: dt.date | None
    layout: Literal["2021", "2024"]


def read_card_qr(text: str) -> CardQr:
    """Read the QR text of an identity card. Fields after the seventh are dropped.

    With seven fields each must have its exact shape; with more, dates and sex that cannot be read become None.
    Raises UnreadableQr (LAW-002).

    >>> card = read_card_qr("001185012345||NGUYỄN THỊ AN|01021985|Nữ|Phường X, Quận Y, Hà Nội|10052021")
    >>> card.full_name, card.birth_date, card.sex, card.old_number
    ('NGUYỄN THỊ AN', datetime.date(1985, 2, 1), 'female', '')
    """
    parts = [part.strip() for part in unicodedata.normalize("NFC", text).strip().split("|")]
    if len(parts) < _FIELDS_2021 or not re.fullmatch(r"[0-9]{12}", parts[0]) or not parts[2]:
        raise UnreadableQr(fields=len(parts))
    exact = len(parts) == _FIELDS_2021
    card = CardQr(
        personal_id=parts[0],
        old_number=parts[1] if re.fullmatch(r"[0-9]{9}", parts[1]) else "",
        full_name=parts[2],
        birth_date=_compact_date(parts[3]),
        sex=_SEXES.get(parts[4].lower()),
        address=parts[5],
        issued_on=_compact_date(parts[6]),
        layout="2021" if exact else "2024",
    )
    if exact and (parts[1] != card.old_number or None in (card.birth_date, card.sex, card.issued_on)):
        raise UnreadableQr(fields=len(parts))
    return card


def _compact_date(text: str) -> dt.date | None:
    """Read ddMMyyyy, or None."""
    if not re.fullmatch(r"[0-9]{8}", text):
        return None
    try:
        return dt.date(int(text[4:]), int(text[2:4]), int(text[:2]))
    except ValueError:
        return None
