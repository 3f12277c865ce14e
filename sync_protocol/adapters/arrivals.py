"""What a dossier's history does not say of itself: when an act arrived whose clock was wrong, and what a newer program wrote.

Invariant: nothing here decides anything. A wrong clock is shown and never refused, and the time of arrival stands beside it (sync.md 2.10); an act that this
program does not know is shown with its type, its version and its content, and passed on as it came (sync.md 2.11).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import apsw
import msgspec

from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.bodies import DossierReceived, decode_body
from sync_protocol.clock import is_untrusted
from sync_protocol.envelope import Header
from sync_protocol.ids import ActId, NodeId, RecordId
from sync_protocol.limits import CLOCK_TRUST_MS

SHOWN_CHARACTERS: Final = 4_000
_DEPTH_MAX: Final = 8
_decode_header = msgspec.msgpack.Decoder(Header).decode


class RawAct(msgspec.Struct, frozen=True):
    """An act that this program cannot read: type, version, bytes, what they say without their meaning, and its place: whose machine's which event."""

    type: str
    version: int
    size: int
    text: str
    is_cut: bool
    node: NodeId
    seq: int
    hlc: int


def wrong_clocks(connection: apsw.Connection, rid: RecordId, behind_ms: int = 0) -> dict[ActId, int]:
    """Acts of a dossier whose clock was wrong, each with the time of its first arrival here (ms UTC, this place's clock).

    Wrong is a clock further ahead of every arrival than is trusted, and the reception by a desk that knew itself to be as far from the hub, either way.
    `behind_ms`: how far this place's own clock is known to be behind the hub's, so that it takes nobody for early.
    """
    first: dict[ActId, int] = {}
    early: dict[ActId, bool] = {}
    for raw, at in connection.execute("SELECT header, arrived_ms FROM event WHERE rid = ?", (rid,)):
        header, arrived_ms = _decode_header(as_bytes(raw)), as_int(at)
        act, is_early = act_id(header), is_untrusted(header.hlc, arrived_ms + max(0, behind_ms))
        first[act] = min(arrived_ms, first.get(act, arrived_ms))
        early[act] = is_early and early.get(act, True)
    known = _known_to_be_wrong(connection, rid)
    return {act: at for act, at in first.items() if early[act] or act in known}


def _known_to_be_wrong(connection: apsw.Connection, rid: RecordId) -> set[ActId]:
    found = set()
    for event in event_log.events_of(connection, rid):
        if event.header.type == "dossier.received":
            body = decode_body(event)
            if isinstance(body, DossierReceived) and abs(body.clock_offset_ms or 0) > CLOCK_TRUST_MS:
                found.add(act_id(event.header))
    return found


def raw_acts(connection: apsw.Connection, rid: RecordId) -> dict[ActId, RawAct]:
    """Acts of a dossier with a content that this program does not know; nothing of what an order took away."""
    found: dict[ActId, RawAct] = {}
    for event in event_log.events_of(connection, rid):
        if event.body is not None and decode_body(event) is None:
            text = _as_text(event.body)
            found[act_id(event.header)] = RawAct(
                event.header.type, event.header.tv, len(event.body), text[:SHOWN_CHARACTERS], len(text) > SHOWN_CHARACTERS,
                event.header.node, event.header.seq, event.header.hlc,
            )  # fmt: skip
    return found


def _as_text(body: bytes) -> str:
    """The content as JSON, bytes in hexadecimal; where it is no content of this protocol, all of it in hexadecimal."""
    try:
        return msgspec.json.format(msgspec.json.encode(_plain(msgspec.msgpack.decode(body), 0)), indent=1).decode()
    except (msgspec.MsgspecError, RecursionError, UnicodeError, TypeError, ValueError):
        return body.hex()


def _plain(value: object, depth: int) -> object:
    if depth > _DEPTH_MAX:
        return "…"
    if isinstance(value, bytes):
        return value.hex()
    if isinstance(value, Mapping):
        return {str(_plain(key, depth)): _plain(one, depth + 1) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one, depth + 1) for one in value]
    return value if isinstance(value, str | int | float | bool) or value is None else repr(value)
