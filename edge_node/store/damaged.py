"""Files that this desk's disk damaged: which paper of which dossier each one is, and whether the hub can give it again.

A row stands from the night that found the damage until the file is here again, or the paper was scanned anew. The damaged bytes themselves stay aside in
the file store, as evidence. What the hub holds comes back by itself (edge_node/sync/healing.py); for the rest a person takes the paper again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

import apsw
import msgspec

from edge_node.capture.jobs import Job, stopped_jobs, waiting_jobs
from sync_protocol.adapters import projection
from sync_protocol.adapters.files.errors import FileDamaged
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, RecordId
from sync_protocol.view import DossierView

DAMAGED_FILES = Migration(
    "0056-damaged-files",
    "CREATE TABLE damaged_file(digest BLOB PRIMARY KEY, size INTEGER NOT NULL, found_ms INTEGER NOT NULL, at_hub INTEGER NOT NULL) STRICT, WITHOUT ROWID",
)
"""`at_hub`: the hub is believed to hold it. `size` is 0 for a scan that was not a copy yet, which nobody but this desk ever held."""
SHOWN: Final = 200
HELD: Final = "('local', 'at_hub', 'here', 'refused')"  # states of `blob` whose file is on this disk


class DamagedPaper(msgspec.Struct, frozen=True):
    """One row for people. `paper` is the component's name, "" for a printed form, whose number `form` then says."""

    digest: BlobDigest
    rid: RecordId
    code: str
    found_ms: int
    is_at_hub: bool
    paper: str = ""
    form: str = ""
    component_id: ComponentId | None = None
    document_id: DocumentId | None = None


def note_damaged(connection: apsw.Connection, digests: Iterable[BlobDigest], now_ms: int) -> list[BlobDigest]:
    """These files are not on the disk any more: the hub's are to come again, the others are lost and say so. Returns those of papers. Idempotent."""
    originals = {one.digest for job in _unfinished(connection) for one in job.task.originals}
    noted = []
    for digest in digests:
        row = connection.execute(f"SELECT size, state FROM blob WHERE digest = ? AND state IN {HELD}", (digest,)).fetchone()
        if row is None and digest not in originals:
            continue
        size, state = (as_int(row[0]), str(row[1])) if row else (0, "")
        at_hub = state in ("at_hub", "here")
        connection.execute("INSERT OR IGNORE INTO damaged_file(digest, size, found_ms, at_hub) VALUES(?,?,?,?)", (digest, size, now_ms, int(at_hub)))
        after, reason = ("remote", "") if at_hub else ("lost", FileDamaged.code)
        connection.execute("UPDATE blob SET state = ?, reason = ? WHERE digest = ?", (after, reason, digest))
        noted.append(digest)
    return noted


def is_here_again(connection: apsw.Connection, digest: bytes) -> None:
    """The file lies on this disk, whole. Idempotent."""
    connection.execute("DELETE FROM damaged_file WHERE digest = ?", (digest,))


def hub_lacks(connection: apsw.Connection, digest: BlobDigest) -> None:
    """The hub was asked and cannot give it: a person has to take the paper again. Idempotent."""
    connection.execute("UPDATE damaged_file SET at_hub = 0 WHERE digest = ?", (digest,))
    connection.execute("UPDATE blob SET state = 'lost', reason = ? WHERE digest = ? AND state = 'remote'", (FileDamaged.code, digest))


def to_fetch(connection: apsw.Connection) -> list[tuple[BlobDigest, int]]:
    """Damaged files that a hub may hold, with their sizes; those it is believed to hold first."""
    rows = connection.execute("SELECT digest, size FROM damaged_file WHERE size > 0 ORDER BY at_hub DESC, digest LIMIT ?", (SHOWN,))
    return [(BlobDigest(as_bytes(digest)), as_int(size)) for digest, size in rows]


def count_for_people(connection: apsw.Connection) -> int:
    """How many files only a person can bring back."""
    row = connection.execute("SELECT count(*) FROM damaged_file WHERE at_hub = 0").fetchone()
    return as_int(row[0]) if row else 0


def count_to_fetch(connection: apsw.Connection) -> int:
    """How many files the hub gives again."""
    row = connection.execute("SELECT count(*) FROM damaged_file WHERE at_hub = 1").fetchone()
    return as_int(row[0]) if row else 0


def needs_person(connection: apsw.Connection, rid: RecordId) -> bool:
    """Whether a paper of this dossier has to be taken again."""
    asked = "SELECT 1 FROM damaged_file d CROSS JOIN blob_reference r ON r.digest = d.digest WHERE d.at_hub = 0 AND r.rid = ?"
    return connection.execute(asked, (rid,)).fetchone() is not None


def damaged_papers(connection: apsw.Connection) -> tuple[DamagedPaper, ...]:
    """What people see, oldest first; a paper that was scanned anew meanwhile is left out."""
    rows = connection.execute("SELECT digest, found_ms, at_hub FROM damaged_file ORDER BY found_ms, digest LIMIT ?", (SHOWN,)).fetchall()
    jobs = _unfinished(connection) if rows else []
    found = (_papers(connection, BlobDigest(as_bytes(digest)), as_int(at), bool(at_hub), jobs) for digest, at, at_hub in rows)
    return tuple(one for some in found for one in some)


def forget_settled(connection: apsw.Connection) -> None:
    """Rows that mean nothing to anybody any more go: scanned anew, erased, let go. Idempotent."""
    rows = connection.execute("SELECT digest FROM damaged_file LIMIT ?", (SHOWN,)).fetchall()
    jobs = _unfinished(connection) if rows else []
    for (digest,) in rows:
        if not _papers(connection, BlobDigest(as_bytes(digest)), 0, False, jobs):
            is_here_again(connection, as_bytes(digest))


def _unfinished(connection: apsw.Connection) -> list[Job]:
    return [*waiting_jobs(connection), *stopped_jobs(connection)]


def _papers(connection: apsw.Connection, digest: BlobDigest, found_ms: int, is_at_hub: bool, jobs: list[Job]) -> list[DamagedPaper]:
    """One row for each dossier that the file belongs to."""
    of_jobs = {job.task.rid: job.task.component_id for job in jobs if any(one.digest == digest for one in job.task.originals)}
    found = []
    for rid in dict.fromkeys([*(rid for rid, _ in projection.referring(connection, digest)), *of_jobs]):
        view = projection.view_of(connection, rid)
        if view is None:
            continue
        row = DamagedPaper(digest, rid, view.code, found_ms, is_at_hub)
        named = _of_component(view, row, of_jobs[rid], None) if rid in of_jobs else _named(view, row)
        if named is not None:
            found.append(named)
    return found


def _named(view: DossierView, row: DamagedPaper) -> DamagedPaper | None:
    """Which paper of the dossier it is; None where another scan of the same component stands in its place."""
    for slip in view.slips:
        if slip.pdf == row.digest:
            return msgspec.structs.replace(row, form=slip.number or slip.form)
    for one in view.documents:
        if row.digest in (one.pdf, one.officer_pdf):
            of_same = (other for other in view.documents if other.component_id == one.component_id)
            if any(other.captured_ms > one.captured_ms for other in of_same):
                return None
            return _of_component(view, row, one.component_id, one.document_id)
    return row  # of a decision, or of a version that another one took the place of


def _of_component(view: DossierView, row: DamagedPaper, component_id: ComponentId, document_id: DocumentId | None) -> DamagedPaper:
    name = next((one.name for one in view.components if one.component_id == component_id), "")
    return msgspec.structs.replace(row, paper=name, component_id=component_id, document_id=document_id)
