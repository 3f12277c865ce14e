"""What a dossier looks like now: the projection of its events, the same bytes on every replica that holds the same events.

A view is thrown away and folded again whenever an event arrives (merge.py); nothing is ever edited in it. Lists are sorted by id, so that
two views can be compared by their encoded bytes (invariants I2 and I15).
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sync_protocol.bodies import CurrentCopy, FieldReading, Party, ReuseSource
from sync_protocol.cases import ConflictView, Proposal, RevokedReuse, Suspicion
from sync_protocol.ids import ActId, BlobDigest, ComponentId, DocumentId, NodeId, OfficeCode, RecordId
from sync_protocol.register import Rank, Settled
from sync_protocol.table_rows import is_row_field, standing_rows


class Custody(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Who alone may move the state. Fence 0 is the office that received the dossier."""

    office: OfficeCode
    fence: int


class Revocation(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Which authority called a paper in, who there, and when (UTC ms)."""

    office: OfficeCode
    officer: str
    at_ms: int
    act: ActId


class FieldView(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One metadata field of one document."""

    field: str
    settled: Settled

    @property
    def is_confirmed(self) -> bool:
        """A person gave this value; False for what only a machine read."""
        return self.settled.rank >= Rank.TYPED


class DocumentView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One digitized paper."""

    document_id: DocumentId
    component_id: ComponentId
    pdf: BlobDigest
    pdf_size: int
    officer_pdf: BlobDigest
    officer_pdf_size: int
    pages: int
    images: int
    signer_name: str
    captured_ms: int
    node: NodeId
    captured_by: ActId
    readings: tuple[FieldReading, ...] = ()
    fields: tuple[FieldView, ...] = ()
    confirmed_by: str = ""
    codes: tuple[str, ...] = ()  # newest last; older ones stay as aliases (A.6 rule 5)
    owner: str = ""
    document_type: str = ""
    number_symbol: str = ""
    is_result: bool = False
    has_record: bool = False
    agency_form: str = ""
    agency_name: str = ""
    revoked_reason: str = ""  # never empty where `revoked` is there
    examined: str = ""  # the hub's word about `pdf`: "", "accepted", "quarantined"
    examined_reasons: tuple[str, ...] = ()  # codes
    examined_level: str = ""
    office: OfficeCode = OfficeCode("")  # whose node digitized it, where something it wrote in this dossier says so
    revoked: Revocation | None = None
    current: CurrentCopy | None = None  # which digitization of this paper is current, where there are several and the hub named one

    @property
    def is_superseded(self) -> bool:
        """Another digitization of the same paper is the current one."""
        return self.current is not None and self.current.document_id != self.document_id

    def value(self, field: str) -> str:
        """The settled value of a field, or ""."""
        return next((one.settled.value for one in self.fields if one.field == field), "")

    def confirmed(self, field: str) -> str:
        """The settled value of a field if a person stands for it, or ""; what only a machine read is no data yet (P1)."""
        return next((one.settled.value for one in self.fields if one.field == field and one.is_confirmed), "")

    @property
    def paper_fields(self) -> tuple[FieldView, ...]:
        """The fields of the paper as a whole, without the cells of its list."""
        return tuple(one for one in self.fields if not is_row_field(one.field))

    @property
    def rows(self) -> dict[str, Mapping[str, str]]:
        """The rows of the paper's list that nobody removed, in its order: column → settled value."""
        return standing_rows((one.field, one.settled.value) for one in self.fields)

    @property
    def confirmed_rows(self) -> dict[str, Mapping[str, str]]:
        """As `rows`, but only what a person stands for."""
        return standing_rows((one.field, one.settled.value) for one in self.fields if one.is_confirmed)

    @property
    def is_confirmed(self) -> bool:
        """A person stands for the metadata."""
        return self.confirmed_by != ""

    @property
    def has_legal_value(self) -> bool:
        """Metadata count like the paper only after the agency signature (QĐ 1333 Điều 11.3, R-31), and never in quarantine."""
        return self.agency_form != "" and self.revoked_reason == "" and self.examined != "quarantined"


class ComponentView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One component and what became of it."""

    component_id: ComponentId
    document_type: str
    name: str
    required: bool = True
    decision: str = ""
    submitted_form: str = ""
    rule: str = ""
    reason: str = ""
    declared_pages: int = 0
    note_pages: tuple[int, ...] = ()
    reuse_check: str = ""
    source: ReuseSource | None = None
    is_supplement: bool = False
    withdrawn_reason: str = ""
    documents: tuple[DocumentId, ...] = ()
    state: str = "required"


class IntakeView(msgspec.Struct, frozen=True, array_like=True):
    """An intake that ended without acceptance: "supplement" or "refused", with what the person was told."""

    outcome: str
    office: OfficeCode
    officer: str
    at_ms: int
    requests: tuple[str, ...]
    reasons: tuple[str, ...]
    explanation: str
    missing: tuple[ComponentId, ...]
    case: str


class ApplicationView(msgspec.Struct, frozen=True, array_like=True):
    """What a person handed in online: the portal's number, and what the intake form begins with."""

    number: str
    procedure: str
    office: OfficeCode
    applicant: Party
    submitted_ms: int
    papers: tuple[str, ...]
    note: str


class SlipView(msgspec.Struct, frozen=True, array_like=True):
    """A printed form."""

    form: str
    number: str
    pdf: BlobDigest
    pdf_size: int
    issued_ms: int
    examined: str = ""
    examined_reasons: tuple[str, ...] = ()


class Decision(msgspec.Struct, frozen=True, array_like=True):
    """The result of the procedure."""

    outcome: str
    office: OfficeCode
    officer: str
    decided_ms: int
    result_code: str
    number_symbol: str
    issue_date: str
    document_id: DocumentId | None
    reason: str


class Reopening(msgspec.Struct, frozen=True, array_like=True):
    """The authority took up again what it had ended. `state` is where the dossier stood, `decision` what held until then: it stays to be read as the former one."""

    office: OfficeCode
    officer: str
    at_ms: int
    reason: str
    state: str
    decision: Decision | None


class Remark(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A note, with who wrote it. `office` is "" where an older program wrote it; then `node` says whose it is. `at_ms` is UTC by the writer's clock."""

    text: str
    office: OfficeCode
    officer: str
    at_ms: int
    node: NodeId


class HistoryLine(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One line of the dossier's history as a person reads it."""

    hlc: int
    type: str
    office: OfficeCode
    actor: str
    act: ActId


class ErasedAct(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An act whose content an order of the hub took away. `is_kept` says that the part which carries the dossier's course stayed."""

    act: ActId
    order: str
    is_kept: bool


class DossierView(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, gc=False):
    """One dossier. `is_whole` is False while its first event has not arrived: the reception, or an intake that ended without one.

    A dossier that was not accepted (yet) has no code, no due date and `received_ms` 0; `presented_ms` is when its intake first ended.
    """

    rid: RecordId
    is_whole: bool
    code: str = ""
    other_codes: tuple[str, ...] = ()
    procedure: str = ""
    procedure_version: str = ""
    catalogue_version: int = 0
    channel: str = ""
    office: OfficeCode = OfficeCode("")
    applicant: Party | None = None
    identity: tuple[FieldView, ...] = ()
    versions_kept: tuple[bytes, ...] = ()  # cases of law_changes.py that a person closed
    former_numbers: tuple[tuple[str, str], ...] = ()  # (field, value) that a correction replaced; the dossier stays found under them
    submitter_type: str = ""
    received_ms: int = 0
    presented_ms: int = 0
    intakes: tuple[IntakeView, ...] = ()
    due_date: str = ""
    hand_over_by_ms: int = 0
    account_check: str = ""
    cross_province: bool = False
    state: str = "draft"
    custody: Custody = Custody(OfficeCode(""), 0)
    components: tuple[ComponentView, ...] = ()
    documents: tuple[DocumentView, ...] = ()
    slips: tuple[SlipView, ...] = ()
    decision: Decision | None = None
    returned_ms: int = 0
    ended_by: OfficeCode = OfficeCode("")  # the authority of record of what was ended; "" while nothing is
    reopenings: tuple[Reopening, ...] = ()
    proposals: tuple[Proposal, ...] = ()
    conflicts: tuple[ConflictView, ...] = ()
    suspicions: tuple[Suspicion, ...] = ()
    reuses: tuple[RevokedReuse, ...] = ()
    remarks: tuple[Remark, ...] = ()
    to_correct: str = ""  # the note of the open task to correct data (data_tasks.py)
    history: tuple[HistoryLine, ...] = ()
    unknown_events: int = 0
    erased: tuple[ErasedAct, ...] = ()
    application: ApplicationView | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What the notes say, in the agreed order."""
        return tuple(one.text for one in self.remarks)

    @property
    def open_proposals(self) -> tuple[Proposal, ...]:
        """The moves without effect that still wait for the custodian's word."""
        return tuple(one for one in self.proposals if not one.settled)

    @property
    def reference(self) -> str:
        """By what a person asks for the dossier: its code, or before acceptance office and the end of its id; "" for neither."""
        if self.code or not self.presented_ms:
            return self.code
        return self.presented_as

    @property
    def presented_as(self) -> str:
        """What stands on slips that were printed before acceptance; it stays searchable afterwards."""
        return (
            f"{self.intakes[0].office}-YC-{self.rid.hex()[-8:].upper()}" if self.presented_ms and self.intakes else ""
        )

    @property
    def open_reuses(self) -> tuple[RevokedReuse, ...]:
        """Reused papers that were revoked and wait for a decision (D.4)."""
        return tuple(one for one in self.reuses if one.is_open)

    def document(self, document_id: DocumentId) -> DocumentView | None:
        """The document with this id."""
        return next((one for one in self.documents if one.document_id == document_id), None)

    def order_over(self, act: ActId) -> str:
        """The number of the order that erased an act, or ""."""
        return next((one.order for one in self.erased if one.act == act), "")

    def stands(self, document: DocumentView) -> bool:
        """The paper counts in this dossier: nobody revoked it, and its component was not taken back."""
        part = None if document.revoked_reason else self.component(document.component_id)
        return not document.revoked_reason and (part is None or not part.withdrawn_reason)

    def component(self, component_id: ComponentId) -> ComponentView | None:
        """The component with this id."""
        return next((one for one in self.components if one.component_id == component_id), None)

    def person(self, field: str) -> str:
        """The settled value of an identity field, or ""."""
        return next((one.settled.value for one in self.identity if one.field == field), "")


_encode = msgspec.msgpack.Encoder().encode
_decode = msgspec.msgpack.Decoder(DossierView).decode


def encode_view(view: DossierView) -> bytes:
    """The bytes by which replicas compare."""
    return _encode(view)


def decode_view(raw: bytes) -> DossierView:
    """A stored view."""
    return _decode(raw)
