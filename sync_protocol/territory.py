"""Territory: provinces before and after 1 July 2025, offices of the sector, and who follows whom.

Invariant: old codes are never rewritten. A number inside a personal id is read with the table of the 63 old provinces;
the same two digits may mean another province today (24 was Bắc Giang and is now Bắc Ninh).

Source: Nghị quyết 202/2025/QH15; Quyết định 19/2025/QĐ-TTg.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from sync_protocol.paper_types import Trust

ProvincePeriod = Literal["old", "new"]
UnitLevel = Literal["central", "province", "base", "desk"]
SuccessionKind = Literal["merge", "split", "rename", "transfer"]


class Province(msgspec.Struct, frozen=True):
    """A province: three digits in the `old` period, two in the `new` one. `successor` is a new code, empty if new."""

    code: str
    name: str
    period: ProvincePeriod
    successor: str
    valid_from: dt.date | None
    valid_to: dt.date | None
    source: str
    trust: Trust


class ProvinceToday(msgspec.Struct, frozen=True):
    """What an old three-digit code meant and which province its territory belongs to today."""

    old_code: str
    old_name: str
    code: str
    name: str


class Unit(msgspec.Struct, frozen=True):
    """An office under one name. The same code may appear again with a later `valid_from` after a change of name.

    `identifier` is the e-identifier printed in dossier codes (QĐ 20/2020/QĐ-TTg); `province` is a new two-digit code.
    """

    code: str
    name: str
    level: UnitLevel
    parent: str
    province: str
    identifier: str
    valid_from: dt.date
    valid_to: dt.date | None
    provisional: bool
    source: str
    trust: Trust


class UnitSuccession(msgspec.Struct, frozen=True):
    """From `date` on, `to_code` continues the work of `from_code` within `scope` (empty: all of it)."""

    from_code: str
    to_code: str
    kind: SuccessionKind
    date: dt.date
    scope: str
    source: str
    trust: Trust
