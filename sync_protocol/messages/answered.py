"""Hub → node: what the hub answers or hints, and the union of its answers."""

from __future__ import annotations

import msgspec

from sync_protocol.audit_head import AuditMark
from sync_protocol.batch import Acknowledgement
from sync_protocol.cut_off import CutOffList
from sync_protocol.existence import Offered
from sync_protocol.ids import BlobDigest, DocumentId, EventId, HubEpoch, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.limits import Natural
from sync_protocol.messages.shared import CatalogueOffer, CodeBlock, LaneHead, TrustOffer
from sync_protocol.snapshot import Manifest
from sync_protocol.stick_key import StickKey


class HelloReply(msgspec.Struct, frozen=True, tag="hello.reply", kw_only=True, omit_defaults=True):
    """Where the hub stands with this node."""

    version: int
    hub: str
    epoch: HubEpoch
    at_ms: int
    floors: tuple[LaneHead, ...]
    feed_head: int
    blocks: tuple[CodeBlock, ...]
    catalogue: CatalogueOffer | None
    notices: tuple[str, ...] = ()
    offices: tuple[tuple[NodeId, OfficeCode], ...] = ()  # of all nodes; none where the hello's mark says that the node has this list
    audit_mark: AuditMark | None = None  # the newest head of the node's audit, under the hub's signature
    capabilities: tuple[str, ...] = ()  # what this hub answers beyond version 1: a node asks nothing else
    existence_ms: Natural = 0  # hub time of the newest index file, 0: none
    # this hub held them and lost them to its disk, or never had them and their office has no file to send: who has them brings them again
    lost_files: tuple[BlobDigest, ...] = ()
    trust: TrustOffer | None = None  # revocation lists for the desk's warnings
    numbers_upto: Natural = 0  # the highest daily number of the office granted to anybody: every machine bears witness of it
    others_blocks: tuple[CodeBlock, ...] = ()  # blocks that the node named and that another desk holds: it uses no further number of them
    cut_off: CutOffList | None = None  # the names cut off, where the greeting showed that the node holds another list
    feed_mark: bytes = b""  # of the event at `feed_head` (`mark_of_event`), where the greeting named that very place: whoever was told it has all news
    backup_feed: Natural = 0  # so much of the office's feed is in a verified backup: its proofs need not be kept for ever
    stick_key: StickKey | None = None  # to which sticks for this hub are sealed, where the greeting showed that the node does not know it


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
    at `cursor`, also where it is the asking node's own; empty when the page passes nothing. `passed` counts the places it left out because the
    office has left the scope of their dossiers.
    """

    epoch: HubEpoch
    events: tuple[PulledEvent, ...]
    cursor: Natural
    more: bool
    signature: bytes = b""
    at: bytes = b""
    passed: Natural = 0


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


class FoundDocument(msgspec.Struct, frozen=True, omit_defaults=True):
    """The minimal answer about one paper: enough to know that it need not be asked for again. `is_superseded`: another digitization of it is current."""

    document_id: DocumentId
    document_type: str
    code: str
    number_symbol: str
    issue_date: str
    issuing_body: str
    valid_until: str
    agency_signed: bool
    is_superseded: bool = False


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
