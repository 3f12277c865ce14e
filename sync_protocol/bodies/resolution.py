"""What is said of a dossier on its way to the result, and of settling what two offices said differently.

Source: NĐ 61/2018 Điều 18–20; QĐ 1333/QĐ-BHXH Điều 9.4, 12, 13.4–13.5; NĐ 30/2020 Phụ lục VI.
"""

from __future__ import annotations

from typing import Literal

import msgspec

from sync_protocol.ids import ActId, BlobDigest, DocumentId, OfficeCode, RecordId
from sync_protocol.limits import Natural


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


class DecisionReopened(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The authority of record takes up again what it ended: it corrects its own error, or regards a supplement that came late (NĐ 61/2018 Điều 21; D.6).

    A move under the custody fence in the header. An event of its own and no `status.moved`: a program that does not know it keeps and shows it raw.
    """

    office: OfficeCode
    officer: str
    reason: str
    at_ms: int
    new_due_date: str = ""


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


class NoteAdded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A remark by any office that has the dossier; append-only. `office` is "" in what older programs wrote."""

    text: str
    officer: str
    at_ms: int
    office: OfficeCode = OfficeCode("")


class IdentityAsserted(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A different or first value of an identity field, with its proof (D.3).

    `awaits`: one officer's word that counts only once a second person settles it (a `ConflictResolved` whose base names it); it carries no base
    of its own, so a program from before this shows it as a second value. Without it only the hub's word, of two people there, counts at once: what a
    desk says waits either way (merge_identity.py). `former` is what the officer saw there, `paper` the paper that proves it.
    """

    field: str
    value: str
    proof: str
    officer: str
    awaits: bool = False
    former: str = ""
    paper: DocumentId | None = None


class ConflictResolved(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A person settled a register; the header's base names every head that was looked at (I7).

    It counts from the hub, whose people name no office, and from an office that has or had custody (merge_authority.py). `office` is "" in what older programs wrote.
    """

    conflict: bytes
    field: str
    value: str
    reason: str
    officer: str
    document_id: DocumentId | None = None
    office: OfficeCode = OfficeCode("")


class ProposalDismissed(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The custodian lets stand that a move did not count (custody.py). Valid under the custody fence in the header, which also names the move as its base."""

    act: ActId
    office: OfficeCode
    officer: str
    reason: str
    at_ms: int


class DossierRecoded(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A printed code that stands on an earlier dossier as well was replaced by the office that gave it to the later one (D.10).

    `former` is the code that is replaced; it stays an alias, under which both dossiers are found.
    """

    former: str
    code: str
    office: OfficeCode
    officer: str
    reason: str
    at_ms: int


class DuplicateJudged(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """`same` or `not same` about two dossiers, two papers or one printed code; remembered for ever (I18).

    The header's base names the judgements that were seen. `kind` is that of the suspicion, "" in what older programs wrote. `of` only the hub
    says: this is the judgement of that act, told in the pair's other dossier, without its reason, which stays where an order reaches it.
    `reissue`, of papers that are not the same: one was issued again in the other's place (cấp lại, D.2); both stay. Older programs read "not same".
    """

    other_rid: RecordId
    same: bool
    reason: str
    officer: str
    document_id: DocumentId | None = None
    other_document_id: DocumentId | None = None
    kind: Literal["", "dossier", "document", "code"] = ""
    office: OfficeCode = OfficeCode("")
    of: ActId | None = None
    reissue: bool = False
