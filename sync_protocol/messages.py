"""Everything that crosses the wire, as two tagged unions: what a node asks, what the hub answers.

Reading is tolerant (unknown fields of a newer peer are ignored), writing is exact. Times are milliseconds since
1970-01-01T00:00Z. A refusal is an answer, not a broken line: it carries a stable code, and the node shows its sentence.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.audit_head import AuditHead, AuditMark
from sync_protocol.batch import Acknowledgement, Batch
from sync_protocol.existence import Offered
from sync_protocol.ids import BlobDigest, DocumentId, EventId, HubEpoch, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.limits import Natural
from sync_protocol.page_proof import PageProof
from sync_protocol.ranges import Prints
from sync_protocol.snapshot import Manifest


class LaneHead(msgspec.Struct, frozen=True, array_like=True):
    """How far a lane is held: the last sequence number and that event's id."""

    inc: Incarnation
    seq: int
    id: EventId
    backup_seq: int = 0


class CodeBlock(msgspec.Struct, frozen=True, array_like=True):
    """Daily numbers `first … last` of the dossier code that only this incarnation may use (domain.md B.5)."""

    office: OfficeCode
    inc: Incarnation
    first: Natural
    last: Natural


class CatalogueOffer(msgspec.Struct, frozen=True, array_like=True):
    """The catalogue file that is in force: a blob with the hub's detached signature."""

    version: int
    digest: BlobDigest
    size: int
    signature: bytes


class TrustOffer(msgspec.Struct, frozen=True, array_like=True):
    """The newest revocation lists and issuing certificates: a blob with the hub's detached signature (`adapters.trust_lists`)."""

    made_ms: int
    digest: BlobDigest
    size: int
    signature: bytes


# ---- node → hub ----------------------------------------------------------------------------------------------------


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


class Push(msgspec.Struct, frozen=True, tag="push"):
    """One signed batch."""

    batch: Batch


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


class Witness(msgspec.Struct, frozen=True, tag="witness"):
    """The bytes of wanted events of one page, each a stored header and body, with the proof that you told me of them."""

    page: PageProof
    events: tuple[tuple[bytes, bytes | None], ...]


class Remind(msgspec.Struct, frozen=True, tag="remind"):
    """You signed this in this very epoch, and you have it no longer: you were put back to an older state and do not know it."""

    acknowledgement: Acknowledgement | None = None
    page: PageProof | None = None


class RangeAsk(msgspec.Struct, frozen=True, tag="range"):
    """Fingerprints of what I hold below a prefix of record ids, by the next byte (ranges.py), at a place of the feed."""

    epoch: HubEpoch
    cursor: Natural
    prefix: bytes
    prints: Prints


class SnapshotAsk(msgspec.Struct, frozen=True, tag="snapshot.ask"):
    """I hold nothing yet: is there a snapshot of my office's feed?"""


class ExistenceAsk(msgspec.Struct, frozen=True, tag="existence.ask"):
    """Which files make up the country-wide existence index now?"""


Request = (
    Hello | Push | Pull | BlobHave | BlobPut | BlobGet | Find | OpenRecord | TakeCustody | Offer | Witness | RangeAsk | Remind
    | ExistenceAsk | SnapshotAsk
)  # fmt: skip

# ---- hub → node ----------------------------------------------------------------------------------------------------


class HelloReply(msgspec.Struct, frozen=True, tag="hello.reply", kw_only=True):
    """Where the hub stands with this node."""

    version: int
    hub: str
    epoch: HubEpoch
    at_ms: int
    floors: tuple[LaneHead, ...]
    feed_head: int
    blocks: tuple[CodeBlock, ...]
    catalogue: CatalogueOffer | None
    blobs_wanted: int = 0
    notices: tuple[str, ...] = ()
    offices: tuple[tuple[NodeId, OfficeCode], ...] = ()
    audit_mark: AuditMark | None = None  # the newest head of the node's audit, under the hub's signature
    capabilities: tuple[str, ...] = ()  # what this hub answers beyond version 1: a node asks nothing else
    existence_ms: Natural = 0  # hub time of the newest index file, 0: none
    # this hub held them and lost them to its disk: who has them brings them again
    lost_files: tuple[BlobDigest, ...] = ()
    trust: TrustOffer | None = None  # revocation lists for the desk's warnings
    numbers_upto: Natural = 0  # the highest daily number of the office granted to anybody: every machine bears witness of it
    backup_feed: Natural = 0  # so much of the office's feed is in a verified backup: its proofs need not be kept for ever


class PushReply(msgspec.Struct, frozen=True, tag="push.reply"):
    """Committed, and so much is promised."""

    acknowledgement: Acknowledgement


class Behind(msgspec.Struct, frozen=True, tag="behind"):
    """The batch starts after what I hold of this lane; start again after this floor."""

    floor: LaneHead


class Fork(msgspec.Struct, frozen=True, tag="fork"):
    """I hold another event at this sequence number: this log was restored or cloned. Open a new incarnation."""

    inc: Incarnation
    at: int
    held: EventId


class Busy(msgspec.Struct, frozen=True, tag="busy"):
    """Not now."""

    retry_after_ms: int


class Refusal(msgspec.Struct, frozen=True, tag="refusal"):
    """This will not be accepted, for this reason. `code` has a runbook page; `detail` is for operators."""

    code: str
    detail: str
    retry_after_ms: int | None = None


class PulledEvent(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A foreign event with the header fields that its lane context does not give. `position` is the feed cursor."""

    position: Natural
    hubseq: Natural
    node: NodeId
    inc: Incarnation
    seq: Natural
    prev: EventId
    type: str
    tv: Natural
    rid: RecordId
    hlc: Natural
    actor: str
    base: tuple[EventId, ...]
    fence: Natural | None
    body: bytes | None
    body_hash: bytes | None


class PullReply(msgspec.Struct, frozen=True, tag="pull.reply"):
    """News in hub order. `cursor` is what to ask after; `more` says that asking at once pays.

    `signature` is the hub's under the ids of the events (page_proof.py); empty when there are none. `at` is the id of what the feed has
    at `cursor`, also where it is the asking node's own; empty when the page passes nothing.
    """

    epoch: HubEpoch
    events: tuple[PulledEvent, ...]
    cursor: Natural
    more: bool
    signature: bytes = b""
    at: bytes = b""


class BlobMissing(msgspec.Struct, frozen=True, tag="blob.missing"):
    """Parts the hub lacks, as (offset, length); none means it holds and has verified the file."""

    digest: BlobDigest
    parts: tuple[tuple[int, int], ...]
    verified: bool


class BlobPart(msgspec.Struct, frozen=True, tag="blob.part"):
    """One chunk of a file."""

    digest: BlobDigest
    offset: int
    chunk: bytes
    size: int


class FoundDocument(msgspec.Struct, frozen=True):
    """The minimal answer about one paper: enough to know that it need not be asked for again."""

    document_id: DocumentId
    document_type: str
    code: str
    number_symbol: str
    issue_date: str
    issuing_body: str
    valid_until: str
    agency_signed: bool


class Found(msgspec.Struct, frozen=True):
    """One dossier in the minimal answer."""

    rid: RecordId
    code: str
    office: OfficeCode
    custodian: OfficeCode
    state: str
    procedure: str
    documents: tuple[FoundDocument, ...]
    withheld: int = 0  # papers of sensitive types that the purpose's procedure does not ask for (domain.md E.2 rule 4)


class FindReply(msgspec.Struct, frozen=True, tag="lookup.found"):
    """What exists under the key, as of hub time. An empty answer is "not known as of", never "does not exist"."""

    found: tuple[Found, ...]
    as_of_ms: int


class Opened(msgspec.Struct, frozen=True, tag="lookup.opened"):
    """The dossier is in your scope; its events follow by pull up to this feed position."""

    rid: RecordId
    feed_head: int


class CustodyTaken(msgspec.Struct, frozen=True, tag="custody.taken"):
    """Custody moved; the grant itself follows as a hub event by pull."""

    rid: RecordId
    fence: int
    feed_head: int


class OfferReply(msgspec.Struct, frozen=True, tag="offer.reply"):
    """What I lack of what you offered: per page, in the order of the offer, ranges (first, last) of positions in it from 0."""

    wanted: tuple[tuple[tuple[int, int], ...], ...]


class WitnessReply(msgspec.Struct, frozen=True, tag="witness.reply"):
    """How many offered events were new here; after a reminder 1 where the hub had forgotten, and a new epoch began."""

    accepted: int


class RangeReply(msgspec.Struct, frozen=True, tag="range.reply"):
    """The ranges below the prefix that differ from the hub's; none where `feed_head` is another place than the asked one."""

    feed_head: Natural
    differing: tuple[bytes, ...]


class SnapshotOffer(msgspec.Struct, frozen=True, tag="snapshot.offer"):
    """The snapshot to begin from (snapshot.py), under the hub's signature. Without parts: pull from the start."""

    manifest: Manifest
    signature: bytes


class ExistenceOffer(msgspec.Struct, frozen=True, tag="existence.offer"):
    """The files of the index under the hub's signature (existence.py); each is fetched like any other file."""

    offered: Offered
    signature: bytes


class Hint(msgspec.Struct, frozen=True, tag="hint"):
    """Your scope has news up to this feed position. Losing it is harmless."""

    feed_head: int


Reply = (
    HelloReply | PushReply | Behind | Fork | Busy | Refusal | PullReply | BlobMissing | BlobPart | FindReply | Opened
    | CustodyTaken | OfferReply | WitnessReply | RangeReply | Hint
    | ExistenceOffer | SnapshotOffer
)  # fmt: skip
