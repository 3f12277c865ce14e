"""Claims: what the events say about a file, turned into what the verifier must find in it.

A file comes without explanation; the events of the dossiers that refer to it say what it is: a copy as an officer signed it, the same with
the agency's signature, or a slip. From the event, the register of certificates and the time of arrival follows everything that is expected.

Invariant: a claim of one dossier never changes what is said about the file in another.

Source: signing.md §2c (interval of the claimed time), §4 (rule of acceptance); QĐ 1333/QĐ-BHXH Điều 8.1, 9.4; NĐ 30/2020 Điều 25–27.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import apsw
import msgspec

from central_hub.ingest.nodes import office_of_node
from central_hub.seals.errors import CaptureUnknown
from central_hub.seals.registry import signers_of
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD, SLIP_FIELD
from sync_protocol.adapters.verification.report import Expectation
from sync_protocol.bodies import (
    AgencySigned,
    CopyCaptured,
    DossierReceived,
    IntakeEnded,
    RecordSigned,
    SlipIssued,
    decode_body,
)
from sync_protocol.envelope import Event
from sync_protocol.ids import BlobDigest, DocumentId, RecordId

CLOCK_TOLERANCE = dt.timedelta(minutes=10)
"""A desk's clock may differ this much from the hub's before a claimed time is called impossible (design.md §7, D.7)."""
NO_DOCUMENT = DocumentId(b"")


class RecordClaim(msgspec.Struct, frozen=True):
    """The metadata record of the same paper, one signature over it, and who may have made it, not before when."""

    record: bytes
    signature: bytes
    signers: frozenset[str]
    not_before: dt.datetime | None


class Claim(msgspec.Struct, frozen=True):
    """What one event says about a file. `document_id` is empty for a slip. `size` is the whole file's, in bytes."""

    rid: RecordId
    document_id: DocumentId
    kind: Literal["capture", "agency", "slip"]
    size: int
    expected: Expectation
    records: tuple[RecordClaim, ...] = ()


def claims_on(connection: apsw.Connection, digest: BlobDigest) -> list[Claim]:
    """Return every claim on a file, over all dossiers that refer to it; empty while no event has arrived.

    Raises:
        CaptureUnknown: an agency-signed version whose capture has not arrived.
    """
    found: list[Claim] = []
    without_capture: CaptureUnknown | None = None
    for rid, _ in projection.referring(connection, digest):
        dossier = _Dossier(connection, rid)
        for event, body in dossier.bodies:
            match body:
                case CopyCaptured(pdf=pdf) if pdf == digest:
                    found.append(dossier.capture(event, body))
                case AgencySigned(pdf=pdf) if pdf == digest:
                    try:
                        found.append(dossier.agency(event, body))
                    except CaptureUnknown as problem:  # a false claim elsewhere must not hold up a true one
                        without_capture = problem
                case SlipIssued(pdf=pdf) if pdf == digest:
                    found.append(dossier.slip(event, body))
    if without_capture is not None and not found:
        raise without_capture
    return list({(one.rid, one.document_id, one.kind): one for one in found}.values())


class _Dossier:
    """The events of one dossier, and the questions a claim asks of them."""

    def __init__(self, connection: apsw.Connection, rid: RecordId) -> None:
        self._connection, self._rid = connection, rid
        self.bodies = [(event, decode_body(event)) for event in event_log.events_of(connection, rid)]
        received = [body.received_ms for _, body in self.bodies if isinstance(body, DossierReceived)]
        received += [body.at_ms for _, body in self.bodies if isinstance(body, IntakeEnded)]
        self._not_before = _instant(min(received)) - CLOCK_TOLERANCE if received else None

    def capture(self, event: Event, body: CopyCaptured) -> Claim:
        expected = Expectation(
            fields=(OFFICER_FIELD,), prepared=(AGENCY_FIELD,), sha256=body.pdf.hex(), length=body.pdf_size,
            signers={OFFICER_FIELD: self._capturers(event, body)}, not_before=self._not_before, not_after=self._arrival(event), trailing_allowed=False,
        )  # fmt: skip
        records = self._records(body.document_id, body.pdf)[-1:]
        return Claim(self._rid, body.document_id, "capture", body.pdf_size, expected, tuple(one for one, _ in records))

    def agency(self, event: Event, body: AgencySigned) -> Claim:
        captured = [
            (other, one) for other, one in self.bodies
            if isinstance(one, CopyCaptured) and one.document_id == body.document_id and one.pdf == body.prefix
        ]  # fmt: skip
        if not captured:
            raise CaptureUnknown(digest=body.pdf.hex()[:16])
        agency = signers_of(self._connection, body.office, "agency", body.signed_ms)
        expected = Expectation(
            fields=(OFFICER_FIELD, AGENCY_FIELD), sha256=body.prefix.hex(), length=body.prefix_size,
            signers={OFFICER_FIELD: self._capturers(*captured[0]), AGENCY_FIELD: agency},
            not_before=self._not_before, not_after=self._arrival(event), trailing_allowed=False,
        )  # fmt: skip
        records = self._records(body.document_id, body.prefix)[-1:]
        claims = [one for one, _ in records]
        if body.record_signature and records:
            claims.append(RecordClaim(records[0][0].record, body.record_signature, agency, None))
        return Claim(self._rid, body.document_id, "agency", body.pdf_size, expected, tuple(claims))

    def slip(self, event: Event, body: SlipIssued) -> Claim:
        signers = self._officers(event, body.issued_ms, body.officer)
        expected = Expectation(
            fields=(SLIP_FIELD,), sha256=body.pdf.hex(), length=body.pdf_size, signers={SLIP_FIELD: signers},
            not_before=self._not_before, not_after=self._arrival(event), visible=False, trailing_allowed=False,
        )  # fmt: skip
        return Claim(self._rid, NO_DOCUMENT, "slip", body.pdf_size, expected)

    def _capturers(self, event: Event, body: CopyCaptured) -> frozenset[str]:
        registered = self._officers(event, body.captured_ms, body.officer)
        return registered & {body.certificate.hex()} if body.certificate else registered

    def _officers(self, event: Event, at_ms: int, account: str) -> frozenset[str]:
        office = office_of_node(self._connection, event.header.node)
        return signers_of(self._connection, office, "officer", at_ms, account)

    def _records(self, document_id: DocumentId, pdf: BlobDigest) -> list[tuple[RecordClaim, Event]]:
        """The signed records of a paper, in order of arrival; each is bound to the officer's file by its hash."""
        found = []
        for event, body in self.bodies:
            if isinstance(body, RecordSigned) and body.document_id == document_id:
                bound = _Binding.read(body.record)
                office = office_of_node(self._connection, event.header.node)
                arrived = _arrived_ms(self._connection, event.id)
                signers = signers_of(self._connection, office, "officer", arrived)
                good = signers if bound.pdf_sha256 == pdf.hex() else frozenset()  # bound to another file: nobody's
                seen = _arrived_ms(self._connection, bound.head)
                not_before = _instant(seen) - CLOCK_TOLERANCE if seen else None
                found.append((RecordClaim(body.record, body.signature, good, not_before), event))
        return found

    def _arrival(self, event: Event) -> dt.datetime:
        return _instant(_arrived_ms(self._connection, event.id)) + CLOCK_TOLERANCE


class _Binding(msgspec.Struct, frozen=True):
    """What a record says about the file and about the last answer of the hub that its node had seen."""

    pdf_sha256: str = ""
    last_acknowledgement: str = ""

    @classmethod
    def read(cls, record: bytes) -> _Binding:
        try:
            return msgspec.json.decode(record, type=cls)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
            return cls()

    @property
    def head(self) -> bytes:
        try:
            return bytes.fromhex(self.last_acknowledgement.partition(":")[2])
        except ValueError:
            return b""


def _arrived_ms(connection: apsw.Connection, identifier: bytes) -> int:
    row = connection.execute("SELECT arrived_ms FROM event WHERE id = ?", (identifier,)).fetchone()
    return int(row[0]) if row else 0


def _instant(ms: int) -> dt.datetime:
    return dt.datetime.fromtimestamp(ms / 1000, dt.UTC)
