"""Walking the node: chains, bodies, views, files, the hub's acknowledgements, every officer's and agency's signature, the audit chain.

A single flipped byte in any stored file, event or acknowledgement shows up as one finding. Finding nothing is only said after everything was read.
"""

from __future__ import annotations

import datetime as dt

import apsw
import msgspec

from edge_node.store import audit
from edge_node.store.node_store import read_state
from edge_node.sync.asking import AUDIT_MARK, head_at, read_mark
from edge_node.sync.pushing import HubKnown
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.log_walk import ErasedByOrder, Finding, walk_erased, walk_files, walk_lanes, walk_views
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.adapters.verification.report import Expectation, Trust, VerificationReport
from sync_protocol.adapters.verification.verify import verify_copy, verify_record
from sync_protocol.audit_head import check_mark
from sync_protocol.batch import Acknowledgement, check_acknowledgement
from sync_protocol.bodies import AgencySigned, RecordSigned, decode_body
from sync_protocol.errors import Problem
from sync_protocol.ids import NodeId
from sync_protocol.view import DocumentView


class NodeWalk(msgspec.Struct, frozen=True):
    """What was read and what was wrong with it. `unchecked` counts signatures nobody could judge (no trust named)."""

    lanes: int
    events: int
    dossiers: int
    files: int
    signatures: int
    records: int
    acknowledgements: int
    unchecked: int
    findings: tuple[Finding, ...]
    erased: tuple[ErasedByOrder, ...] = ()


def walk(
    connection: apsw.Connection, files: FileStore, hub: HubKnown, node: NodeId, trust: Trust | None, now: dt.datetime
) -> NodeWalk:
    """Read everything the node holds and check it against itself, the hub's key and the trusted authorities."""
    lanes, events, findings = walk_lanes(connection)
    dossiers, wrong_views = walk_views(connection)
    held = connection.execute(
        "SELECT digest FROM blob WHERE state IN ('local','at_hub','here','refused') ORDER BY digest"
    )
    count, wrong_files = walk_files(files, [as_bytes(digest) for (digest,) in held.fetchall()])
    signatures, unchecked, wrong_copies = _walk_copies(connection, files, trust, now)
    records, wrong_records = _walk_records(connection, trust, now)
    promises, wrong_promises = _walk_acknowledgements(connection, hub, node)
    findings += wrong_views + wrong_files + wrong_copies + wrong_records + wrong_promises
    broken = audit.broken_at(connection)
    if broken is not None:
        findings.append(Finding("audit", str(broken), "VER-101", "row does not follow from its predecessor"))
    findings += _walk_audit_mark(connection, hub, node)
    return NodeWalk(
        lanes,
        events,
        dossiers,
        count,
        signatures,
        records,
        promises,
        unchecked,
        tuple(findings),
        walk_erased(connection),
    )


def _walk_copies(
    connection: apsw.Connection, files: FileStore, trust: Trust | None, now: dt.datetime
) -> tuple[int, int, list[Finding]]:
    """(signatures judged, copies nobody could judge, findings) over every copy held here."""
    judged, unchecked = 0, 0
    findings: list[Finding] = []
    for view in projection.newest(connection, 1_000_000):
        for document in view.documents:
            held = document.pdf if files.has(document.pdf.hex()) else document.officer_pdf
            if not files.has(held.hex()):
                continue
            if trust is None:
                unchecked += 1
                continue
            report = _judge(files.get(held.hex()), document, held == document.pdf, trust, now)
            judged += len(report.signatures)
            if report.verdict != "valid":
                findings += [Finding("copy", document.document_id.hex(), r.code, r.operator) for r in report.reasons]
    return judged, unchecked, findings


def _judge(
    content: bytes, document: DocumentView, is_newest: bool, trust: Trust, now: dt.datetime
) -> VerificationReport:
    """Judge the version held here: the newest, or the officer's own where only that one is here."""
    fields = (OFFICER_FIELD, AGENCY_FIELD) if document.agency_form and is_newest else (OFFICER_FIELD,)
    expected = Expectation(fields=fields, sha256=document.officer_pdf.hex(), length=document.officer_pdf_size)
    return verify_copy(content, trust=trust, expected=expected, now=now)


def _walk_records(connection: apsw.Connection, trust: Trust | None, now: dt.datetime) -> tuple[int, list[Finding]]:
    """Every metadata record's CAdES signatures, the officer's and the agency's, over exactly the bytes that were signed."""
    findings: list[Finding] = []
    count = 0
    records: dict[bytes, bytes] = {}
    for _, _, event in event_log.all_events(connection):
        if event.header.type not in ("record.signed", "agency.signed"):
            continue
        body = decode_body(event)
        if isinstance(body, RecordSigned):
            records[body.document_id] = body.record
            signature, kind = body.signature, "record"
        elif isinstance(body, AgencySigned) and body.record_signature:
            signature, kind = body.record_signature, "agency record"
        else:
            continue
        count += 1
        if trust is not None:
            report = verify_record(records.get(body.document_id, b""), signature, trust, now)
            findings += [Finding(kind, body.document_id.hex(), r.code, r.operator) for r in report.reasons]
    return count, findings


def _walk_acknowledgements(connection: apsw.Connection, hub: HubKnown, node: NodeId) -> tuple[int, list[Finding]]:
    findings: list[Finding] = []
    count = 0
    for inc, raw in connection.execute("SELECT inc, raw FROM acknowledgement"):
        count += 1
        try:
            check_acknowledgement(
                msgspec.msgpack.decode(bytes(raw), type=Acknowledgement), hub=hub.hub, node=node, verify=hub.verify
            )
        except (Problem, msgspec.MsgspecError) as error:
            code = error.code if isinstance(error, Problem) else "VER-107"
            findings.append(Finding("acknowledgement", bytes(inc).hex()[:8], code, type(error).__name__))
    return count, findings


def _walk_audit_mark(connection: apsw.Connection, hub: HubKnown, node: NodeId) -> list[Finding]:
    """The audit still says at the countersigned row what the hub signed: a chain written anew from its start shows here."""
    if read_state(connection, AUDIT_MARK) is None:
        return []
    mark = read_mark(connection)
    try:
        if mark is None:
            return [Finding("audit mark", "newest", "VER-107", "the mark does not read")]
        check_mark(mark, hub=hub.hub, node=node, verify=hub.verify)
    except Problem as problem:
        return [Finding("audit mark", "newest", problem.code, "not signed by our hub")]
    if head_at(connection, mark.head.rows) != mark.head:
        return [Finding("audit", str(mark.head.rows), "VER-101", "row is not the one the hub countersigned")]
    return []
