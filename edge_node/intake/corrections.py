"""Where the papers and the data on file disagree: both values are kept, the paper is taken, and a task to have the data corrected is opened.

Nothing is overwritten: the dossier carries what its papers say, the data on file stays as it is until its own procedure corrects it. What
differed stands in a note of the dossier, in the transaction of the reception, and what was done about it in another: so the task is open at
the office that received the dossier and at the one that resolves it, until either says what was done.

Source: QĐ 1333/QĐ-BHXH Điều 13.3b (R-8: on disagreement take the paper; correcting data is a separate act under sectoral law).
"""

from __future__ import annotations

import datetime as dt
from typing import Final

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.correction_table import TO_CORRECT
from edge_node.intake.errors import CorrectionClosed, CorrectionUnsaid
from edge_node.resolution.errors import NotCustodian
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import projection
from sync_protocol.adapters.stored_views import read_views
from sync_protocol.bodies import NoteAdded, Party
from sync_protocol.data_tasks import DONE, TOLD
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.register import normalise
from sync_protocol.search_keys import owner_keys
from sync_protocol.view import DossierView

_COMPARED: Final = (
    ("name", "Họ tên"),
    ("birth_date", "Ngày sinh"),
    ("bhxh_number", "Mã số BHXH"),
    ("sex", "Giới tính"),
)
LOOKED_AT = 20


class Difference(msgspec.Struct, frozen=True):
    """One field: what the papers say, what is on file, and in which dossier."""

    label: str
    paper: str
    on_file: str
    code: str


class Correction(msgspec.Struct, frozen=True):
    """An open task: the dossier whose papers disagree with data on file, and what its note says."""

    view: DossierView
    told: str


def differences(connection: apsw.Connection, party: Party) -> tuple[Difference, ...]:
    """Fields in which the papers disagree with what this node holds of the same person or organisation; the newest dossier counts.

    A value that only one side has, and another way of writing the same, is no disagreement.
    """
    held = [view for key in owner_keys(party) for view in projection.find(connection, key, LOOKED_AT)]
    found: list[Difference] = []
    for field, label in _COMPARED:
        mine = str(getattr(party, field))
        other = next(((view.person(field), view.reference) for view in held if view.person(field)), None)
        if mine and other is not None and normalise(mine) != normalise(other[0]):
            found.append(Difference(label, mine, *other))
    return tuple(found)


def note_of(found: tuple[Difference, ...], office: OfficeCode, officer: str, at_ms: int) -> NoteAdded:
    """What the dossier keeps of the disagreement."""
    told = "; ".join(
        f"{one.label}: giấy tờ ghi “{_as_written(one.paper)}”, dữ liệu ở hồ sơ {one.code} là “{_as_written(one.on_file)}”" for one in found
    )
    return NoteAdded(
        text=f"{TOLD} {told}. Lấy theo giấy tờ, mở việc đề nghị sửa dữ liệu.", officer=officer, at_ms=at_ms, office=office
    )


def _as_written(value: str) -> str:
    """A day as on paper, dd/mm/yyyy; anything else as it is."""
    try:
        return dt.date.fromisoformat(value).strftime("%d/%m/%Y")
    except ValueError:
        return value


def open_corrections(connection: apsw.Connection, office: OfficeCode, limit: int = 200) -> list[Correction]:
    """The open tasks of an office, the oldest first: of dossiers that it received or resolves now."""
    rows = connection.execute(
        f"SELECT rid, view FROM dossier WHERE {TO_CORRECT} AND ? IN (office, custodian) ORDER BY received_ms LIMIT ?",
        (office, limit),
    )
    views = read_views(connection, rows.fetchall())
    return [Correction(one, one.to_correct) for one in views if one.to_correct]


def close_correction(desk: Desk, officer: str, rid: RecordId, done: str) -> None:
    """Record what was done about the data on file (sent for correction, the paper was misread …) and take the task off the list.

    Raises:
        CorrectionUnsaid: nothing was said. CorrectionClosed: no open task, or somebody closed it meanwhile. NotCustodian: it is not on this office's list.
    """
    desk.officers.get(officer, "resolving")
    if not done.strip():
        raise CorrectionUnsaid()
    now_ms = desk.now_ms()

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        view = projection.view_of(connection, rid)
        if view is None or not view.to_correct:
            raise CorrectionClosed()
        if desk.office not in (view.office, view.custody.office):
            raise NotCustodian(office=view.custody.office)
        return [Draft(rid, NoteAdded(text=f"{DONE} {done.strip()}", officer=officer, at_ms=now_ms, office=desk.office))], None

    desk.ledger.act(Act(officer, "resolving", "correct"), decide)
