"""Letting a dossier go: the officer's wish is an event of this desk's own lane, so it is saved without a line and judged by the hub when it gets there.

Until the hub has spoken the dossier stays as it was; work on it meanwhile is accepted, and says that the office has not done with it.
"""

from __future__ import annotations

from functools import partial
from typing import Literal, cast

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.service import dossier_in
from edge_node.letting_go.errors import HubCannotJudge, StillConcerned
from edge_node.letting_go.tombstones import knows_exits
from edge_node.store.ledger import Act, Draft
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, exits, projection
from sync_protocol.bodies import ExitAsked, decode_body
from sync_protocol.bodies.following import EXIT_NOTE_MAX, ExitObstacle, ExitReason
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.leaving import awaits_answer, obstacle
from sync_protocol.view import DossierView

LocalObstacle = ExitObstacle | Literal["scans_waiting", "own_proposal"]
WHY: dict[str, str] = {
    "not_whole": "máy này chưa có đủ nội dung tiếp nhận của hồ sơ",
    "received_here": "cơ quan này đã tiếp nhận hồ sơ",
    "custodian": "cơ quan này đang có quyền giải quyết hồ sơ",
    "open_case": "cơ quan này còn một việc cần đối chiếu trong hồ sơ",
    "own_proposal": "cơ quan này đã làm một việc chưa có hiệu lực và nơi giải quyết chưa trả lời",
    "acted_since": "cơ quan này đã làm thêm việc trong hồ sơ sau khi xin thôi theo dõi",
    "scans_waiting": "còn trang quét của hồ sơ đang xử lý tại máy này",
}
"""Each obstacle as it stands in a sentence. `own_proposal` is a desk's word for an open case: on the wire an older desk could not read it."""


class Following(msgspec.Struct, frozen=True):
    """How this office stands to a dossier that it holds. `refused` is why the hub refused the last wish, "own_proposal" while that is the open case; `is_asked`:
    one waits for the hub."""

    may_ask: bool
    is_asked: bool = False
    refused: str = ""


def following(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> Following:
    """What the dossier's page offers and says."""
    judged = exits.exits_of(connection, rid, office)
    if _has_open_wish(connection, rid, office):
        return Following(may_ask=False, is_asked=True)
    may = knows_exits(connection) and not what_hinders(connection, rid, office)
    refused = judged[-1].obstacle if judged else ""
    return Following(may_ask=may, refused=_said_exactly(projection.view_of(connection, rid), office, refused))


def let_go(desk: Desk, officer: str, role: str, rid: RecordId, reason: ExitReason, note: str = "") -> bool:
    """Ask the hub to end this office's scope of a dossier; False where a wish waits already. Saved when it returns.

    Raises:
        UnknownDossier; HubCannotJudge; StillConcerned: the hub would refuse it.
    """

    def decide(connection: apsw.Connection) -> tuple[list[Draft], bool]:
        dossier_in(connection, rid)
        if _has_open_wish(connection, rid, desk.office):
            return [], False
        if not knows_exits(connection):
            raise HubCannotJudge()
        hindrance = what_hinders(connection, rid, desk.office)
        if hindrance:
            raise StillConcerned(why=WHY[hindrance], obstacle=hindrance)
        body = ExitAsked(office=desk.office, reason=reason, officer=officer, at_ms=desk.now_ms(), note=note[:EXIT_NOTE_MAX])
        return [Draft(rid, body)], True

    return desk.ledger.act(Act(officer, role, "let go"), decide)[1]


def what_hinders(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> LocalObstacle:
    """Why the office may not leave, by what this desk knows; "" where it may ask."""
    waits = connection.execute("SELECT 1 FROM capture_job WHERE rid = ? AND state IN ('waiting', 'stopped') LIMIT 1", (rid,))
    if waits.fetchone():
        return "scans_waiting"
    view = projection.view_of(connection, rid)
    return _said_exactly(view, office, obstacle(view, office, partial(_office_of, connection)))


def _said_exactly(view: DossierView | None, office: OfficeCode, obstacle: str) -> LocalObstacle:
    """The obstacle; of an open case whether it is a proposal of this office's own."""
    own = obstacle == "open_case" and view is not None and awaits_answer(view, office)
    return "own_proposal" if own else cast(LocalObstacle, obstacle)


def wish_of(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> ExitAsked | None:
    """The newest wish of the office that is held here."""
    wishes = [body for event in event_log.events_of(connection, rid) if isinstance(body := decode_body(event), ExitAsked) and body.office == office]
    return max(wishes, key=lambda one: one.at_ms, default=None)


def _has_open_wish(connection: apsw.Connection, rid: RecordId, office: OfficeCode) -> bool:
    return any(
        isinstance(body := decode_body(event), ExitAsked)
        and body.office == office
        and not exits.is_judged(connection, rid, office, act_id(event.header))
        for event in event_log.events_of(connection, rid)
    )


def _office_of(connection: apsw.Connection, node: str) -> OfficeCode | None:
    row = connection.execute("SELECT office FROM peer_office WHERE node = ?", (node,)).fetchone()
    return None if row is None else OfficeCode(str(row[0]))
