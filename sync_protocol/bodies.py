"""What events say: one struct per event type, and the table that names them.

Bodies are MessagePack maps with readable keys. A reader ignores keys it does not know, and an event of an unknown type or
version is stored, chained and forwarded as it came, and shown raw (sync.md 2.11). Times ending in `_ms` are milliseconds UTC as the
acting device saw them; days are ISO dates in Asia/Ho_Chi_Minh.

Source: QĐ 1333/QĐ-BHXH (25/9/2023) Điều 8–13 for what must be recorded at each step; NĐ 61/2018 Điều 17–20 for reception and return.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Annotated, Final, Literal

import msgspec

from sync_protocol.envelope import Event
from sync_protocol.ids import ActId, BlobDigest, ComponentId, DocumentId, EventId, NodeId, OfficeCode, RecordId
from sync_protocol.limits import Natural


class Party(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """Applicant or holder: a person or an organisation, with the fallbacks of Điều 9.2 b."""

    kind: Literal["person", "organisation"]
    name: str
    personal_id: str = ""
    bhxh_number: str = ""
    org_id: str = ""
    tax_code: str = ""
    unit_number: str = ""
    birth_date: str = ""
    founded_year: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""


class PlannedComponent(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A component that the procedure version asks for."""

    component_id: ComponentId
    document_type: str
    name: str
    required: bool = True


class DossierReceived(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """A dossier was accepted at the counter; the code is promised to the citizen and never changes (NĐ 61 Điều 17, 26).

    `authorised` brought it for the applicant (NĐ 61 Điều 16); `postmark` (ISO day) is that of the letter it came in.
    """

    code: str
    procedure: str
    procedure_version: str = ""
    catalogue_version: int = 0
    channel: Literal["in_person", "postal", "online"]
    office: OfficeCode
    applicant: Party
    authorised: Party | None = None
    postmark: str = ""
    submitter_type: str = ""
    received_ms: Natural
    due_date: str = ""
    deadline_rule: str = ""
    hand_over_by_ms: int = 0
    officer: str
    account_check: str = "not_done_offline"
    foreign_numbers: tuple[str, ...] = ()
    cross_province: bool = False
    components: tuple[PlannedComponent, ...] = ()
    clock_offset_ms: int | None = None
    note: str = ""


class GivenReason(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A reason of the catalogue as it was told to the person: code, and the text of that day."""

    code: str
    text: str


class IntakeEnded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """An intake ended without acceptance: papers were asked for once and completely, or the dossier was refused (NĐ 61 Điều 15.3, 17.1a–b).

    The first one of a dossier opens it and carries no fence; a refusal of a dossier that waits for its supplement is a move under the
    custody fence, as is its acceptance (a `DossierReceived` with a fence). `requests` are the things asked for, in the clerk's words.
    """

    outcome: Literal["supplement", "refused"]
    procedure: str
    procedure_version: str = ""
    catalogue_version: int = 0
    channel: Literal["in_person", "postal", "online"]
    office: OfficeCode
    applicant: Party
    submitter_type: str = ""
    case: str = ""
    at_ms: Natural
    officer: str
    account_check: str = "not_done_offline"
    components: tuple[PlannedComponent, ...] = ()
    missing: tuple[ComponentId, ...] = ()
    requests: tuple[str, ...] = ()
    reasons: tuple[GivenReason, ...] = ()
    explanation: str = ""


class ReuseSource(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where already existing data was found."""

    rid: RecordId
    document_id: DocumentId
    code: str = ""


class ComponentDeclared(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What happens with one component, and by which rule (Điều 4, 5; R-6, R-9, R-18)."""

    component_id: ComponentId
    document_type: str
    name: str
    decision: Literal["digitize", "reused", "presented_only", "exempt", "waived"]
    submitted_form: str = "original"
    rule: str = ""
    reason: str = ""
    decided_by: str = ""
    declared_pages: int = 0
    note_pages: tuple[int, ...] = ()
    reuse_check: Literal["", "local_only", "full"] = ""
    source: ReuseSource | None = None
    is_supplement: bool = False
    office: OfficeCode = OfficeCode("")


class CopyCaptured(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """One component became one signed file (Điều 8; R-19…R-26). `pdf` is the file as the officer signed it."""

    component_id: ComponentId
    document_id: DocumentId
    pdf: BlobDigest
    pdf_size: Natural
    pages: int
    images: int
    note_images: int = 0
    profile: str = ""
    officer: str
    signer_name: str
    certificate: bytes = b""  # SHA-256 of the signing certificate
    captured_ms: int
    warnings: tuple[str, ...] = ()
    text_found: bool = False


class FieldReading(msgspec.Struct, frozen=True, omit_defaults=True):
    """One machine reading of one field: a proposal, never data (P1). Box in px at the page's dpi, origin top-left.

    `first` and `second` are the two readers' strings, `first` empty where it is `value` letter for letter; `grammar` is empty in
    events from before it was recorded. A cell of a list is a field too (table_rows.py).
    """

    field: str
    value: str
    source: Literal["ocr", "qr"] = "ocr"
    second: str = ""
    score: float = 0.0
    page: int = 0
    box: tuple[int, int, int, int] | None = None
    trust: Literal["agrees", "check", "unreadable"] = "check"
    reason: str = ""
    first: str = ""
    grammar: Literal["", "holds", "broken"] = ""


class ReadingRecorded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What the readers proposed for one document; a long list is told in several of these, which add up."""

    document_id: DocumentId
    reader: str
    dpi: int
    document_type: str = ""
    values: tuple[FieldReading, ...] = ()


class ConfirmedValue(msgspec.Struct, frozen=True, omit_defaults=True):
    """One value a person stands for. `source` says where it came from before the person agreed."""

    field: str
    value: str
    source: Literal["ocr", "qr", "typed", "reused"] = "typed"
    changed: bool = False
    unreadable: bool = False


class MetadataConfirmed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A person confirmed fields a–l. The resolving officer is accountable (Điều 9.3, R-29), reception pre-fills.

    A long list is confirmed in several of these with the same base.
    """

    document_id: DocumentId
    role: Literal["intake", "resolving"]
    officer: str
    values: tuple[ConfirmedValue, ...]
    confirmed_ms: int


class DocumentCoded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The digitization-result code as its parts (Điều 10; A.6: never split on dots, never a key)."""

    document_id: DocumentId
    owner: str
    procedure: str
    document_type: str
    number_symbol: str
    code: str
    is_result: bool = False


class RecordSigned(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The metadata record's canonical bytes and the officer's detached CAdES signature over them."""

    document_id: DocumentId
    record: bytes
    signature: bytes
    signer_name: str


class SlipIssued(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A form was printed for the person (B.4.1)."""

    form: str
    number: str
    pdf: BlobDigest
    pdf_size: Natural
    officer: str
    issued_ms: int


class HandedOver(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Dossier or paper went from one section to another (NĐ 61 Điều 18.2: after 15:00 → next working day)."""

    from_section: str
    to_section: str
    at_ms: int
    due_ms: int = 0
    paper: bool = False
    officer: str = ""


class StatusMoved(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A move of the dossier's state machine; effective only under the custody fence in the header.

    `consulted` and `answer_by` (ISO day) say whom a consultation asks and until when; `reason` is then what is asked (NĐ 61 Điều 19.5).
    """

    move: str
    office: OfficeCode
    officer: str
    at_ms: int
    reason: str = ""
    notice: DocumentId | None = None
    new_due_date: str = ""
    consulted: str = ""
    answer_by: str = ""


class DecisionMade(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The result of the procedure. Absorbing; only the deciding authority may reopen it."""

    outcome: Literal["granted", "refused", "returned"]
    office: OfficeCode
    officer: str
    decided_ms: int
    result_code: str = ""
    number_symbol: str = ""
    issue_date: str = ""
    document_id: DocumentId | None = None
    reason: str = ""


class AgencySigned(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The agency signature was added after success (Điều 9.4, R-30). The first `prefix_size` bytes are the officer's file."""

    document_id: DocumentId
    pdf: BlobDigest
    pdf_size: Natural
    prefix: BlobDigest
    prefix_size: int
    form: str
    agency: str
    office: OfficeCode
    officer: str
    signed_ms: int
    record_signature: bytes = b""


class ResultReturned(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The result was handed to the person (Điều 13.5)."""

    office: OfficeCode
    officer: str
    method: str
    at_ms: int


class ComponentWithdrawn(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A component was taken back, with its reason; the file stays."""

    component_id: ComponentId
    reason: str
    officer: str


class NoteAdded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A remark; append-only."""

    text: str
    officer: str
    at_ms: int


class IdentityAsserted(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A different or first value of an identity field, with its proof (D.3)."""

    field: str
    value: str
    proof: str
    officer: str


class ConflictResolved(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A person settled a register; the header's base names every head that was looked at (I7)."""

    conflict: bytes
    field: str
    value: str
    reason: str
    officer: str
    document_id: DocumentId | None = None


class DuplicateJudged(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`same` or `not same` about two dossiers or two papers; remembered for ever (I18)."""

    other_rid: RecordId
    same: bool
    reason: str
    officer: str
    document_id: DocumentId | None = None
    other_document_id: DocumentId | None = None


class Revoked(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A paper was revoked by its authority; beats every later edit (D.4)."""

    document_id: DocumentId
    authority: OfficeCode
    reason: str
    officer: str
    at_ms: int


class CustodyGranted(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: from here on this office alone may move the dossier's state.

    `until` are the lane heads the hub held when it granted: a move under the previous fence counts only up to them.
    """

    office: OfficeCode
    fence: int
    previous_office: OfficeCode
    reason: str
    officer: str
    until: tuple[tuple[NodeId, bytes, int], ...] = ()


class DuplicateSuspected(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: the same procedure for the same person, or the same paper, exists elsewhere (D.1, D.5)."""

    kind: Literal["dossier", "document", "code"]
    other_rid: RecordId
    other_office: OfficeCode
    tier: int
    key: str = ""
    document_id: DocumentId | None = None
    other_document_id: DocumentId | None = None


class BodyErased(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: by lawful order the body of one act is dropped everywhere, with every copy of it; headers and chains stay.

    `order` is the number of the written order, `reason` its ground without personal data. `act` and `body_hash` recognise the body wherever
    it turns up later; `kept` is what of it may stay (erasure.py), `asked_by` and the header's actor are the two people who stand for it.
    """

    event: EventId
    order: str
    act: ActId = ActId(EventId(b""))
    body_hash: bytes = b""
    reason: str = ""
    asked_by: str = ""
    kept: bytes = b""


class DocumentExamined(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: a received file was judged by the rules of acceptance; only the newest word about a file counts.

    `document_id` is empty for a slip. `codes` are the reasons of a quarantine; `level` says how long the proof lasts: `B-B`
    as long as the certificates, `B-LTA` with validation data and a time stamp.
    """

    document_id: DocumentId
    pdf: BlobDigest
    verdict: Literal["accepted", "quarantined"]
    codes: tuple[str, ...] = ()
    level: Literal["", "B-B", "B-LTA"] = ""


class ApplicationArrived(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: a person applied online and the competent office has not looked yet; no promise, no code, no clock (portal state 1).

    `number` is the portal's own number, `papers` the names of what lies there. An office answers by receiving the dossier, asking for a
    supplement or refusing, under the same record id. As it names a person, it may be erased by order like the acts of offices.
    """

    number: str
    procedure: str
    office: OfficeCode
    applicant: Party
    submitted_ms: Natural
    papers: tuple[str, ...] = ()
    note: str = ""


class AccountChecked(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: what the population database says of an applicant whose account could not be asked for at the desk (Điều 13.2).

    `absent`: no activated account; `mismatch`: number, name and birth date do not belong together. It decides nothing by itself.
    """

    outcome: Literal["exists", "absent", "mismatch"]
    at_ms: Natural


DESK_NUMBER_MAX: Final = 99
TICKET_NUMBER_MAX: Final = 9_999


class VisitFinished(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One visit to the counter is over: served, called in vain, or still waiting when the day was closed.

    Its record id names the visit, never a dossier (`BESIDE_DOSSIERS`). Every field is a number or a word of a closed list, so nobody
    can be named in it. A time of 0 never happened; `called_ms` is the first call. `desk` is 0 where none called.
    """

    office: OfficeCode
    number: Annotated[int, msgspec.Meta(ge=1, le=TICKET_NUMBER_MAX)]
    kind: Literal["submit", "supplement", "collect", "advice"]
    outcome: Literal["served", "no_show", "unserved"]
    drawn_ms: Natural
    called_ms: Natural = 0
    started_ms: Natural = 0
    ended_ms: Natural
    desk: Annotated[int, msgspec.Meta(ge=0, le=DESK_NUMBER_MAX)] = 0


BODY_TYPES: Final[dict[tuple[str, int], type[msgspec.Struct]]] = {
    ("dossier.received", 1): DossierReceived,
    ("component.declared", 1): ComponentDeclared,
    ("copy.captured", 1): CopyCaptured,
    ("reading.recorded", 1): ReadingRecorded,
    ("metadata.confirmed", 1): MetadataConfirmed,
    ("document.coded", 1): DocumentCoded,
    ("record.signed", 1): RecordSigned,
    ("slip.issued", 1): SlipIssued,
    ("dossier.handed_over", 1): HandedOver,
    ("status.moved", 1): StatusMoved,
    ("intake.ended", 1): IntakeEnded,
    ("decision.made", 1): DecisionMade,
    ("agency.signed", 1): AgencySigned,
    ("result.returned", 1): ResultReturned,
    ("component.withdrawn", 1): ComponentWithdrawn,
    ("note.added", 1): NoteAdded,
    ("identity.asserted", 1): IdentityAsserted,
    ("conflict.resolved", 1): ConflictResolved,
    ("duplicate.judged", 1): DuplicateJudged,
    ("document.revoked", 1): Revoked,
    ("custody.granted", 1): CustodyGranted,
    ("duplicate.suspected", 1): DuplicateSuspected,
    ("body.erased", 1): BodyErased,
    ("document.examined", 1): DocumentExamined,
    ("visit.finished", 1): VisitFinished,
    ("application.arrived", 1): ApplicationArrived,
    ("account.checked", 1): AccountChecked,
}
BESIDE_DOSSIERS: Final = frozenset(
    {"visit.finished"}
)  # in any version: logged and synced as all events, but about no dossier
TYPE_OF_BODY: Final[dict[type[msgspec.Struct], str]] = {body: name for (name, _), body in BODY_TYPES.items()}

REMEMBERED_BODIES: Final = (
    2_048  # one body is judged, merged and searched within milliseconds: it is decoded once for all (4 batches)
)
REMEMBERED_BODY_BYTES: Final = 2_048

_encode = msgspec.msgpack.Encoder().encode
_decoders = {key: msgspec.msgpack.Decoder(body).decode for key, body in BODY_TYPES.items()}


def encode_body(body: msgspec.Struct) -> bytes:
    """The bytes of a body; stored and hashed as they are, never re-encoded."""
    return _encode(body)


def decode_body(event: Event) -> msgspec.Struct | None:
    """The body of an event, or None when it is erased, of a type this version does not know, or not readable as its type.

    An unreadable body must not stop a queue: it is shown raw, like an unknown type.
    """
    if event.body is None:
        return None
    return read_body(event.header.type, event.header.tv, event.body)


def read_body(type: str, tv: int, raw: bytes) -> msgspec.Struct | None:
    """What these bytes say as a body of a type and version; None as for `decode_body`."""
    return (_read_anew if len(raw) > REMEMBERED_BODY_BYTES else _read)(type, tv, raw)


def _read_anew(type: str, tv: int, body: bytes) -> msgspec.Struct | None:
    decode = _decoders.get((type, tv))
    if decode is None:
        return None
    try:
        return decode(body)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError):
        return None


_read = lru_cache(REMEMBERED_BODIES)(_read_anew)  # a frozen value of the same bytes: reading it twice gives the same


def blobs_of(body: msgspec.Struct | None) -> tuple[tuple[BlobDigest, int], ...]:
    """Files a body refers to, as (digest, size in bytes)."""
    match body:
        case (
            CopyCaptured(pdf=pdf, pdf_size=size)
            | SlipIssued(pdf=pdf, pdf_size=size)
            | AgencySigned(pdf=pdf, pdf_size=size)
        ):
            return ((pdf, size),)
    return ()
