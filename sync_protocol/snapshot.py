"""A snapshot for a new or replaced node: everything its office is entitled to, in parts that stand alone, under one signed manifest.

A part holds whole dossiers: their events as bytes, what the hub folded from them, and the hub's page proofs, so that a node that began from a
snapshot can witness like one that pulled (sync.md 2.13). Loading a part is one transaction; the node counts the parts, and only
after the last one, with the feed's cursor behind it, is it complete. Where the fold of hub and node differ in version, the node folds itself.
"""

from __future__ import annotations

import hashlib
from functools import cache
from typing import Final

import msgspec
from backports import zstd

from sync_protocol.batch import Verify
from sync_protocol.bodies import BODY_TYPES
from sync_protocol.body_shapes import body_shapes
from sync_protocol.envelope import Event, read_event
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import BlobDigest, EventId, HubEpoch, OfficeCode
from sync_protocol.limits import PULL_EVENTS_MAX, SNAPSHOT_PART_BYTES_MAX, SNAPSHOT_PARTS_MAX, Natural
from sync_protocol.page_proof import PageProof, check_page
from sync_protocol.view import DossierView

FOLD_VERSION: Final = 6  # one more whenever the fold, or a row made from it, says something else of the same events
ROWS: Final = b"2"  # another one whenever rows hold the same views otherwise; 2: of a lone reception none (adapters/stored_views.py)
MAGIC: Final = b"LTS1"
_DOMAIN: Final = b"lienthong/snapshot/1\0"
_LEVEL: Final = 3

DossierRow = tuple[bytes, str, str, str, str, str, int, str, int, int, bytes]
KeyRow = tuple[str, bytes]
DocumentRow = tuple[bytes, bytes, str, str, str, int]
ReferenceRow = tuple[bytes, bytes, int]


class PartFile(msgspec.Struct, frozen=True, array_like=True):
    """One part as a file."""

    digest: BlobDigest
    size: Natural
    dossiers: Natural
    events: Natural


class Manifest(msgspec.Struct, frozen=True, array_like=True):
    """What a snapshot is of: the office's feed up to `feed_head`, read at hub time `as_of_ms` (UTC)."""

    epoch: HubEpoch
    office: OfficeCode
    feed_head: Natural
    as_of_ms: Natural
    view_format: bytes
    parts: tuple[PartFile, ...]

    @property
    def events(self) -> int:
        """Events in all parts."""
        return sum(one.events for one in self.parts)


class Part(msgspec.Struct, frozen=True, array_like=True):
    """Whole dossiers. `events` are (header, body) as stored; the row tables follow the projection's columns."""

    events: tuple[tuple[bytes, bytes | None], ...]
    pages: tuple[PageProof, ...]
    dossiers: tuple[DossierRow, ...]
    search_keys: tuple[KeyRow, ...]
    documents: tuple[DocumentRow, ...]
    references: tuple[ReferenceRow, ...]


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(Part).decode


@cache
def fold_format() -> bytes:
    """Which fold and which shape of a view this program has."""
    shape = msgspec.json.encode(msgspec.json.schema(DossierView))
    return hashlib.sha256(FOLD_VERSION.to_bytes(4, "big") + shape).digest()[:16]


def view_format() -> bytes:
    """As `fold_format`, with the shape of rows, and the event types and their fields that this program knows: equal on both sides means that rows may be taken as they are."""
    return hashlib.sha256(fold_format() + ROWS + _encode((sorted(BODY_TYPES), body_shapes()))).digest()[:16]


def manifest_message(hub: str, manifest: Manifest) -> bytes:
    """The bytes that the hub signs."""
    return _DOMAIN + hub.encode() + b"\0" + hashlib.sha256(_encode(manifest)).digest()


def check_manifest(manifest: Manifest, signature: bytes, *, hub: str, office: OfficeCode, verify: Verify) -> None:
    """Prove that our hub made this snapshot for this office.

    Raises:
        RemoteProtocolError: for another office, or out of bounds.
        Problem: whatever `verify` raises for a wrong signature.
    """
    if manifest.office != office or len(manifest.parts) > SNAPSHOT_PARTS_MAX:
        raise RemoteProtocolError(what="snapshot for another office or out of bounds")
    verify(manifest_message(hub, manifest), signature)


def write_part(part: Part) -> bytes:
    """A part's file."""
    return MAGIC + zstd.compress(_encode(part), _LEVEL)


def read_part(content: bytes) -> Part:
    """What a part's file holds; its bytes were proven by the digest in the manifest. Raises RemoteProtocolError."""
    if content[:4] != MAGIC:
        raise RemoteProtocolError(what="not a snapshot part of this version")
    try:
        declared = zstd.get_frame_info(content[4:]).decompressed_size
        if declared is None or declared > SNAPSHOT_PART_BYTES_MAX:
            raise RemoteProtocolError(what="snapshot part without a bounded size")
        return _decode(zstd.decompress(content[4:]))
    except (zstd.ZstdError, msgspec.MsgspecError, MemoryError, UnicodeDecodeError, RecursionError) as error:
        raise RemoteProtocolError(what="snapshot part unreadable") from error


def events_in(part: Part, *, hub: str, verify: Verify) -> list[Event]:
    """The events of a part, each hashed, each named by one of its page proofs.

    Raises:
        RemoteProtocolError: an event is not what its header says, or no page names it.
        Problem: whatever `verify` raises for a wrong signature.
    """
    told: set[EventId] = set()
    for page in part.pages:
        check_page(page, hub=hub, verify=verify)
        told.update(page.event_ids)
    events = [read_event(header, body) for header, body in part.events]
    if any(event.id not in told for event in events):
        raise RemoteProtocolError(what="snapshot event without its page proof")
    return events


def pages_of(identifiers: list[EventId]) -> list[list[EventId]]:
    """The ids cut into pages as the hub signs them."""
    return [identifiers[at : at + PULL_EVENTS_MAX] for at in range(0, len(identifiers), PULL_EVENTS_MAX)]
