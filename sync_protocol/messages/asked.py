"""Node → hub: what a node asks, and the union of it."""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.audit_head import AuditHead
from sync_protocol.batch import Acknowledgement, Batch
from sync_protocol.cut_off import CutOffList
from sync_protocol.ids import BlobDigest, EventId, HubEpoch, Incarnation, OfficeCode, RecordId
from sync_protocol.limits import Natural
from sync_protocol.messages.shared import CodeBlock, LaneHead
from sync_protocol.page_proof import PageProof
from sync_protocol.ranges import Prints
from sync_protocol.stick_key import StickHello


class Hello(msgspec.Struct, frozen=True, tag="hello", kw_only=True):
    """Who I am, how far I am, how I fare. On every connection and every five minutes."""

    versions: tuple[int, int]
    software: str
    office: OfficeCode
    inc: Incarnation
    heads: tuple[LaneHead, ...]
    epoch: HubEpoch | None
    cursor: int
    clock_ms: int
    queue_events: int = 0
    queue_oldest_ms: int | None = None
    queue_bytes: int = 0
    free_disk_bytes: int = 0
    catalogue_version: int = 0
    capabilities: tuple[str, ...] = ()
    blocks: tuple[CodeBlock, ...] = ()  # what this node was ever granted: a restored hub learns it again from here
    numbers_upto: Natural = 0  # the highest daily number of my office granted to anybody, as far as I was told
    public_key: bytes = b""  # registered by the first hello after enrolment, compared by every later one
    audit: AuditHead | None = None  # the newest row of the node's audit chain
    audit_at_mark: AuditHead | None = None  # what the chain says now at the row the hub signed last
    cut_off: bytes | None = None  # which list of names cut off I hold (cut_off.py), empty: none; None: I know of no such list
    offices_mark: bytes = b""  # of the list of nodes and offices that I was told last (`mark_of_offices`)
    stick: StickHello | None = None  # to which key my answers on a stick are sealed; None: of the version before


class Push(msgspec.Struct, frozen=True, tag="push", omit_defaults=True):
    """One signed batch. `behind` are the orders that took bodies out of its events and that the hub said it holds: a hub that lacks one
    by now was put back since, and takes nothing (it answers Behind), however late the message comes."""

    batch: Batch
    behind: tuple[EventId, ...] = ()


class SeenNews(msgspec.Struct, frozen=True, array_like=True):
    """The place of the feed where I stand, and the id that the hub named there. A hub that has another there has forgotten."""

    position: Natural
    id: EventId


class Pull(msgspec.Struct, frozen=True, tag="pull", omit_defaults=True):
    """News after `cursor` in the hub's order for my scope."""

    epoch: HubEpoch
    cursor: Natural
    limit: Natural
    inc: Incarnation
    seen: SeenNews | None = None


class BlobHave(msgspec.Struct, frozen=True, tag="blob.have"):
    """I want to bring this file: which parts do you miss?"""

    digest: BlobDigest
    size: Natural


class BlobPut(msgspec.Struct, frozen=True, tag="blob.put"):
    """One chunk; idempotent."""

    digest: BlobDigest
    offset: Natural
    chunk: bytes


class BlobGet(msgspec.Struct, frozen=True, tag="blob.get"):
    """Give me a part of a file that my scope (or a granted look-up) covers."""

    digest: BlobDigest
    offset: Natural
    length: Natural


class Purpose(msgspec.Struct, frozen=True):
    """Why a person's data is looked up: without a dossier and a reason no look-up is answered (domain.md E.2)."""

    dossier: str  # code or draft reference at the asking office
    reason: str
    officer: str  # account id
    role: str
    procedure: str = ""  # of a draft that the hub cannot know yet; of a dossier the hub knows it better


class Find(msgspec.Struct, frozen=True, tag="lookup.find"):
    """First step: exact identifier, or name with birth date. `key` names which."""

    key: Literal[
        "code", "personal_id", "bhxh_number", "org_id", "tax_code", "unit_number", "name_birth", "digitization_code"
    ]
    value: str
    birth_date: str
    purpose: Purpose


class OpenRecord(msgspec.Struct, frozen=True, tag="lookup.open"):
    """Second, logged step: bring the dossier into my scope."""

    rid: RecordId
    purpose: Purpose


class TakeCustody(msgspec.Struct, frozen=True, tag="custody.take"):
    """Move the custody of a dossier to my office."""

    rid: RecordId
    purpose: Purpose


class Offer(msgspec.Struct, frozen=True, tag="offer"):
    """After an epoch change: pages you once told me, whose events you may have lost."""

    pages: tuple[PageProof, ...]


class Witness(msgspec.Struct, frozen=True, tag="witness", omit_defaults=True):
    """The bytes of wanted events of one page, each a stored header and body, with the proof that you told me of them. `behind` as in a push; where
    one is missing the hub is busy until it is told again."""

    page: PageProof
    events: tuple[tuple[bytes, bytes | None], ...]
    behind: tuple[EventId, ...] = ()


class Remind(msgspec.Struct, frozen=True, tag="remind"):
    """You signed this and have it no longer: you were put back to an older state. Of acknowledgements and pages only those of your present epoch
    count, and a new one begins for them; names that you cut off are cut off again whenever you signed it."""

    acknowledgement: Acknowledgement | None = None
    page: PageProof | None = None
    cut_off: CutOffList | None = None


class RangeAsk(msgspec.Struct, frozen=True, tag="range"):
    """Fingerprints of what I hold below a prefix of record ids, by the next byte (ranges.py), at a place of the feed.

    `leaves_out` says that dossiers which my office left are not among them; a desk of an earlier version counts what it was told of these.
    """

    epoch: HubEpoch
    cursor: Natural
    prefix: bytes
    prints: Prints
    leaves_out: bool = False


class SnapshotAsk(msgspec.Struct, frozen=True, tag="snapshot.ask"):
    """I hold nothing yet: is there a snapshot of my office's feed?"""


class ExistenceAsk(msgspec.Struct, frozen=True, tag="existence.ask"):
    """Which files make up the country-wide existence index now?"""


Request = (
    Hello | Push | Pull | BlobHave | BlobPut | BlobGet | Find | OpenRecord | TakeCustody | Offer | Witness | RangeAsk | Remind
    | ExistenceAsk | SnapshotAsk
)  # fmt: skip
