"""The list of cases page by page: what is asked for, which cases that are, and the links that keep the question.

Invariant: a page begins behind a case, not at a position, so that cases answered meanwhile push none out of sight; cases that open
meanwhile stand at the end. A question holds kinds, an office's code and states, never a person.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args
from urllib.parse import urlencode

import msgspec

from central_hub.cases.model import Case, Kind

SHOWN = 50
KINDS: tuple[str, ...] = get_args(Kind)
STATES = ("hub", "office", "mine", "free", "approval", "old")
OFFICE_LENGTH_MAX = 16
Place = tuple[int, bytes]
FIRST: Place = (-1, b"")


class Asked(msgspec.Struct, frozen=True):
    """Which cases somebody wants to see; "" is all of them."""

    kind: str = ""
    office: str = ""
    state: str = ""

    @classmethod
    def of(cls, kind: str, office: str, state: str) -> Asked:
        """What an address asks for; a kind or state that does not exist leaves nothing out."""
        is_code = office.isascii() and office.isalnum() and len(office) <= OFFICE_LENGTH_MAX
        return cls(kind if kind in KINDS else "", office if is_code else "", state if state in STATES else "")

    @property
    def is_all(self) -> bool:
        """Whether nothing is left out."""
        return self == Asked()

    def takes(self, case: Case, account: str, *, is_old: bool) -> bool:
        """Whether `account` asks for this case; `is_old` when it is open for too long."""
        if (self.kind and case.kind != self.kind) or (self.office and self.office not in case.offices):
            return False
        match self.state:
            case "hub":
                return not case.is_the_custodian_s
            case "office":
                return case.is_the_custodian_s
            case "mine":
                return case.owner == account
            case "free":
                return not case.owner
            case "approval":
                return case.waits_for_approval
            case "old":
                return is_old
            case _:
                return True

    def address(self, after: Place = FIRST) -> str:
        """The address of these cases behind a place.

        >>> Asked("identity", "00101").address((7, b"ab"))
        '/cases?kind=identity&office=00101&after=7-6162'
        """
        said = {"kind": self.kind, "office": self.office, "state": self.state}
        said["after"] = "" if after == FIRST else f"{after[0]}-{after[1].hex()}"
        asked = urlencode({name: value for name, value in said.items() if value})
        return f"/cases?{asked}" if asked else "/cases"


class Page(msgspec.Struct, frozen=True):
    """One page of the cases that were asked for: `found` of them among `open` ones, `skipped` of them before it; `before` and `after` are where
    the pages beside it begin, None where that is the first page or there is none."""

    rows: tuple[Case, ...]
    skipped: int
    found: int
    open: int
    before: Place | None
    after: Place | None


def place_of(text: str) -> Place:
    """A place as it stands in an address; the beginning where it stands for none.

    >>> place_of("7-6162"), place_of("x")
    ((7, b'ab'), (-1, b''))
    """
    opened, _, identifier = text.partition("-")
    try:
        return int(opened[:20]), bytes.fromhex(identifier)
    except ValueError:
        return FIRST


def page_of(cases: Sequence[Case], asked: Asked, account: str, after: Place, *, now_ms: int, after_days: int) -> Page:
    """The page behind a place, of cases in the order of `read_cases`; the last page where nothing stands behind it. Pure."""
    found = [one for one in cases if asked.takes(one, account, is_old=one.is_escalated(now_ms, after_days))]
    skipped = sum(1 for one in found if _place(one) <= after)
    if found and skipped == len(found):
        skipped = (len(found) - 1) // SHOWN * SHOWN
    shown = tuple(found[skipped : skipped + SHOWN])
    earlier = skipped - SHOWN
    return Page(
        shown, skipped, len(found), len(cases),
        before=_place(found[earlier - 1]) if earlier > 0 else None,
        after=_place(shown[-1]) if skipped + SHOWN < len(found) else None,
    )  # fmt: skip


def _place(case: Case) -> Place:
    return case.opened_ms, case.id
