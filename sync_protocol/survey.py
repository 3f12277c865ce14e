"""The survey's ticket: what the code on a slip says, so that a person answers once, without a name, and nobody can invent answers.

A desk makes it while offline and signs it with its node's key; it names the office, the form and the day, and a chance number that stands nowhere
else, so an answer leads to no dossier and no person. Text that does not read as a ticket is None, never an error: anybody may type anything.
Source: TT 01/2018/TT-VPCP Điều 12.2 (the form is handed out with forms 01, 02, 03); NĐ 61/2018/NĐ-CP Điều 31.1 (what is asked).
"""

from __future__ import annotations

import base64
import binascii
import datetime as dt
import re
from collections.abc import Callable
from typing import Final

import msgspec

from sync_protocol.ids import NodeId, OfficeCode

FORMS: Final = ("01", "02", "03")
QUESTIONS: Final = ("time", "contacts", "attitude", "clarity", "overall")
"""Điều 31.1 a, b/c, đ, d and the whole; each is answered 1 (very dissatisfied) to 5 (very satisfied)."""
GRADES: Final = (1, 2, 3, 4, 5)
SATISFIED_FROM: Final = 4
VALID_DAYS: Final = 90
CHANCE_BYTES: Final = 9
_SIGNATURE_BYTES: Final = 64
_TEXT: Final = re.compile(
    r"1\.([a-z][a-z0-9]{3,15})\.([A-Za-z0-9-]{1,20})\.(0[123])\.(\d{8})\.([A-Za-z0-9_-]{12})\.([A-Za-z0-9_-]{86})"
)
_PURPOSE: Final = b"lienthong/survey/1\0"

Sign = Callable[[bytes], bytes]


class Ticket(msgspec.Struct, frozen=True):
    """What a ticket says: which node of which office printed which form on which day (Vietnam), and its chance number."""

    node: NodeId
    office: OfficeCode
    form: str
    day: dt.date
    chance: str

    def message(self) -> bytes:
        """The bytes that the node signs."""
        return _PURPOSE + self._head().encode("ascii")

    def _head(self) -> str:
        return f"1.{self.node}.{self.office}.{self.form}.{self.day:%Y%m%d}.{self.chance}"

    def signed(self, sign: Sign) -> str:
        """The text of the code: short enough for a small QR, safe in an address."""
        return f"{self._head()}.{_text(sign(self.message()))}"

    def is_open(self, today: dt.date) -> bool:
        """Whether it may be answered on a Vietnam day: from the day before it was printed (clocks differ) for `VALID_DAYS`."""
        return self.day - dt.timedelta(days=1) <= today <= self.day + dt.timedelta(days=VALID_DAYS)


def make_ticket(node: NodeId, office: OfficeCode, form: str, day: dt.date, chance: bytes) -> Ticket:
    """A ticket for one slip; `chance` are `CHANCE_BYTES` random bytes of the caller."""
    return Ticket(node, office, form, day, _text(chance))


def read_ticket(text: str) -> tuple[Ticket, bytes] | None:
    """The ticket and its signature (not verified), or None for anything else."""
    found = _TEXT.fullmatch(text)
    if found is None:
        return None
    node, office, form, day, chance, signature = found.groups()
    try:
        ticket = Ticket(NodeId(node), OfficeCode(office), form, dt.datetime.strptime(day, "%Y%m%d").date(), chance)  # noqa: DTZ007  # a calendar day
        raw = base64.urlsafe_b64decode(signature + "==")
    except (ValueError, binascii.Error):
        return None
    return (ticket, raw) if len(raw) == _SIGNATURE_BYTES else None


def address_of(hub_address: str, ticket: str) -> str:
    """Where the survey is answered."""
    return f"{hub_address.rstrip('/')}/khao-sat?t={ticket}"


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode("ascii")
