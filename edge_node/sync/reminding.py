"""Noticing that the hub forgot without knowing it, and the hub's own signature that tells it so (messages.Remind)."""

from __future__ import annotations

import apsw
import msgspec

from edge_node.store.ledger import own_lane
from edge_node.store.node_store import read_number, read_state
from edge_node.sync import cut_off
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.batch import Acknowledgement
from sync_protocol.ids import HubEpoch, OfficeCode
from sync_protocol.messages import Busy, HelloReply, LaneHead, Pull, PullReply, Remind, Reply, WitnessReply
from sync_protocol.page_proof import PageProof

CAPABILITY = "remind"


def reminder(connection: apsw.Connection, reply: HelloReply) -> Remind | None:
    """What the hub signed in the epoch of this greeting and, by this greeting, no longer has; None when it stands where it stood."""
    if CAPABILITY not in reply.capabilities or read_state(connection, "epoch") != reply.epoch:
        return None
    floors = {floor.inc: floor for floor in reply.floors}
    for (raw,) in connection.execute("SELECT raw FROM acknowledgement WHERE epoch = ?", (reply.epoch,)).fetchall():
        try:
            one = msgspec.msgpack.decode(as_bytes(raw), type=Acknowledgement)
        except msgspec.MsgspecError:  # proves nothing, and must not stand in the way of a greeting
            continue
        if one.epoch == reply.epoch and one.node == own_lane(connection).node and _may_lack(connection, one, floors.get(one.inc)):
            return Remind(acknowledgement=one)
    return newest_page(connection) if read_number(connection, "cursor") > reply.feed_head else None


def everything(connection: apsw.Connection) -> list[Remind]:
    """All that the hub of the epoch known here can be reminded with: for a stick, which no greeting's answer precedes. One that forgot nothing takes nothing."""
    epoch, reminders = read_state(connection, "epoch"), []
    for (raw,) in connection.execute(
        "SELECT raw FROM acknowledgement WHERE epoch = ? ORDER BY inc", (epoch,)
    ).fetchall():
        try:
            one = msgspec.msgpack.decode(as_bytes(raw), type=Acknowledgement)
        except msgspec.MsgspecError:
            continue
        if one.epoch == epoch and one.upto:
            reminders.append(Remind(acknowledgement=one))
    names, newest = cut_off.held(connection), newest_page(connection)
    if names is not None:
        reminders.append(Remind(cut_off=names))
    return [*reminders, newest] if newest else reminders


def _may_lack(connection: apsw.Connection, one: Acknowledgement, floor: LaneHead | None) -> bool:
    """Whether the hub may not hold what it acknowledged: its floor is lower, or names an event that is not this log's, a copied machine's, so that its number says
    nothing. The hub compares by content, and takes nothing where it holds what it signed.
    """
    if floor is None or floor.seq < one.upto:
        return one.upto > 0
    lane = event_log.find_lane(connection, one.node, one.inc)
    return lane is not None and event_log.held_id(connection, lane.lane, floor.seq) != floor.id


def is_behind(ask: Pull, page: PullReply) -> bool:
    """Whether the feed ended before a place that had been told: the hub has forgotten."""
    reached = max(ask.cursor, ask.seen.position if ask.seen else 0)
    return page.epoch == ask.epoch and page.cursor < reached and not page.more


def taken_of(reply: Reply | None) -> int | None:
    """How much a hub took of a reminder by its answer; a refusal takes nothing. None where it did not hear of it: no answer, or busy."""
    if isinstance(reply, WitnessReply):
        return reply.accepted
    return None if reply is None or isinstance(reply, Busy) else 0


def newest_page(connection: apsw.Connection) -> Remind | None:
    """The newest news of the present epoch, under the hub's signature; None where it told none."""
    row = connection.execute(
        "SELECT epoch, office, ids, signature FROM page_proof WHERE epoch = ? ORDER BY id DESC LIMIT 1",
        (read_state(connection, "epoch"),),
    ).fetchone()
    if row is None:
        return None
    epoch, office, ids, mark = row
    return Remind(page=PageProof(HubEpoch(as_bytes(epoch)), OfficeCode(str(office)), as_bytes(ids), as_bytes(mark)))
