"""Names cut off, at the message server too: after a desk showed a hub that was put back what it had forgotten, and after a start.

The hub's database refuses such a node by itself; here its connection ends. So nothing waits for this: what fails is done at the next start.
"""

from __future__ import annotations

from collections.abc import Sequence

import apsw
import structlog

from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.nodes import NodeRegistry
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.cut_off import CutOff
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)


async def cut_accounts_again(registry: NodeRegistry, system: BusSettings, names: Sequence[CutOff], now_s: int) -> None:
    """Cut the accounts of these names off as their list says; a name that has a key now keeps the users that were admitted since. Never raises a Problem."""
    known = set(registry.names())
    try:
        tokens: dict[str, str] = {one.node: _cut(registry, one, now_s) for one in names if one.node in known}
        if tokens:
            await push_accounts(system, tokens)
    except Problem as problem:
        _log.warning("hub.account.not_cut_off", code=problem.code, detail=problem.operator_line)


def revoke_forgotten(registry: NodeRegistry, connection: apsw.Connection, now_s: int) -> list[str]:
    """Names that the database has revoked and the accounts have not: a hub stopped in between, or could not reach the server. Returns them."""
    revoked = {str(node) for (node,) in connection.execute("SELECT node FROM node WHERE revoked_ms IS NOT NULL")}
    late = [name for name in registry.names() if name in revoked and not registry.record(name).is_revoked]
    for name in late:
        registry.revoke(name, now_s)
    return late


def _cut(registry: NodeRegistry, one: CutOff, now_s: int) -> str:
    return registry.cut_before(one.node, one.at_ms // 1000, now_s) if one.key else registry.revoke(one.node, now_s)
