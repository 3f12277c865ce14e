"""To which key of the hub sticks are sealed: as the hub told it under its signature, else as the enrolment file did.

Once known it stays known: neither a greeting's answer without it nor an older stick brings a plain file about. Only another key of the hub takes its place.
"""

from __future__ import annotations

import apsw
import structlog

from edge_node.store.node_store import read_state, write_state
from sync_protocol.adapters.sealed_sticks import seals
from sync_protocol.batch import Verify
from sync_protocol.errors import Problem
from sync_protocol.messages import HelloReply
from sync_protocol.stick_key import StickHello, check_stick_key, mark_of_key

_log = structlog.get_logger(__name__)
_KEY = "hub_stick_key"


def key_of_hub(connection: apsw.Connection, enrolled: bytes = b"") -> bytes:
    """As a greeting was answered, before that as this desk was `enrolled`; empty where none is known, and a stick can be read by whoever finds it."""
    return read_state(connection, _KEY) or enrolled


def stick_hello(connection: apsw.Connection, own: bytes) -> StickHello | None:
    """What a greeting says of sticks; nothing where this node has no key of its own for them."""
    told = key_of_hub(connection)
    return StickHello(own, mark_of_key(told) if told else b"") if own else None


def proven_key(reply: HelloReply, *, hub: str, verify: Verify) -> bytes:
    """The key in an answer to a greeting where it is our hub's; empty where there is none, or nothing proves it. Never in the way of a greeting."""
    if reply.stick_key is None:
        return b""
    try:
        check_stick_key(reply.stick_key, hub=hub, verify=verify)
    except Problem as problem:
        _log.warning("sync.stick_key.unproven", code=problem.code)
        return b""
    return reply.stick_key.key if seals(reply.stick_key.key) else b""


def keep_key(connection: apsw.Connection, key: bytes) -> None:
    """From now on sticks are sealed to it."""
    write_state(connection, _KEY, key)
