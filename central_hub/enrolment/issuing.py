"""Issuing: what enrolment does at the hub, from the database to the sealed file; the command line and the pages stand on this.

A known node that is issued again (its machine broken, lost, or its key to be changed) gets a new key, and the former one is cut off in the same
step. Its next life begins with a fresh incarnation and its own code numbers, so that nothing printed before can be printed twice.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence

import apsw
import msgspec

from central_hub.app import Hub
from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.errors import NodeExists, OfficeUnknown
from central_hub.enrolment.handout import Handout, hand_out
from central_hub.ingest.greeting import newest_catalogue
from central_hub.ingest.nodes import enrol_node, revoke_node
from central_hub.ingest.number_blocks import block_for
from central_hub.seals.registry import Registration
from central_hub.seals.registry import register as register_signer
from sync_protocol.adapters.enrolment_bundle import STICK_KEY
from sync_protocol.adapters.sealed_sticks import StickReader
from sync_protocol.areas import AREAS
from sync_protocol.calendar import vietnam_date
from sync_protocol.ids import Incarnation, NodeId, OfficeCode
from sync_protocol.messages import CodeBlock
from sync_protocol.subjects import check_node_name


async def issue(
    hub: Hub, node: str, office: str, *, again: bool = False, keeps_log: bool = False, servers: tuple[str, ...] = (),
    signers: Sequence[Registration] = (),
) -> tuple[Handout, bool]:  # fmt: skip
    """The sealed file and code of a new node, or of a known one `again`; and whether its code numbers are in it.

    With `keeps_log` only the keys of a node change (`edge-node renew`): its log, incarnation and numbers go on, so none are granted.

    `signers` are entered in the register of certificates in the same step.

    Without numbers (after a restore, until every node of the office was heard) they come with the first connection.

    Raises:
        HubNotRunning; NodeExists, NodeUnknown, NodeNameRefused, OfficeUnknown; AccountNotAccepted, BusProblem: repeat with `again`; NoCodeBlocks.
    """
    server = hub.folder.read_running().server
    inc = Incarnation(secrets.token_bytes(16))
    now_ms = hub.now_ms()
    if again:
        hub.registry.record(node)
    elif check_node_name(node) in hub.registry.names():
        raise NodeExists(node=node)  # before the database forgets the key of the node that bears the name
    else:
        await asyncio.to_thread(_require_office, hub, office)

    def register(connection: apsw.Connection) -> CodeBlock | None:
        enrol_node(connection, NodeId(node), OfficeCode(office), b"", now_ms)
        for one in signers:
            register_signer(connection, one, now_ms)
        return None if keeps_log else block_for(connection, NodeId(node), OfficeCode(office), inc)

    block = await hub.store.writer.run_async(register)
    extra = {} if keeps_log else {"incarnation": bytes(inc)}
    extra[STICK_KEY] = StickReader(hub.keys.sticks_key).public_key
    if block is not None:
        extra["code_block"] = msgspec.msgpack.encode(block)
    offer = await hub.store.readers.run_async(newest_catalogue)
    if offer is not None and not keeps_log:
        extra["catalogue_offer"] = msgspec.msgpack.encode(offer)
        extra["catalogue"] = await asyncio.to_thread(hub.files.files.get, offer.digest.hex())
        held = hub.law.current()
        if held is not None and (areas := held.part(AREAS)) is not None:
            extra[AREAS] = await asyncio.to_thread(hub.files.files.get, areas.digest)
    address = hub.address(server)
    handed = await hand_out(
        hub.registry, hub.system_settings(server), msgspec.structs.replace(address, servers=servers) if servers else address,
        node, office, now=hub.now(), entropy=secrets.token_bytes, again=again, extra=extra,
    )  # fmt: skip
    return handed, keeps_log or block is not None


def _require_office(hub: Hub, office: str) -> None:
    """A new node belongs to an office that stands today; before the first catalogue nobody can know. Raises OfficeUnknown."""
    held = hub.law.current()
    if held is not None and held.unit(office, vietnam_date(hub.now())) is None:
        raise OfficeUnknown(office=office)


async def cut_off(hub: Hub, node: str) -> None:
    """Revoke a node: it is disconnected at once, and what it still sends is held for people. Idempotent.

    Raises:
        HubNotRunning, NodeUnknown, AccountNotAccepted, BusProblem.
    """
    server = hub.folder.read_running().server
    await hub.store.writer.run_async(lambda c: revoke_node(c, NodeId(node), hub.now_ms()))
    token = hub.registry.revoke(node, int(hub.now().timestamp()))
    await push_accounts(hub.system_settings(server), {node: token})
