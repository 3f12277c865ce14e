"""Offices of a report: each under the office that continues its work on the report's last day, so that before and after compare.

Facts keep the office that acted; only the reading follows successions. Where an office was split among several, or nobody follows it, it
stays under its own code. Source: domain.md C.8, D.8; NQ 202/2025/QH15.
"""

from __future__ import annotations

import datetime as dt

from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import OfficeCode


def continued_by(catalogue: Catalogue | None, office: OfficeCode, on: dt.date) -> OfficeCode:
    """The one office that on a Vietnam date continues the work of `office`, or `office` itself."""
    if catalogue is None:
        return office
    found = catalogue.successors(office, on)
    return OfficeCode(found[0].code) if len(found) == 1 else office


def office_name(catalogue: Catalogue | None, office: str, on: dt.date) -> str:
    """The office's name on a day, "" where the catalogue has none."""
    unit = catalogue.unit(office, on) if catalogue else None
    return unit.name if unit else ""
