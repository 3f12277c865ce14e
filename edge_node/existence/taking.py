"""Taking the index from the hub: what is lacking is fetched in chunks and resumed; the new set comes into force in one transaction."""

from __future__ import annotations

import asyncio

import apsw

from edge_node.existence.known import KEY, TAKEN_MS
from edge_node.store.node_store import NodeStore, read_number, write_number, write_state
from edge_node.sync.line import Line
from edge_node.sync.pushing import HubKnown
from edge_node.sync.transfers import Transfers
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.existence import Offered, check_offer
from sync_protocol.ids import BlobDigest
from sync_protocol.messages import ExistenceAsk, ExistenceOffer


async def take_index(line: Line, transfers: Transfers, store: NodeStore, hub: HubKnown, offered_ms: int) -> bool:
    """Bring the index up to what the hub's greeting named; returns whether it changed. The former stays in force until the new is whole.

    Raises:
        SignatureRejected, RemoteProtocolError: not our hub's. Problem: the line failed; what was fetched stays.
    """
    if offered_ms == 0 or offered_ms == await store.readers.run_async(lambda c: read_number(c, TAKEN_MS)):
        return False
    reply = await line.expect(ExistenceAsk(), ExistenceOffer)
    check_offer(reply.offered, reply.signature, hub=hub.hub, verify=hub.verify)
    for one in reply.offered.files:
        await transfers.bring(one.digest, one.size)
    former = await store.writer.run_async(lambda c: _put_in_force(c, reply.offered))
    for digest in former:
        await asyncio.to_thread(transfers.files.remove, digest.hex())
    return True


def _put_in_force(connection: apsw.Connection, offered: Offered) -> list[BlobDigest]:
    """Replace the set of files and its key; returns the files that are no longer in it."""
    rows = connection.execute("DELETE FROM existence_file RETURNING digest").fetchall()
    connection.executemany(
        "INSERT INTO existence_file(digest, size, as_of_ms, position, is_base) VALUES(?,?,?,?,?)",
        [(one.digest, one.size, one.as_of_ms, one.position, int(one.is_base)) for one in offered.files],
    )
    write_state(connection, KEY, offered.key)
    write_number(connection, TAKEN_MS, max((one.as_of_ms for one in offered.files), default=0))
    kept = {one.digest for one in offered.files}
    return [BlobDigest(as_bytes(one)) for (one,) in rows if one not in kept]
