"""Hello: where the hub stands with a node, what it grants, what it publishes."""

from __future__ import annotations

import apsw
import structlog

from central_hub.existence.publishing import newest_ms
from central_hub.ingest import law_numbers, number_blocks
from central_hub.ingest import nodes as registry
from central_hub.ingest.awaited_files import awaited_of
from central_hub.ingest.backup_cover import covered_feed
from central_hub.ingest.by_hand import is_newer, is_of_this_life, was_heard
from central_hub.ingest.commit import floors_of
from central_hub.ingest.cut_off import list_for
from central_hub.ingest.errors import NoCodeBlocks
from central_hub.ingest.feed import event_at, feed_head
from central_hub.ingest.lost_files import lost_of
from central_hub.lookup.heads import Sign, countersign
from central_hub.seals.published_lists import newest_offer
from sync_protocol import dictionary
from sync_protocol.courier import TAKES_OFFERS
from sync_protocol.ids import BlobDigest, HubEpoch, Incarnation, NodeId, OfficeCode
from sync_protocol.limits import PROTOCOL_VERSION_MAX, PROTOCOL_VERSION_MIN
from sync_protocol.messages import (
    CatalogueOffer,
    CodeBlock,
    Hello,
    HelloReply,
    LaneHead,
    Refusal,
    mark_of_event,
    mark_of_offices,
)
from sync_protocol.stick_key import StickKey, mark_of_key

_log = structlog.get_logger(__name__)
CAPABILITIES = ("snapshot", "range", "remind", "exit", dictionary.CAPABILITY, TAKES_OFFERS)


def greet(
    connection: apsw.Connection,
    node: registry.NodeRow,
    hello: Hello,
    hub: str,
    epoch: HubEpoch,
    now_ms: int,
    sign: Sign,
    *,
    by_hand: bool = False,
    stick_key: StickKey | None = None,
) -> HelloReply | Refusal:
    """Answer a hello and remember it for the fleet page. Idempotent but for that memory and the first code block.

    One that came `by_hand` may be of any time: it is no word about now unless it is of this life of the hub and newer than the last (by_hand.py).
    """
    low, high = hello.versions
    version = min(high, PROTOCOL_VERSION_MAX)
    if version < max(low, PROTOCOL_VERSION_MIN):
        return Refusal("SYN-010", f"node speaks {low}..{high}, hub {PROTOCOL_VERSION_MIN}..{PROTOCOL_VERSION_MAX}")
    if hello.office != node.office:
        return Refusal("HUB-004", "hello names another office than the enrolment")
    registry.register_key(connection, node, hello.public_key)
    is_known_life = not by_hand or is_of_this_life(connection, node, hello, epoch)
    is_heard = not by_hand or (is_known_life and is_newer(node, hello))
    if is_heard:
        number_blocks.let_go_of_unheld(connection, node.node, node.office, hello.inc, hello.blocks)
        registry.keep_hello(connection, node.node, hello, now_ms)
    law_numbers.note_heard(connection, node.node, hello.catalogue_version)
    number_blocks.keep_blocks(connection, node.node, node.office, hello.blocks)
    number_blocks.keep_granted(connection, node.office, hello.numbers_upto)
    others = number_blocks.others_blocks(connection, node.node, node.office, hello.blocks)
    if others:
        _log.warning("hub.codes.held_twice", node=node.node, first=others[0].first, blocks=len(others))
    block = _numbers_for(connection, node, hello.inc) if is_heard or (is_known_life and was_heard(connection, node)) else None
    floors = tuple(
        LaneHead(Incarnation(inc), seq, head, backed) for inc, seq, head, backed in floors_of(connection, node.node)
    )
    head = feed_head(connection, node.office)
    return HelloReply(
        version=version,
        hub=hub,
        epoch=epoch,
        at_ms=now_ms,
        floors=floors,
        feed_head=head,
        feed_mark=_feed_mark(connection, node, head) if (hello.epoch, hello.cursor) == (epoch, head) else b"",
        blocks=() if block is None else (block,),
        others_blocks=others,
        backup_feed=covered_feed(connection, node.office, epoch),
        numbers_upto=number_blocks.granted_upto(connection, node.office),
        catalogue=newest_catalogue(connection),
        capabilities=CAPABILITIES,
        existence_ms=newest_ms(connection),
        trust=newest_offer(connection),
        offices=_offices_for(connection, hello),
        lost_files=_asked_files(connection, node, hello, now_ms),
        cut_off=list_for(connection, hello.cut_off, hub, sign),
        audit_mark=countersign(connection, hub, node.node, hello, now_ms, sign) if is_heard else None,
        stick_key=None if stick_key is None or _knows(hello, stick_key) else stick_key,
    )


def _knows(hello: Hello, stick_key: StickKey) -> bool:
    """Whether the greeting names this key already, or is of a node that seals nothing."""
    return hello.stick is None or hello.stick.hub_mark == mark_of_key(stick_key.key)


def _numbers_for(connection: apsw.Connection, node: registry.NodeRow, inc: Incarnation) -> CodeBlock | None:
    """The daily numbers of this incarnation, None where the office has none left: it receives nothing new then, and what it holds still gets here."""
    try:
        return number_blocks.block_for(connection, node.node, node.office, inc)
    except NoCodeBlocks as problem:
        _log.error("hub.codes.exhausted", node=node.node, code=problem.code, operator=problem.operator_line)
        return None


def _offices_for(connection: apsw.Connection, hello: Hello) -> tuple[tuple[NodeId, OfficeCode], ...]:
    """Which office each node belongs to, where the asking node has not this very list: 700 of them weigh more than all else in a greeting."""
    offices = tuple(registry.offices_of_nodes(connection))
    return () if hello.offices_mark == mark_of_offices(offices) else offices


def _feed_mark(connection: apsw.Connection, node: registry.NodeRow, head: int) -> bytes:
    """Of the newest event in the office's feed; empty where there is none."""
    newest = event_at(connection, node.office, head)
    return b"" if newest is None else mark_of_event(newest)


def _asked_files(connection: apsw.Connection, node: registry.NodeRow, hello: Hello, now_ms: int) -> tuple[BlobDigest, ...]:
    """What the hub lost, and, of a desk that says it has no file to send, what it has never had: files on their way are not asked for."""
    lost = lost_of(connection, node.office)
    return lost if hello.queue_bytes else tuple(dict.fromkeys((*lost, *awaited_of(connection, node.office, now_ms))))


def newest_catalogue(connection: apsw.Connection) -> CatalogueOffer | None:
    """The catalogue in force, or None before the first publication."""
    row = connection.execute(
        "SELECT version, digest, size, signature FROM catalogue ORDER BY version DESC LIMIT 1"
    ).fetchone()
    return None if row is None else CatalogueOffer(row[0], BlobDigest(bytes(row[1])), row[2], bytes(row[3]))


def publish_catalogue(
    connection: apsw.Connection, version: int, digest: BlobDigest, size: int, signature: bytes, now_ms: int
) -> None:
    """Put a catalogue file in force. Older versions stay: dossiers keep the version they were received under."""
    connection.execute(
        "INSERT OR REPLACE INTO catalogue(version, digest, size, signature, published_ms) VALUES(?,?,?,?,?)",
        (version, digest, size, signature, now_ms),
    )
