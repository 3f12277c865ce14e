"""The agency signature: after success, on the result, every component copy and its metadata record, in one batch with an outcome for each.

Only then do the metadata count like the paper (Điều 11.3, R-31), and only papers with a full identifier enter the Kho (Điều 11.2, R-34).
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.service import dossier
from edge_node.resolution.errors import SuccessFirst
from edge_node.resolution.service import require_custody
from edge_node.signing.batch import sign_batch
from edge_node.signing.keys import SigningKey
from edge_node.signing.record import sign_record
from edge_node.store.ledger import Act, Draft
from sync_protocol.adapters import event_log
from sync_protocol.bodies import AgencySigned, RecordSigned, decode_body
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, DocumentId, RecordId
from sync_protocol.view import DocumentView

if TYPE_CHECKING:
    from edge_node.signing.agency import CopyForm


class SealOutcome(msgspec.Struct, frozen=True):
    """What became of one document."""

    document_id: DocumentId
    code: str
    problem: str
    sentence: str


def seal(
    desk: Desk, officer: str, rid: RecordId, key: SigningKey, *, agency: str, form: CopyForm = "SAO Y"
) -> list[SealOutcome]:
    """Sign every unsigned copy of a granted dossier for the agency; each is saved as soon as it is signed.

    Copies must be here (fetched from the hub where another office scanned them).

    Raises:
        SuccessFirst: the procedure has not succeeded. NotCustodian: another office decides.
    """
    from edge_node.signing.agency import seal_copy  # the PDF library and the typesetter: not before somebody signs

    desk.officers.get(officer, "clerk")
    view = dossier(desk, rid)
    require_custody(desk, view)
    if view.decision is None or view.decision.outcome != "granted":
        raise SuccessFirst()
    at = desk.now().astimezone(dt.timezone(dt.timedelta(hours=7)))
    todo = [one for one in view.documents if not one.agency_form and view.stands(one)]

    def one(document: DocumentView) -> str:
        content = desk.files.get(document.pdf.hex())
        sealed = seal_copy(content, key, form=form, agency=agency, at=at, typefaces_dir=desk.typefaces_dir)
        digest = BlobDigest(bytes.fromhex(desk.files.put(sealed.data)))
        record = desk.store.readers.run(lambda c: newest_record(c, rid, document.document_id))
        record_signature = sign_record(record, key, at=at) if record else b""
        body = AgencySigned(
            document_id=document.document_id, pdf=digest, pdf_size=sealed.length, prefix=document.officer_pdf,
            prefix_size=document.officer_pdf_size, form=form, agency=agency, office=desk.office, officer=officer,
            signed_ms=int(at.timestamp() * 1000), record_signature=record_signature,
        )  # fmt: skip
        desk.ledger.save(Act(officer, "clerk", "agency_signature"), [Draft(rid, body)])
        return document.codes[-1] if document.codes else ""

    return [_outcome(result.item, result.signed, result.problem) for result in sign_batch(todo, one)]


def newest_record(connection: apsw.Connection, rid: RecordId, document_id: DocumentId) -> bytes:
    """The bytes of the newest metadata record of a paper, exactly as the officer signed them; empty where it has none yet."""
    found = b""
    for event in event_log.events_of(connection, rid):
        body = decode_body(event) if event.header.type == "record.signed" else None
        if isinstance(body, RecordSigned) and body.document_id == document_id:
            found = body.record
    return found


def _outcome(document: DocumentView, code: str | None, problem: Problem | None) -> SealOutcome:
    return SealOutcome(
        document.document_id, code or "", problem.code if problem else "",
        f"{problem.clerk_sentence} {problem.clerk_next_step}" if problem else "",
    )  # fmt: skip
