"""Walking a log and its files: chains, hashes, projections. Both shells stand on it, and add what is theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import apsw
import msgspec

from sync_protocol.acts import act_id
from sync_protocol.adapters import erasures, event_log, stored_views
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.folded import document_row, folded_from, read_keys
from sync_protocol.adapters.projection_rows import PAPERS_OF_ONE, ROW_COLUMNS
from sync_protocol.adapters.sqlite.rows import Row, as_bytes
from sync_protocol.envelope import Event, follows, read_event
from sync_protocol.errors import Problem
from sync_protocol.ids import GENESIS, ActId, EventId, RecordId


class Finding(msgspec.Struct, frozen=True):
    """One thing that is not as it must be. `where` is an id, never a name."""

    kind: str
    where: str
    code: str
    detail: str


class ErasedByOrder(msgspec.Struct, frozen=True):
    """How many bodies one order of the hub took away here: no damage, and said so."""

    order: str
    bodies: int


def walk_erased(connection: apsw.Connection) -> tuple[ErasedByOrder, ...]:
    """Orders in force here with the number of stored events whose body they took, by number."""
    counts: dict[str, int] = {}
    for one in erasures.erasures(connection):
        events = event_log.events_of(connection, one.rid)
        gone = sum(1 for event in events if event.body is None and act_id(event.header) == one.act)
        counts[one.number] = counts.get(one.number, 0) + gone
    return tuple(ErasedByOrder(number, count) for number, count in sorted(counts.items()))


def walk_lanes(connection: apsw.Connection) -> tuple[int, int, list[Finding]]:
    """(lanes, events, findings): every stored header must hash to its id, every body to its header, every chain must hold.

    A body may only be missing by an order (`erasures`), and then in every copy.
    """
    ordered = {one.act for one in erasures.erasures(connection)}
    findings: list[Finding] = []
    held = {lane.lane: lane for lane in event_log.lanes(connection)}
    heads: dict[int, tuple[EventId, int]] = {lane: (GENESIS, 0) for lane in held}
    count = 0
    for lane, seq, identifier, header, body in event_log.stored_rows(connection):
        count += 1
        if lane not in held:
            findings.append(Finding("event", f"{lane}/{seq}", "VER-103", "no lane of this number"))
            continue
        where = f"{held[lane].node}/{seq}"
        try:
            event = read_event(header, body)
        except Problem as problem:
            findings.append(Finding("event", where, problem.code, problem.operator_line))
            continue
        findings += _body_findings(event, ordered, where)
        if event.id != identifier:
            findings.append(Finding("event", where, "VER-102", "stored id is not the header's hash"))
        previous, previous_seq = heads[lane]
        is_whole_lane = held[lane].kind in ("own", "retired", "peer")
        if is_whole_lane and not follows(previous, previous_seq, event):
            findings.append(Finding("event", where, "VER-103", "chain broken"))
        heads[lane] = (event.id, event.header.seq)
    for lane, (head, seq) in heads.items():
        if held[lane].kind in ("own", "retired", "peer") and (held[lane].head.id, held[lane].head.seq) != (head, seq):
            findings.append(Finding("lane", held[lane].node, "VER-104", "head row does not name the last event"))
    return len(held), count, findings


def _body_findings(event: Event, ordered: set[ActId], where: str) -> list[Finding]:
    if event.body is None and act_id(event.header) not in ordered:
        return [Finding("event", where, "VER-108", "body missing without an order")]
    if event.body is not None and ordered and act_id(event.header) in ordered:
        return [Finding("event", where, "VER-109", "body still here although an order took it away")]
    return []


def walk_views(connection: apsw.Connection) -> tuple[int, list[Finding]]:
    """(dossiers, findings): every stored view must be what its events fold to (I15), and every column beside it what this program makes of them."""
    findings = []
    rows = connection.execute(f"SELECT {', '.join(ROW_COLUMNS)} FROM dossier ORDER BY rid").fetchall()
    for row in rows:
        rid = RecordId(as_bytes(row[0]))
        try:
            wrong = _wrong_in(connection, rid, row)
        except (Problem, msgspec.MsgspecError) as error:  # a header that cannot even be read
            wrong = type(error).__name__
        if wrong:
            findings.append(Finding("dossier", rid.hex(), "VER-105", wrong))
    return len(rows), findings


def _wrong_in(connection: apsw.Connection, rid: RecordId, row: Row) -> str:
    """What of a dossier's row and the rows of its papers is not what its events make; empty when all is."""
    events = event_log.events_of(connection, rid)
    made = folded_from(rid, events)
    held, due = (dict(zip(ROW_COLUMNS, one, strict=True)) for one in (row, made.row))
    view = as_bytes(held.pop("view"))
    if view != due.pop("view") and not stored_views.is_true(rid, view, events):
        return "stored view differs from its events"
    keys = set(read_keys(str(held.pop("keys"))))
    wrong = [name for name in held if held[name] != due[name]]
    wrong += ["keys"] * (keys != set(made.keys))
    papers = {tuple(one) for one in connection.execute(PAPERS_OF_ONE, (rid,)).fetchall()}
    wrong += ["papers"] * (papers != {document_row(rid, paper) for paper in made.documents})
    return f"columns differ from its events: {', '.join(wrong)}" if wrong else ""


def walk_files(files: FileStore, digests: Iterable[bytes]) -> tuple[int, list[Finding]]:
    """(files, findings): every file must be readable and hash to its address."""
    findings = []
    count = 0
    for digest in digests:
        count += 1
        try:
            if hashlib.sha256(files.get(digest.hex())).digest() != digest:
                findings.append(Finding("file", digest.hex()[:16], "VER-106", "content is not its address"))
        except Problem as problem:
            findings.append(Finding("file", digest.hex()[:16], problem.code, problem.operator_line))
    return count, findings
