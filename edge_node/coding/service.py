"""The code and the record: step three of digitization, and the officer's signature over what was confirmed.

Source: QĐ 1333/QĐ-BHXH Điều 10 (code), 9.2 (items a–l), 9.4 (metadata are signed, hence serialised canonically).
"""

from __future__ import annotations

import datetime as dt

import apsw

from edge_node.desk import Desk
from edge_node.intake.reuse import owner_of
from edge_node.intake.service import dossier
from edge_node.review.errors import ConfirmFirst
from edge_node.review.service import document_of
from edge_node.revoking.frozen import require_standing
from edge_node.signing.keys import SigningKey
from edge_node.signing.record import Json, canonical_record, record_sha256, sign_record
from edge_node.store.ledger import Act, Draft, own_lane
from edge_node.store.node_store import read_number, read_state, write_number, write_state
from sync_protocol.bodies import DocumentCoded, RecordSigned
from sync_protocol.codes import DigitizationCode, compose
from sync_protocol.ids import DocumentId, RecordId
from sync_protocol.view import DocumentView, DossierView


def issue_code(desk: Desk, officer: str, rid: RecordId, document_id: DocumentId, key: SigningKey) -> str:
    """Give a confirmed paper its code and sign its record; returns the code. Both are saved in one transaction.

    Raises:
        PaperRevoked, ComponentTakenBack; ConfirmFirst: nobody stands for the metadata yet; a Problem of the key or the store.
    """
    view = dossier(desk, rid)
    document = document_of(view, document_id)
    require_standing(view, document)
    if not document.is_confirmed:
        raise ConfirmFirst()
    parts = _parts(view, document)
    code = compose(parts)
    at = desk.now().astimezone(dt.timezone(dt.timedelta(hours=7)))
    seq, prev, seen = desk.store.readers.run(_place_in_chain)
    record = canonical_record(
        _metadata(view, document, code, at), pdf_sha256=document.officer_pdf.hex(), pdf_len=document.officer_pdf_size,
        office=desk.office, seq=seq, prev=prev, last_acknowledgement=seen,
    )  # fmt: skip
    signature = sign_record(record, key, at=at)
    coded = DocumentCoded(
        document_id=document_id, owner=parts.owner, procedure=parts.procedure or "", document_type=parts.doc_type_or_result,
        number_symbol=parts.number_symbol, code=code, is_result=parts.procedure is None,
    )  # fmt: skip
    signed = RecordSigned(document_id=document_id, record=record, signature=signature, signer_name=key.signer_name)

    def remember(connection: apsw.Connection) -> None:
        write_number(connection, "record_seq", seq)
        write_state(connection, "record_prev", record_sha256(record).encode())

    desk.ledger.save(Act(officer, "intake", "code"), [Draft(rid, coded), Draft(rid, signed)], also=remember)
    return code


def _parts(view: DossierView, document: DocumentView) -> DigitizationCode:
    """Owner, procedure, type and number. The owner is the subject of the paper first, then the applicant (domain.md A.5, configurable)."""
    owner = document.confirmed("owner_id") or document.confirmed("personal_id")
    if not owner and view.applicant is not None:
        owner = owner_of(view.applicant)
    component = view.component(document.component_id)
    kind = document.document_type or (component.document_type if component else "")
    is_result = kind.startswith("KQ.")
    return DigitizationCode(owner, None if is_result else view.procedure, kind, document.confirmed("number_symbol"))


def _metadata(view: DossierView, document: DocumentView, code: str, at: dt.datetime) -> dict[str, Json]:
    """Items a–l with the dossier they belong to, only what a person stands for; item l is the time of extraction.

    The list of a paper with one is item k: its rows in the order of the paper, column → value.
    """
    values: dict[str, Json] = {one.field: one.settled.value for one in document.paper_fields if one.is_confirmed}
    rows: tuple[Json, ...] = tuple(document.confirmed_rows.values())
    if rows:
        values["rows"] = rows
    party = view.applicant
    fallback: dict[str, Json] = (
        {} if party is None else {"owner_name": party.name, "owner_birth_date": party.birth_date}
    )
    return {
        **fallback,
        **values,
        "document_type": document.document_type,
        "digitization_code": code,
        "dossier_code": view.code,
        "procedure": view.procedure,
        "signer": document.signer_name,
        "extracted_at": at.isoformat(timespec="seconds"),
    }


def _place_in_chain(connection: apsw.Connection) -> tuple[int, str, str]:
    prev = read_state(connection, "record_prev")
    row = connection.execute(
        "SELECT hubseq, head FROM acknowledgement WHERE inc = ?", (own_lane(connection).inc,)
    ).fetchone()
    seen = f"{row[0]}:{bytes(row[1]).hex()}" if row else ""
    return read_number(connection, "record_seq") + 1, prev.decode() if prev else "", seen
