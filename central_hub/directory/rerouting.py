"""Re-routing: open dossiers whose office has ceased go on to the office that continues its work, one event each.

The event is the hub's grant of custody, so that merging, scope and history treat it like every other move. Codes, receipts and the office that
issued them stay as printed. A split leaves the choice to a person; nothing is routed by itself.

Source: domain.md C.8 (1)–(3), D.8 (unit succession: the hub's people decide).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import apsw
import msgspec

from central_hub.directory.errors import NothingToRoute, OfficeStands
from central_hub.directory.tables import OPEN_DOSSIER
from central_hub.ingest.feed import enter_scope
from central_hub.lookup.audit import record_act
from central_hub.lookup.service import grant_custody
from sync_protocol.adapters import projection
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.catalogue import Catalogue, Unit
from sync_protocol.ids import HubEpoch, OfficeCode, RecordId

SHOWN_MAX = 500


class Stranded(msgspec.Struct, frozen=True):
    """An office that holds open dossiers and does not exist today. `name` and `ended` are empty for a code no catalogue knows."""

    office: OfficeCode
    name: str
    ended: dt.date | None
    open: int
    successors: tuple[Unit, ...]


class WaitingDossier(msgspec.Struct, frozen=True):
    """One open dossier of such an office."""

    rid: RecordId
    code: str
    procedure: str
    state: str
    received_ms: int
    due_date: str


def stranded_offices(connection: apsw.Connection, catalogue: Catalogue, today: dt.date) -> list[Stranded]:
    """Every ceased office with open dossiers, by code."""
    rows = connection.execute(
        f"SELECT custodian, count(*) FROM dossier WHERE {OPEN_DOSSIER} AND custodian <> '' GROUP BY custodian ORDER BY custodian"
    )
    counted = [(OfficeCode(str(office)), int(str(count))) for office, count in rows]
    return [
        _stranded(catalogue, office, count, today) for office, count in counted if catalogue.unit(office, today) is None
    ]


def _stranded(catalogue: Catalogue, office: OfficeCode, count: int, today: dt.date) -> Stranded:
    held = [unit for unit in catalogue.units if unit.code == office]
    last = max(held, key=lambda unit: unit.valid_from) if held else None
    return Stranded(
        office, last.name if last else "", last.valid_to if last else None, count, catalogue.successors(office, today)
    )


def waiting_dossiers(connection: apsw.Connection, office: OfficeCode) -> list[WaitingDossier]:
    """The open dossiers an office holds, oldest first, at most SHOWN_MAX."""
    rows = connection.execute(
        "SELECT rid, code, procedure, state, received_ms, due_date FROM dossier"
        f" WHERE {OPEN_DOSSIER} AND custodian = ? ORDER BY received_ms LIMIT ?",
        (office, SHOWN_MAX),
    )
    return [WaitingDossier(*row) for row in rows]


def reroute(
    connection: apsw.Connection, catalogue: Catalogue, today: dt.date, office: OfficeCode, successor: OfficeCode,
    rids: Iterable[RecordId], *, by: Visitor, reason: str, epoch: HubEpoch, now_ms: int,
) -> tuple[int, set[OfficeCode]]:  # fmt: skip
    """Hand chosen dossiers of a ceased office to one that continues it; returns how many, and the offices with news.

    A dossier that is no longer with the office is passed over, so repeating changes nothing.

    Raises:
        OfficeStands: the office still exists, or the other does not continue it. NothingToRoute.
    """
    heirs = {unit.code for unit in catalogue.successors(office, today)}
    if catalogue.unit(office, today) is not None or successor not in heirs:
        raise OfficeStands(office=office, successor=successor)
    count, news = 0, set[OfficeCode]()
    for rid in dict.fromkeys(rids):
        view = projection.view_of(connection, rid)
        if view is None or view.custody.office != office:
            continue
        enter_scope(connection, rid, successor, now_ms, "succession")
        news |= grant_custody(
            connection, view, successor, reason=reason, officer=by.account, epoch=epoch, now_ms=now_ms
        )
        record_act(
            connection, at_ms=now_ms, officer=by.account, roles=by.roles, what="custody.reroute", subject=view.code, rid=rid,
            reason=reason, outcome=f"{office} to {successor}",
        )  # fmt: skip
        count += 1
    if not count:
        raise NothingToRoute(office=office)
    return count, news
