"""Tells the running server about accounts: new ones, changed ones, revoked ones. No restart, other nodes do not notice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from central_hub.enrolment.errors import AccountNotAccepted
from sync_protocol.adapters.bus.errors import BusProblem
from sync_protocol.adapters.bus.session import Session
from sync_protocol.adapters.bus.settings import BusSettings

_UPDATE: Final = "$SYS.REQ.CLAIMS.UPDATE"


async def push_accounts(system: BusSettings, accounts: Mapping[str, str], timeout_s: float = 5.0) -> int:
    """Store account tokens on the server and, through it, on its cluster. Idempotent.

    Args:
        system: the way to the server with credentials of the system account.
        accounts: node → account token.
        timeout_s: patience for each account (seconds).

    Returns:
        How many were stored.

    Raises:
        AccountNotAccepted: the server refused one, named; those before it are stored.
        BusProblem: the server could not be reached.
    """
    session = Session("accounts", system.servers[0])
    try:
        await session.open(system, "_INBOX")
        for node, token in accounts.items():
            _check(node, await _ask(session, node, token, timeout_s))
    finally:
        await session.discard(system.timing.close_s)
    return len(accounts)


async def _ask(session: Session, node: str, token: str, timeout_s: float) -> bytes:
    try:
        return await session.request(_UPDATE, token.encode(), timeout_s)
    except BusProblem as problem:
        raise AccountNotAccepted(node=node, reason=problem.code) from problem


def _check(node: str, reply: bytes) -> None:
    try:
        answer: Any = msgspec.json.decode(reply)
    except msgspec.MsgspecError:
        raise AccountNotAccepted(node=node, reason="unreadable answer") from None
    if not isinstance(answer, dict) or answer.get("data", {}).get("code") != 200:
        raise AccountNotAccepted(node=node, reason=str(answer.get("error", answer))[:120])
