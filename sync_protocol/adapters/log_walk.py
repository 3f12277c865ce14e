"""Walking a log and its files: chains, hashes, projections. Both shells stand on it, and add what is theirs."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import apsw
import msgspec

from sync_protocol.adapters import event_log
from sync_protocol.adapters.files import FileStore
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.envelope import follows, read_event
from sync_protocol.errors import Problem
from sync_protocol.ids import GENESIS, EventId, RecordId
from sync_protocol.merge import fold
from sync_protocol.view import encode_view


class Finding(msgspec.Struct, frozen=True):
    """One thing that is not as it must be. `where` is an id, never a name."""

    kind: str
    where: str
    code: str
    detail: str


def walk_lanes(connection: apsw.Connection) -> tuple[int, int, list[Finding]]:
    """(lanes, events, findings): every stored header must hash to its id, every body to its header, every chain must hold."""
    findings: list[Finding] = []
    held = {lane.lane: lane for lane in event_log.lanes(connection)}
    heads: dict[int, tuple[EventId, int]] = {lane: (GENESIS, 0) for lane in held}
    count = 0
    rows = connection.execute("SELECT lane, seq, id, header, body FROM event ORDER BY lane, seq")
    for lane, seq, identifier, header, body in rows:
        count += 1
        where = f"{held[lane].node}/{seq}"
        try:
            event = read_event(header, body)
        except Problem as problem:
            findings.append(Finding("event", where, problem.code, problem.operator_line))
            continue
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


def walk_views(connection: apsw.Connection) -> tuple[int, list[Finding]]:
    """(dossiers, findings): every stored view must be what its events fold to (I15)."""
    findings = []
    rows = connection.execute("SELECT rid, view FROM dossier ORDER BY rid").fetchall()
    for raw, view in rows:
        rid = RecordId(as_bytes(raw))
        try:
            is_equal = encode_view(fold(rid, event_log.events_of(connection, rid))) == as_bytes(view)
        except (Problem, msgspec.MsgspecError) as error:  # a header that cannot even be read
            findings.append(Finding("dossier", rid.hex(), "VER-105", type(error).__name__))
            continue
        if not is_equal:
            findings.append(Finding("dossier", rid.hex(), "VER-105", "stored view differs from its events"))
    return len(rows), findings


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
