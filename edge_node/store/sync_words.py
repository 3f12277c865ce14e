"""The five words of design.md §7, derived from the log for every event and file, never stored.

*Đã lưu tại đây → Đang gửi → Trung tâm đã nhận → Đã có bản dự phòng*, and *Cần bạn xem*.
"""

from __future__ import annotations

from enum import StrEnum

import apsw
import msgspec

from edge_node.store.damaged import needs_person
from edge_node.store.ledger import own_lane
from sync_protocol.adapters import projection
from sync_protocol.adapters.files.errors import FileDamaged
from sync_protocol.adapters.verification.words import reason_sentence
from sync_protocol.ids import BlobDigest, RecordId


class SyncWord(StrEnum):
    """Where an item is, in one word; labels come from the glossary under `sync_word`."""

    SAVED_HERE = "saved_here"
    SENDING = "sending"
    AT_HUB = "at_hub"
    BACKED_UP = "backed_up"
    NEEDS_YOU = "needs_you"


class ItemState(msgspec.Struct, frozen=True):
    """A word with its number and time: acknowledgement number is the hub's sequence number, time is hub time (UTC ms)."""

    word: SyncWord
    acknowledgement: int = 0
    at_ms: int = 0
    reason: str = ""


def dossier_state(connection: apsw.Connection, rid: RecordId) -> ItemState:
    """The word of a dossier: that of its newest own event, unless something about it needs a person."""
    row = connection.execute("SELECT conflicts + suspicions FROM dossier WHERE rid = ?", (rid,)).fetchone()
    if row is not None and row[0]:
        return ItemState(SyncWord.NEEDS_YOU)
    if refused := _set_apart(connection, rid):
        return ItemState(SyncWord.NEEDS_YOU, reason=next(iter(refused.values())))
    if needs_person(connection, rid):
        return ItemState(SyncWord.NEEDS_YOU, reason=FileDamaged.sentence)
    lane = own_lane(connection)
    # by the dossier's few events: the lane's own index would be walked from its end to the dossier
    newest = connection.execute("SELECT max(+seq) FROM event WHERE rid = ? AND +lane = ?", (rid, lane.lane)).fetchone()
    seq = int(newest[0] or 0) if newest else 0
    promise = connection.execute(
        "SELECT upto, backup_seq, hubseq, at_ms FROM acknowledgement WHERE inc = ?", (lane.inc,)
    ).fetchone()
    if seq == 0:
        return ItemState(SyncWord.AT_HUB)  # everything held of it came from the hub
    if promise is None or promise[0] < seq:
        return ItemState(SyncWord.SENDING if is_sending(connection) else SyncWord.SAVED_HERE)
    word = SyncWord.BACKED_UP if promise[1] >= seq else SyncWord.AT_HUB
    return ItemState(word, promise[2], promise[3])


def file_state(connection: apsw.Connection, digest: BlobDigest) -> ItemState:
    """The word of one file: what the hub set apart needs a person, whatever became of its way there."""
    for rid, _ in projection.referring(connection, digest):
        if reason := _set_apart(connection, rid).get(digest):
            return ItemState(SyncWord.NEEDS_YOU, reason=reason)
    row = connection.execute("SELECT state, sent, reason, at_ms FROM blob WHERE digest = ?", (digest,)).fetchone()
    if row is None:
        return ItemState(SyncWord.AT_HUB)
    state, sent, reason, at_ms = row
    if reason:
        return ItemState(SyncWord.NEEDS_YOU, reason=reason)
    if state in ("at_hub", "here", "wanted"):
        return ItemState(SyncWord.AT_HUB, at_ms=at_ms)
    return ItemState(SyncWord.SENDING if sent else SyncWord.SAVED_HERE)


def _set_apart(connection: apsw.Connection, rid: RecordId) -> dict[BlobDigest, str]:
    """Files of a dossier that the hub has in quarantine, with the first reason in the clerk's words."""
    view = projection.view_of(connection, rid)
    if view is None:
        return {}
    judged = [(one.pdf, one.examined, one.examined_reasons) for one in view.documents]
    judged += [(one.pdf, one.examined, one.examined_reasons) for one in view.slips]
    return {
        pdf: reason_sentence(reasons[0] if reasons else "") for pdf, state, reasons in judged if state == "quarantined"
    }


def is_sending(connection: apsw.Connection) -> bool:
    """Whether the line is up and the queue moves."""
    row = connection.execute("SELECT value FROM node_state WHERE key = 'line'").fetchone()
    return row is not None and bytes(row[0]) == b"open"
