"""The desk's nightly look through its own files: what its disk damaged is set aside and comes again, from the desk's backup, from the hub, or from paper.

How a look goes on from night to night, and how every file is read within a round: sync_protocol/adapters/files/scrubbing.py, which the hub uses as well. A desk
is switched off in the evening, so a look is due a day after the last one by the database, whenever that is, and rests between two files: people are working.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Final

import apsw
import structlog

from edge_node.capture.jobs import stopped_jobs, waiting_jobs
from edge_node.existence.known import TAKEN_MS
from edge_node.store.damaged import (
    HELD,
    count_for_people,
    count_to_fetch,
    damaged_papers,
    forget_settled,
    note_damaged,
)
from edge_node.store.node_store import NodeStore, read_state, write_number, write_state
from edge_node.sync.wished import wish
from sync_protocol.adapters.backup.making import open_pool
from sync_protocol.adapters.backup.manifest import POOL
from sync_protocol.adapters.checkup import Line, State
from sync_protocol.adapters.files.errors import FileDamaged, FileProblem
from sync_protocol.adapters.files.scrubbing import (
    NIGHT_MS,
    NIGHTS,
    Look,
    Named,
    Round,
    is_due,
    look_through,
    read_round,
    time_for,
    written_round,
)
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import FileStore, always
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.calendar import VIETNAM
from sync_protocol.ids import BlobDigest

if TYPE_CHECKING:
    from edge_node.app import Node

_log = structlog.get_logger(__name__)
ROUND: Final = "files_round"
LOOK_S: Final = 60.0
AGAIN_S: Final = 900.0
NIGHT_S: Final = 1_800.0  # what a look has not ended, the next ones make up for
PAUSE_S: Final = 0.02
LATE: Final = 2  # rounds


def _beside(connection: apsw.Connection) -> Iterable[bytes]:
    """Few, and not in the table of papers: files of the index, scans that are not copies yet."""
    yield from (as_bytes(digest) for (digest,) in connection.execute("SELECT digest FROM existence_file"))
    yield from (one.digest for job in (*waiting_jobs(connection), *stopped_jobs(connection)) for one in job.task.originals)


_NAMED = Named(f"SELECT digest FROM blob WHERE state IN {HELD}", _beside)


def round_of(connection: apsw.Connection) -> Round:
    """Where the looks stand."""
    return read_round(read_state(connection, ROUND))


def look_through_files(
    store: NodeStore, files: FileStore, now_ms: int, *, spare: FileStore | None = None, goes_on: Callable[[], bool] = always
) -> Look:
    """One look; what is damaged comes back from `spare` (the desk's backups) at once, or stands as damaged. Repeating it is harmless.

    Raises:
        FileStoreUnavailable, StorageProblem.
    """
    seen = look_through(files, store.readers, _NAMED, store.readers.run(round_of), now_ms, goes_on=goes_on)
    gone = [one for one in seen.lost if not _came_from(spare, files, one)]

    def keep(connection: apsw.Connection) -> list[BlobDigest]:
        write_state(connection, ROUND, written_round(seen.round))
        wish(connection, gone)  # an office without a line asks for them on its next stick
        if any(connection.execute("SELECT 1 FROM existence_file WHERE digest = ?", (one,)).fetchone() for one in gone):
            write_number(connection, TAKEN_MS, 0)  # the index is taken anew at the next greeting
        return note_damaged(connection, gone, now_ms)

    noted = set(store.writer.run(keep))
    _say(store, noted, seen.lost)
    return seen


def _came_from(spare: FileStore | None, files: FileStore, digest: BlobDigest) -> bool:
    try:
        if spare is None or not spare.has(digest.hex()):
            return False
        files.put(spare.get(digest.hex()))
    except FileProblem as problem:
        _log.warning("files.not_in_backup", code=problem.code)
        return False
    _log.info("files.from_backup", digest=digest.hex()[:16])
    return True


def _say(store: NodeStore, noted: set[BlobDigest], lost: Iterable[BlobDigest]) -> None:
    """One line for the operator about each paper: ids only."""
    papers = [one for one in store.readers.run(damaged_papers) if one.digest in noted] if noted else []
    for one in papers:
        _log.error(
            "files.damaged", code=FileDamaged.code, digest=one.digest.hex()[:16], dossier=one.rid.hex(),
            document=one.document_id.hex() if one.document_id else "", at_hub=one.is_at_hub,
        )  # fmt: skip
    for digest in set(lost) - {one.digest for one in papers}:
        _log.error("files.damaged", code=FileDamaged.code, digest=digest.hex()[:16])


def spare_of(node: Node) -> FileStore | None:
    """The files of this desk's backups; None where none were made, or their disk is not there."""
    root = node.folder.root / node.settings.backup.folder
    return open_pool(root, Sealing(node.keys.files_key, node.keys.names_key)) if (root / POOL).is_dir() else None


async def keep_files(node: Node, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
    """Look through this day's share of the files once a day, until cancelled. No line is needed for it."""
    store = node.store
    while True:
        await sleep(LOOK_S)
        if await store.readers.run_async(count_for_people):
            await store.writer.run_async(forget_settled)
        now_ms = node.desk.now_ms()
        if not is_due(await store.readers.run_async(round_of), now_ms):
            continue
        try:
            with time_for(NIGHT_S, PAUSE_S) as goes_on:
                seen = await asyncio.to_thread(look_through_files, store, node.files, now_ms, spare=spare_of(node), goes_on=goes_on)
            _log.info("files.scrubbed", checked=seen.checked, lost=len(seen.lost))
        except FileProblem as problem:
            _log.error("files.unscrubbed", code=problem.code, detail=problem.operator_line)
            await sleep(AGAIN_S)


def check_files(connection: apsw.Connection, now: dt.datetime) -> Line:
    """When the files were read again, and what was damaged."""
    name, held, now_ms = "Tệp đã lưu", round_of(connection), now.timestamp() * 1000
    lost, fetching = count_for_people(connection), count_to_fetch(connection)
    said = "chưa đọc lại lượt nào" if not held.whole_ms else f"mọi tệp đã đọc lại đủ một vòng, bắt đầu {dt.datetime.fromtimestamp(held.whole_ms / 1000, VIETNAM):%d/%m/%Y}"
    if lost:
        return Line(name, State.BROKEN, f"{lost} tệp hỏng mà trung tâm không có (mã {FileDamaged.code}); {said}", "Mở trang Hàng chờ gửi: quét lại từng giấy tờ nêu ở đó. Kiểm tra ổ đĩa: smartctl -a.")
    if fetching:
        return Line(name, State.SOON, f"{fetching} tệp hỏng đang lấy lại từ trung tâm (mã {FileDamaged.code}); {said}", "Nối mạng, hoặc đi một chuyến USB. Kiểm tra ổ đĩa: smartctl -a.")
    since = held.whole_ms or held.begun_ms
    if since and now_ms - since > LATE * NIGHTS * NIGHT_MS:
        return Line(name, State.SOON, f"quá {LATE * NIGHTS} ngày chưa đọc lại hết các tệp; {said}", "Để máy chạy lâu hơn mỗi ngày; ổ đĩa quá chậm thì thay ổ đĩa.")
    return Line(name, State.WELL, said)
