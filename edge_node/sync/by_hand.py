"""The stick of one desk: written from its node, and read into it. For the command line and for the page of the queue."""

from __future__ import annotations

import asyncio
import hashlib
import time
from functools import partial
from typing import IO, TYPE_CHECKING

import apsw

from edge_node.existence.known import TAKEN_MS
from edge_node.existence.taking import take_index
from edge_node.store.node_store import read_number
from edge_node.sync.courier import Exported, Greeting, export_courier
from edge_node.sync.courier_answer import Desk, Imported, take_answer
from edge_node.sync.hub_stick_key import key_of_hub
from edge_node.sync.offers import Offers
from edge_node.sync.parts import Parts
from edge_node.sync.stick_line import StickLine
from edge_node.sync.transfers import Transfers
from edge_node.sync.wished import FILES_BYTES_MAX, asked_for
from sync_protocol.adapters.bus.credentials import line_signer
from sync_protocol.adapters.bus.errors import CredentialsUnreadable
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import BlobDigest
from sync_protocol.messages import HelloReply

if TYPE_CHECKING:
    from edge_node.app import Node


def write_stick(node: Node, files_bytes: int = FILES_BYTES_MAX) -> Exported:
    """Everything that waits, with a greeting, the question for news, and for at most so many bytes of wished files. Changes nothing here."""
    try:
        opens_line = line_signer(node.identity.credentials).sign
    except CredentialsUnreadable:  # of an enrolment without a line: what proves itself travels all the same
        greeting = None
    else:
        greeting = Greeting(
            node.identity.office, node.keys.signer.public_key, node.desk.now_ms(), opens_line, _held(node), node.sticks.public_key
        )
    return export_courier(
        node.store, node.files, node.hub.hub, node.keys.signer.sign, node.identity.node, greeting,
        asked_for(node.store, node.files, files_bytes), node.store.readers.run(partial(key_of_hub, enrolled=node.identity.hub_stick_key)),
    )  # fmt: skip


async def read_stick(node: Node, content: bytes | IO[bytes]) -> Imported:
    """Take the hub's answers into this desk. Raises RemoteProtocolError, SignatureRejected; StorageProblem."""
    parts = Parts(node.store, lambda: True)

    async def take_offers(line: StickLine, transfers: Transfers, welcome: HelloReply) -> None:
        await Offers(node.catalogues, node.lists, transfers, parts, time.monotonic).take(welcome)
        if welcome.existence_ms > await node.store.readers.run_async(lambda c: read_number(c, TAKEN_MS)):
            await parts.do("index", partial(take_index, line, transfers, node.store, node.hub, welcome.existence_ms))

    desk = Desk(node.store, node.files, node.hub, node.identity.node, node.identity.office, node.desk.now_ms, node.sticks)
    imported = await take_answer(desk, content, take_offers)
    await asyncio.to_thread(node.review_law)
    return imported


def _held(node: Node) -> tuple[BlobDigest, ...]:
    """Files of the hub that need not come again. One that is damaged here is not named."""
    catalogue, areas, lists = node.catalogues.current_digest(), node.catalogues.areas_digest(), node.lists.content()
    held = node.store.readers.run(_index_files)
    held += [one for one in (catalogue, areas) if one is not None]
    if lists is not None:
        held.append(BlobDigest(hashlib.sha256(lists).digest()))
    return tuple(sorted(held))


def _index_files(connection: apsw.Connection) -> list[BlobDigest]:
    return [BlobDigest(as_bytes(one)) for (one,) in connection.execute("SELECT digest FROM existence_file").fetchall()]
