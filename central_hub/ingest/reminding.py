"""Remind: a node shows what this hub signed in its present epoch. If the hub has it no longer, it was put back unannounced: a new epoch begins.

The mark outside the database (epoch_anchor.py) notices a restore at the start, unless it was copied back together with the database, as the
image of a whole machine is. Then the first node that misses something notices, and brings the proof. Only the hub's own signature counts, and
only over what is really missing, so nobody can make epochs begin at will. Source: sync.md 2.4 H4, 2.13.
"""

from __future__ import annotations

import apsw

from central_hub.ingest.feed import is_in_scope
from central_hub.ingest.nodes import NodeRow
from central_hub.store.epoch import EPOCH, begin_epoch
from central_hub.store.hub_store import read_state
from sync_protocol.adapters import event_log, exits, signatures
from sync_protocol.batch import Acknowledgement, check_acknowledgement
from sync_protocol.ids import HubEpoch
from sync_protocol.messages import Remind
from sync_protocol.page_proof import PageProof, check_page


def take_reminder(
    connection: apsw.Connection, node: NodeRow, remind: Remind, hub: str, public_key: bytes, fresh: HubEpoch, now_ms: int
) -> bool:
    """Whether something is missing that this hub signed in the epoch it still speaks under; then `fresh` (16 random bytes) begins.

    Idempotent: in the new epoch nothing that was signed before counts.

    Raises:
        RemoteProtocolError, SignatureRejected: it is not the hub's own signature, or not for this node.
    """
    epoch = read_state(connection, EPOCH)
    is_missing = False
    if remind.acknowledgement is not None:
        is_missing |= _lacks_promised(connection, node, remind.acknowledgement, hub, public_key, epoch)
    if remind.page is not None:
        is_missing |= _lacks_told(connection, node, remind.page, hub, public_key, epoch)
    if is_missing:
        begin_epoch(connection, fresh, now_ms)
    return is_missing


def _lacks_promised(
    connection: apsw.Connection, node: NodeRow, one: Acknowledgement, hub: str, public_key: bytes, epoch: bytes | None
) -> bool:
    check_acknowledgement(
        one, hub=hub, node=node.node, verify=lambda message, mark: signatures.verify(public_key, message, mark)
    )
    lane = event_log.find_lane(connection, node.node, one.inc)
    held = None if lane is None else event_log.held_id(connection, lane.lane, one.upto)
    return one.epoch == epoch and one.upto > 0 and held != one.head


def _lacks_told(
    connection: apsw.Connection, node: NodeRow, page: PageProof, hub: str, public_key: bytes, epoch: bytes | None
) -> bool:
    """An event that was told is not held; or it is held, and the office that was told of it is not entitled to its dossier any more although the log
    does not say that it left: the entitlement was forgotten. An exit that was forgotten is an event that was told, or a wish that its desk brings again."""
    check_page(page, hub=hub, verify=lambda message, mark: signatures.verify(public_key, message, mark))
    if page.epoch != epoch:
        return False
    if not event_log.holds_all(connection, page.event_ids):
        return True
    rids = {event.header.rid for event in event_log.read_events(connection, page.event_ids)}
    return page.office == node.office and not all(
        is_in_scope(connection, rid, node.office) or exits.has_left(connection, rid, node.office) for rid in rids
    )
