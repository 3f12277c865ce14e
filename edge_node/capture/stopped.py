"""What becomes of a capture job that stopped: its pages lie in the tray again, or it leaves the lists because the paper is scanned anew.

Invariant: the files as they came stay sealed, and the tray's rows know them.
"""

from __future__ import annotations

import apsw
import msgspec

from edge_node.capture.errors import PileGone
from edge_node.capture.jobs import Job, withdraw_job
from edge_node.capture.piles import Pile, TrayFile, pile_of_job, put_file, put_pile
from edge_node.capture.tray import remove
from edge_node.desk import Desk
from edge_node.store.ledger import Act
from sync_protocol.adapters import projection
from sync_protocol.ids import RecordId


def reopen(desk: Desk, officer: str, job_id: bytes) -> Pile:
    """Lay the pages of a stopped job into the tray again; the job ends. Files that never were in the tray come into it for their paper.

    Raises:
        PileGone: CAP-028, the job was signed or taken back meanwhile.
    """
    desk.officers.get(officer, "intake")
    found: list[Pile] = []

    def work(connection: apsw.Connection) -> None:
        job = _withdrawn(desk, connection, job_id)
        pile = pile_of_job(connection, job_id) or _pile_for(desk, connection, job)
        found.append(msgspec.structs.replace(pile, state="open", job=None))
        put_pile(connection, found[-1], desk.now_ms())

    desk.ledger.save(Act(officer, "intake", "tray_reopen"), [], also=work)
    return found[-1]


def put_aside(desk: Desk, officer: str, job_id: bytes) -> RecordId:
    """Take a stopped job off every list, its paper is scanned anew; its dossier. The files stay sealed; a pile can be taken back in the tray.

    Raises:
        PileGone: CAP-028, the job was signed or taken back meanwhile.
    """
    desk.officers.get(officer, "intake")
    found: list[RecordId] = []

    def work(connection: apsw.Connection) -> None:
        job = _withdrawn(desk, connection, job_id)
        found.append(job.task.rid)
        pile = pile_of_job(connection, job_id)
        if pile is None:
            for file in _files_of(desk, job):
                put_file(connection, msgspec.structs.replace(file, state="discarded", problem=job.problem, sentence=job.sentence))
            return
        tray = pile.tray
        for page in tray.pages:
            tray = remove(tray, page.page_id, reason="bad")
        put_pile(connection, msgspec.structs.replace(pile, state="discarded", tray=tray, job=None), desk.now_ms())

    desk.ledger.save(Act(officer, "intake", "tray_discard"), [], also=work)
    return found[-1]


def _withdrawn(desk: Desk, connection: apsw.Connection, job_id: bytes) -> Job:
    job = withdraw_job(connection, job_id, desk.now_ms())
    if job is None:
        raise PileGone(pile=job_id.hex()[:8])
    return job


def _pile_for(desk: Desk, connection: apsw.Connection, job: Job) -> Pile:
    """An empty pile of the job's paper, and its files on their way into it."""
    task = job.task
    view = projection.view_of(connection, task.rid)
    part = view.component(task.component_id) if view is not None else None
    pile = Pile(
        id=desk.new_id(), source="upload", rid=task.rid, component_id=task.component_id,
        submitted_form=part.submitted_form if part is not None and part.submitted_form else "original",
        declared_pages=task.declared_pages, note_pages=task.note_pages, made_ms=desk.now_ms(),
    )  # fmt: skip
    for file in _files_of(desk, job):
        put_file(connection, msgspec.structs.replace(file, pile=pile.id))
    return pile


def _files_of(desk: Desk, job: Job) -> list[TrayFile]:
    """The files of a job that was handed in without the tray, as the tray keeps files."""
    return [
        TrayFile(id=desk.new_id(), digest=one.digest, name=one.name, source="upload", officer=job.task.officer, at_ms=job.task.captured_ms)
        for one in job.task.originals
    ]
