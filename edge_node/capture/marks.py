"""What a code on a scanned page says: a separator sheet, a dossier of ours, or an identity card.

Codes propose and never decide: a separator names where the following pages belong, a dossier code or a card names whose they may be.
Invariant: of a card nothing but the seven fields of its holder is kept (domain rule C.2); text that is none of the three is dropped.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

import msgspec

from sync_protocol.card_qr import CardQr, read_card_qr
from sync_protocol.errors import Problem
from sync_protocol.ids import ComponentId, RecordId

OURS = "lienthong:"
_SEPARATOR = OURS + "tach"
_OF_COMPONENT = re.compile(rf"^{_SEPARATOR}/([0-9a-f]{{32}})/([0-9a-f]{{32}})$")
_CODE = re.compile(rf"^{OURS}([0-9A-Z][0-9A-Z.\-]{{5,59}})$")
_SEXES = {"male": "Nam", "female": "Nữ", None: ""}


class Separator(msgspec.Struct, frozen=True, tag="separator"):
    """A separator sheet: a new pile begins after it, of this component where the sheet names one."""

    rid: RecordId | None = None
    component_id: ComponentId | None = None


class DossierMark(msgspec.Struct, frozen=True, tag="dossier"):
    """The dossier code of a slip."""

    code: str


class CardMark(msgspec.Struct, frozen=True, tag="card"):
    """An identity card: its seven fields in the card's own form. A typing aid, no proof."""

    text: str

    @property
    def card(self) -> CardQr:
        """The fields. Raises UnreadableQr, never for a value made by `mark_in`."""
        return read_card_qr(self.text)


class SheetMark(msgspec.Struct, frozen=True, tag="sheet"):
    """An A4 sheet photographed aslant: its corners as shares of the picture, and how finely it was taken (`imaging.photographed`)."""

    corners: tuple[float, ...]
    dpi: int

    @property
    def is_fine_enough(self) -> bool:
        """Whether the sheet alone would still have the 200 dpi of NĐ 30/2020 Phụ lục I."""
        return self.dpi >= 200


class PrintMark(msgspec.Struct, frozen=True, tag="print"):
    """A page's fingerprint (`imaging.duplicates`), by which a sheet scanned twice is suspected."""

    print: bytes


class TwinMark(msgspec.Struct, frozen=True, tag="twin"):
    """The page seems to show the same sheet as an earlier one of the tray."""

    page_id: str


Mark = Separator | DossierMark | CardMark | SheetMark | PrintMark | TwinMark


def separator_text(rid: RecordId | None = None, component_id: ComponentId | None = None) -> str:
    """What a separator sheet's code says: identifiers of ours, nothing about a person.

    >>> separator_text()
    'lienthong:tach'
    """
    return _SEPARATOR if rid is None or component_id is None else f"{_SEPARATOR}/{rid.hex()}/{component_id.hex()}"


def mark_in(text: str) -> Mark | None:
    """The meaning of one code's text, or None.

    >>> mark_in("lienthong:G12.00101-261120-0001")
    DossierMark(code='G12.00101-261120-0001')
    >>> mark_in("lienthong:khao-sat/G12.00101-261120-0001"), mark_in("https://example.com")
    (None, None)
    """
    if text == _SEPARATOR:
        return Separator()
    if found := _OF_COMPONENT.fullmatch(text):
        return Separator(RecordId(bytes.fromhex(found[1])), ComponentId(bytes.fromhex(found[2])))
    if found := _CODE.fullmatch(text):
        return DossierMark(found[1])
    return _card(text)


def marks_in(texts: Iterable[str]) -> tuple[Mark, ...]:
    """All meanings among the codes of one page, each once."""
    return tuple(dict.fromkeys(mark for text in texts if (mark := mark_in(text)) is not None))


def _card(text: str) -> CardMark | None:
    try:
        card = read_card_qr(text)
        kept = _seven(card)
        # An eighth, empty field keeps a card of the newer kind readable whose date or sex was not.
        try:
            read_card_qr(kept)
        except Problem:
            kept += "|"
            read_card_qr(kept)
    except Problem:
        return None
    return CardMark(kept)


def _seven(card: CardQr) -> str:
    born = f"{card.birth_date:%d%m%Y}" if card.birth_date else ""
    issued = f"{card.issued_on:%d%m%Y}" if card.issued_on else ""
    return "|".join((card.personal_id, card.old_number, card.full_name, born, _SEXES[card.sex], card.address, issued))
