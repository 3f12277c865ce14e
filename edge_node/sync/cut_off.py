"""The hub's list of names cut off (sync_protocol/cut_off.py), kept at every desk, and shown to a hub that was put back to before one of them."""

from __future__ import annotations

import apsw
import msgspec

from edge_node.store.node_store import read_state, write_state
from sync_protocol.cut_off import CutOffList, digest_of, says_more
from sync_protocol.messages import Remind

_KEY = "cut_off"


def held(connection: apsw.Connection) -> CutOffList | None:
    """The newest list of the hub that is kept here; None before the first, or when it does not read."""
    raw = read_state(connection, _KEY)
    if raw is None:
        return None
    try:
        return msgspec.msgpack.decode(raw, type=CutOffList)
    except msgspec.MsgspecError:
        return None


def held_digest(connection: apsw.Connection) -> bytes:
    """What stands for it in a greeting; empty for none."""
    one = held(connection)
    return b"" if one is None else digest_of(one.names)


def keep(connection: apsw.Connection, told: CutOffList) -> None:
    """Keep a proven list instead of the one held, unless it knows less of a name: whoever shows the hub what it forgot must still know it when the hub is put
    back once more, and only a list that holds both takes its place. Idempotent.
    """
    if reminder(connection, told) is None:
        write_state(connection, _KEY, msgspec.msgpack.encode(told))


def reminder(connection: apsw.Connection, told: CutOffList) -> Remind | None:
    """The list held here, where the hub's own knows less of a name than it."""
    one = held(connection)
    return Remind(cut_off=one) if one is not None and says_more(one.names, told.names) else None
