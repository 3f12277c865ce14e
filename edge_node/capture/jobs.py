"""Capture jobs: a component's files on their way to a signed copy, remembered so that a crash costs time and nothing else.

A job is `waiting` from the moment the officer handed the files over (they are sealed and fsynced by then) until its events are saved, in one
transaction, as `done`. A job that cannot go on is `stopped` with a reason a clerk can act on; the next job goes on (N6).
A job whose token was pulled out is *held*: it waits with its reason, and goes on by itself once its officer has typed the PIN again.
"""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import msgspec

from edge_node.capture import errors, file_errors
from edge_node.capture.originals import Original, Pick
from sync_protocol.errors import Problem
from sync_protocol.ids import ComponentId, RecordId


class CaptureTask(msgspec.Struct, frozen=True):
    """What the officer asked for: which files make which component, how many pages were counted on the desk."""

    rid: RecordId
    component_id: ComponentId
    document_id: bytes
    originals: tuple[Original, ...]
    declared_pages: int
    note_pages: tuple[int, ...]
    officer: str
    profile: str = "desk"
    captured_ms: int = 0
    picks: tuple[Pick, ...] = ()  # as arranged in the tray; none: all pages of all files in the order they came


class Job(msgspec.Struct, frozen=True):
    """A task with its fate."""

    id: bytes
    task: CaptureTask
    state: str
    problem: str
    sentence: str
    attempts: int

    @property
    def is_final(self) -> bool:
        """What stopped it lies in the files or in the count: another try would end the same."""
        return self.problem in _FINAL


_FINAL = frozenset(
    one.code
    for one in (
        file_errors.EmptyFile, file_errors.UnknownKind, file_errors.FileTooLarge, file_errors.DamagedFile, file_errors.EncryptedFile,
        file_errors.ActiveContent, file_errors.TooManyPages, file_errors.ImageTooBig, file_errors.ImageTooSmall, file_errors.MixedKinds,
        file_errors.AnimatedImage, errors.TrayMismatch, errors.ClassifiedPaper, errors.BelowScanStandard,
    )
)  # fmt: skip

_decode = msgspec.msgpack.Decoder(CaptureTask).decode
_COLUMNS = "id, task, state, problem, sentence, attempts"


def put_job(connection: apsw.Connection, job_id: bytes, task: CaptureTask, now_ms: int) -> None:
    """Remember a task. Idempotent for the same id."""
    connection.execute(
        "INSERT OR IGNORE INTO capture_job(id, rid, component_id, state, task, made_ms, changed_ms) VALUES(?,?,?,'waiting',?,?,?)",
        (job_id, task.rid, task.component_id, msgspec.msgpack.encode(task), now_ms, now_ms),
    )


def waiting_jobs(connection: apsw.Connection) -> list[Job]:
    """Jobs still to do, oldest first; after a crash this is where work goes on."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM capture_job WHERE state = 'waiting' ORDER BY made_ms, id")
    return [_job(row) for row in rows]


def stopped_jobs(connection: apsw.Connection) -> list[Job]:
    """Jobs that need a person."""
    rows = connection.execute(f"SELECT {_COLUMNS} FROM capture_job WHERE state = 'stopped' ORDER BY changed_ms DESC")
    return [_job(row) for row in rows]


def all_jobs(connection: apsw.Connection) -> Iterator[Job]:
    """Every job that ever was, whatever became of it."""
    return (_job(row) for row in connection.execute(f"SELECT {_COLUMNS} FROM capture_job"))


def finish_job(connection: apsw.Connection, job_id: bytes, now_ms: int) -> None:
    """The job's events are saved in this same transaction."""
    connection.execute(
        "UPDATE capture_job SET state = 'done', problem = '', sentence = '', changed_ms = ? WHERE id = ?",
        (now_ms, job_id),
    )


def stop_job(connection: apsw.Connection, job_id: bytes, problem: Problem, now_ms: int) -> None:
    """The job waits for a person; its files stay."""
    connection.execute(
        "UPDATE capture_job SET state = 'stopped', problem = ?, sentence = ?, attempts = attempts + 1, changed_ms = ? WHERE id = ? AND state = 'waiting'",
        (problem.code, f"{problem.clerk_sentence} {problem.clerk_next_step}", now_ms, job_id),
    )


def hold_job(connection: apsw.Connection, job_id: bytes, problem: Problem, now_ms: int) -> None:
    """The job waits for its officer's key to be opened again, and says why."""
    connection.execute(
        "UPDATE capture_job SET problem = ?, sentence = ?, attempts = attempts + 1, changed_ms = ? WHERE id = ? AND state = 'waiting'",
        (problem.code, f"{problem.clerk_sentence} {problem.clerk_next_step}", now_ms, job_id),
    )


def held_jobs(connection: apsw.Connection) -> list[Job]:
    """Jobs that wait with a reason: their officer has to open the key again."""
    return [job for job in waiting_jobs(connection) if job.problem]


def retry_job(connection: apsw.Connection, job_id: bytes, now_ms: int) -> None:
    """A person wants it tried again; what stopped it is over until it stops again."""
    connection.execute(
        "UPDATE capture_job SET state = 'waiting', problem = '', sentence = '', changed_ms = ? WHERE id = ? AND state = 'stopped'",
        (now_ms, job_id),
    )


def withdraw_job(connection: apsw.Connection, job_id: bytes, now_ms: int) -> Job | None:
    """Take back a job that is not done: its pages go to the tray again, or its images were erased. None: there is no such job."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM capture_job WHERE id = ?", (job_id,)).fetchone()
    if row is None or row[2] not in ("waiting", "stopped"):
        return None
    connection.execute("UPDATE capture_job SET state = 'withdrawn', changed_ms = ? WHERE id = ?", (now_ms, job_id))
    return _job(row)


def is_done(connection: apsw.Connection, job_id: bytes) -> bool:
    """Whether nothing is to be done any more: its events are saved, or it was taken back."""
    row = connection.execute("SELECT state FROM capture_job WHERE id = ?", (job_id,)).fetchone()
    return row is not None and row[0] in ("done", "withdrawn")


def _job(row: tuple[object, ...]) -> Job:
    job_id, task, state, problem, sentence, attempts = row
    return Job(bytes(job_id), _decode(task), str(state), str(problem), str(sentence), int(attempts))  # type: ignore[call-overload,arg-type]
