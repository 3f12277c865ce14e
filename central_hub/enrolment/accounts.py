"""What each account may do. One account per node; subjects exact, no wildcard on a node's side.

    operator ─signs─▶ SYS (accounts are pushed with it) · HUB (exports the verbs) · one account per node (imports its own)

In one account shared by all nodes a forged reply subject let one node write under another's name (shown on a real server).
Across accounts the server rewrites the reply subject, and the subject `s1.<node>.<verb>` can only come from that node.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from central_hub.enrolment.keys import SigningKey
from central_hub.enrolment.tokens import mint
from sync_protocol.subjects import REQUEST_VERBS, check_node_name, hint_subject, inbox_prefix, request_subject

MAX_PAYLOAD_BYTES: Final = 1_310_720  # a full batch of 1 MiB and its frame
NODE_SUBSCRIPTIONS: Final = 20
# Two live lanes; the rest are ghosts. A line that breaks silently leaves its connections counted until the server's own
# pings give them up (about a minute), and with a limit of two the office would be locked out for that minute.
NODE_CONNECTIONS: Final = 8
_OPEN: Final[dict[str, Any]] = {
    "subs": -1, "data": -1, "payload": -1, "imports": -1, "exports": -1, "wildcards": True, "conn": -1, "leaf": -1,
}  # fmt: skip


def operator_token(operator: SigningKey, system_account: str, now_s: int) -> str:
    """The root statement: who the operator is and which account administers the server."""
    claims = {"type": "operator", "version": 2, "system_account": system_account}
    return mint(operator, operator.public, "lienthong", claims, now_s, None)


def system_account_token(operator: SigningKey, account: str, now_s: int) -> str:
    """The account through which accounts are pushed and events of the server are read."""
    return mint(operator, account, "SYS", _account(dict(_OPEN), {}), now_s, None)


def hub_account_token(operator: SigningKey, account: str, now_s: int, feed_bytes: int) -> str:
    """The hub's own account: exports every verb as a service and hints as a stream; keeps the event feed.

    Args:
        feed_bytes: disk the event feed may use; 0 leaves JetStream off for the account.
    """
    limits = dict(_OPEN, mem_storage=0, disk_storage=feed_bytes, streams=4 if feed_bytes else 0, consumer=64)
    exports = [
        {"name": "verbs", "subject": "s1.*.*", "type": "service", "response_type": "Singleton"},
        {"name": "hints", "subject": "hint.*", "type": "stream"},
    ]
    return mint(operator, account, "HUB", _account(limits, {}, exports=exports), now_s, None)


def node_account_token(
    operator: SigningKey, account: str, node: str, hub_account: str, revoked: Mapping[str, int], now_s: int
) -> str:
    """The account of one node: its own verbs and its own hint, nothing else; few connections.

    Args:
        revoked: user key (or `*` for all) → Unix second; users issued at or before it are cut off within a second.

    Raises:
        NodeNameRefused: the name could widen a permission.
    """
    imports = [
        {"name": verb, "subject": request_subject(node, verb), "account": hub_account, "type": "service"}
        for verb in REQUEST_VERBS
    ]
    imports.append({"name": "hint", "subject": hint_subject(node), "account": hub_account, "type": "stream"})
    limits = dict(
        _OPEN, conn=NODE_CONNECTIONS, subs=NODE_CONNECTIONS * NODE_SUBSCRIPTIONS, payload=MAX_PAYLOAD_BYTES,
        imports=len(imports), exports=0, leaf=0, wildcards=False,
    )  # fmt: skip
    return mint(operator, account, node, _account(limits, revoked, imports=imports), now_s, None)


def node_user_token(account: SigningKey, user: str, node: str, now_s: int, expires_at_s: int | None) -> str:
    """The user that the node connects as.

    Raises:
        NodeNameRefused: the name could widen a permission.
    """
    claims = {
        "type": "user",
        "version": 2,
        "subs": NODE_SUBSCRIPTIONS,
        "data": -1,
        "payload": MAX_PAYLOAD_BYTES,
        "pub": {"allow": [request_subject(node, verb) for verb in REQUEST_VERBS]},
        "sub": {"allow": [f"{inbox_prefix(node)}.>", hint_subject(node)]},
    }
    return mint(account, user, check_node_name(node), claims, now_s, expires_at_s)


def open_user_token(account: SigningKey, user: str, name: str, now_s: int, expires_at_s: int | None) -> str:
    """A user with everything its account has: hub workers and the pusher of accounts. Never leaves the hub."""
    claims = {"type": "user", "version": 2, "subs": -1, "data": -1, "payload": -1, "pub": {}, "sub": {}}
    return mint(account, user, name, claims, now_s, expires_at_s)


def _account(
    limits: Mapping[str, Any],
    revoked: Mapping[str, int],
    imports: list[dict[str, Any]] | None = None,
    exports: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    claims: dict[str, Any] = {
        "type": "account",
        "version": 2,
        "limits": dict(limits),
        "default_permissions": {"pub": {}, "sub": {}},
    }
    if imports:
        claims["imports"] = imports
    if exports:
        claims["exports"] = exports
    if revoked:
        claims["revocations"] = dict(revoked)
    return claims
