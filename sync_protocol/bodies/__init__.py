"""What events say: one struct per event type, and the table that names them.

Bodies are MessagePack maps with readable keys. A reader ignores keys it does not know, and an event of an unknown type or
version is stored, chained and forwarded as it came, and shown raw (sync.md 2.11). Times ending in `_ms` are milliseconds UTC as the
acting device saw them; days are ISO dates in Asia/Ho_Chi_Minh.

Source: QĐ 1333/QĐ-BHXH (25/9/2023) Điều 8–13 for what must be recorded at each step; NĐ 61/2018 Điều 17–20 for reception and return.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Final

import msgspec

from sync_protocol.bodies.counter import DESK_NUMBER_MAX, TICKET_NUMBER_MAX, VisitFinished
from sync_protocol.bodies.following import EXITS, ExitAsked, ExitJudged, ExitUndone
from sync_protocol.bodies.hub import (
    AccountChecked,
    ApplicationArrived,
    BodyErased,
    CurrentCopy,
    CustodyGranted,
    DocumentExamined,
    DuplicateSuspected,
)
from sync_protocol.bodies.papers import (
    ComponentDeclared,
    ComponentWithdrawn,
    ConfirmedValue,
    CopyCaptured,
    DocumentCoded,
    FieldReading,
    MetadataConfirmed,
    ReadingRecorded,
    RecordSigned,
    ReuseKept,
    ReuseSource,
    Revoked,
    SourceRevoked,
)
from sync_protocol.bodies.reception import (
    DossierReceived,
    GivenReason,
    IntakeEnded,
    Party,
    PlannedComponent,
    ReceiptCorrected,
    VersionKept,
)
from sync_protocol.bodies.resolution import (
    AgencySigned,
    ConflictResolved,
    DecisionMade,
    DecisionReopened,
    DossierRecoded,
    DuplicateJudged,
    HandedOver,
    IdentityAsserted,
    NoteAdded,
    ProposalDismissed,
    ResultReturned,
    SlipIssued,
    StatusMoved,
)
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest

__all__ = [
    "AccountChecked",
    "AgencySigned",
    "ApplicationArrived",
    "BESIDE_DOSSIERS",
    "BODY_TYPES",
    "BodyErased",
    "ComponentDeclared",
    "ComponentWithdrawn",
    "ConfirmedValue",
    "ConflictResolved",
    "CopyCaptured",
    "CurrentCopy",
    "CustodyGranted",
    "DESK_NUMBER_MAX",
    "DecisionMade",
    "DecisionReopened",
    "DocumentCoded",
    "DocumentExamined",
    "DossierReceived",
    "DossierRecoded",
    "DuplicateJudged",
    "DuplicateSuspected",
    "EXITS",
    "ExitAsked",
    "ExitJudged",
    "ExitUndone",
    "FieldReading",
    "GivenReason",
    "HandedOver",
    "IdentityAsserted",
    "IntakeEnded",
    "MetadataConfirmed",
    "NoteAdded",
    "Party",
    "PlannedComponent",
    "ProposalDismissed",
    "REMEMBERED_BODIES",
    "REMEMBERED_BODY_BYTES",
    "ReadingRecorded",
    "ReceiptCorrected",
    "RecordSigned",
    "ResultReturned",
    "ReuseKept",
    "ReuseSource",
    "Revoked",
    "SlipIssued",
    "SourceRevoked",
    "StatusMoved",
    "TICKET_NUMBER_MAX",
    "TYPE_OF_BODY",
    "VersionKept",
    "VisitFinished",
    "blobs_of",
    "decode_body",
    "encode_body",
    "read_body",
]

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
    ("decision.reopened", 1): DecisionReopened,
    ("agency.signed", 1): AgencySigned,
    ("result.returned", 1): ResultReturned,
    ("component.withdrawn", 1): ComponentWithdrawn,
    ("note.added", 1): NoteAdded,
    ("identity.asserted", 1): IdentityAsserted,
    ("conflict.resolved", 1): ConflictResolved,
    ("duplicate.judged", 1): DuplicateJudged,
    ("proposal.dismissed", 1): ProposalDismissed,
    ("document.revoked", 1): Revoked,
    ("source.revoked", 1): SourceRevoked,
    ("reuse.kept", 1): ReuseKept,
    ("dossier.recoded", 1): DossierRecoded,
    ("receipt.corrected", 1): ReceiptCorrected,
    ("version.kept", 1): VersionKept,
    ("custody.granted", 1): CustodyGranted,
    ("duplicate.suspected", 1): DuplicateSuspected,
    ("body.erased", 1): BodyErased,
    ("document.examined", 1): DocumentExamined,
    ("visit.finished", 1): VisitFinished,
    ("application.arrived", 1): ApplicationArrived,
    ("account.checked", 1): AccountChecked,
    ("exit.asked", 1): ExitAsked,
    ("exit.judged", 1): ExitJudged,
    ("exit.undone", 1): ExitUndone,
}
# in any version: logged and synced as all events, but they say nothing of a dossier
BESIDE_DOSSIERS: Final = frozenset({"visit.finished"}) | EXITS
TYPE_OF_BODY: Final[dict[type[msgspec.Struct], str]] = {body: name for (name, _), body in BODY_TYPES.items()}

# one body is judged, merged and searched within milliseconds: it is decoded once for all (4 batches)
REMEMBERED_BODIES: Final = 2_048
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
