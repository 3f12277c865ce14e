"""What an office is handed: one sealed file, and the code that opens it, to be given on another way.

The account is pushed to the server before the file leaves the hub, so a file that exists always works.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from typing import Final

import msgspec

from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.keys import Entropy
from central_hub.enrolment.nodes import Admitted, NodeRegistry
from sync_protocol.adapters.bus.settings import BusSettings
from sync_protocol.adapters.enrolment_bundle import SEAL_COST, EnrolmentBundle, SealCost, make_code, seal

HANDOUT_LIFETIME: Final = dt.timedelta(days=7)


class HubAddress(msgspec.Struct, frozen=True, kw_only=True):
    """How nodes find the hub and recognise it."""

    hub_id: str
    hub_public_key: bytes
    servers: tuple[str, ...]
    authority_pem: bytes
    server_name: str | None = None


@dataclasses.dataclass(frozen=True)
class Handout:
    """The sealed file and its code. The code is shown once and stored nowhere."""

    node: str
    sealed: bytes = dataclasses.field(repr=False)
    code: str = dataclasses.field(repr=False)
    expires_at: dt.datetime


def make_enrolment(
    admitted: Admitted,
    office_code: str,
    hub: HubAddress,
    *,
    now: dt.datetime,
    entropy: Entropy,
    lifetime: dt.timedelta = HANDOUT_LIFETIME,
    extra: Mapping[str, bytes] | None = None,
) -> EnrolmentBundle:
    """The content of the file for a node that was just admitted."""
    return EnrolmentBundle(
        bundle_id=entropy(16),
        hub_id=hub.hub_id,
        hub_public_key=hub.hub_public_key,
        node=admitted.name,
        office_code=office_code,
        servers=hub.servers,
        credentials=admitted.credentials,
        authority_pem=hub.authority_pem,
        server_name=hub.server_name,
        issued_at_ms=int(now.timestamp() * 1000),
        expires_at_ms=int((now + lifetime).timestamp() * 1000),
        extra=dict(extra or {}),
    )


async def hand_out(
    registry: NodeRegistry,
    system: BusSettings,
    hub: HubAddress,
    node: str,
    office_code: str,
    *,
    now: dt.datetime,
    entropy: Entropy,
    again: bool = False,
    extra: Mapping[str, bytes] | None = None,
    cost: SealCost = SEAL_COST,
) -> Handout:
    """Enrol `node` (or, with `again`, give a known node a new key), tell the server, and seal the file.

    Raises:
        NodeExists, NodeUnknown: the name is taken, or (with `again`) unknown.
        AccountNotAccepted, BusProblem: the server does not know the node yet; repeat with `again`.
    """
    now_s = int(now.timestamp())
    admitted = registry.rotate(node, now_s) if again else registry.enrol(node, office_code, now_s)
    await push_accounts(system, {node: admitted.account_token})
    bundle = make_enrolment(admitted, office_code, hub, now=now, entropy=entropy, extra=extra)
    code = make_code(entropy)
    return Handout(node, seal(bundle, code, entropy, cost), code, now + HANDOUT_LIFETIME)
