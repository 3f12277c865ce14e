"""From a pile to a capture job; erasing what must not be here.

Invariant: a pile whose images do not match what was counted on the desk never becomes a job, so it is never signed.

Source: QĐ 1333/QĐ-BHXH Điều 5.4 (classified papers), 8.2c (the count blocks signing).
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import apsw
import msgspec

from edge_node.capture.errors import PileGone, PileUnassigned
from edge_node.capture.jobs import CaptureTask, put_job, withdraw_job
from edge_node.capture.originals import Original, Pick
from edge_node.capture.piles import (
    Pile,
    PileState,
    any_pile,
    discarded_before,
    drop_pictures,
    file_and_frame,
    file_of,
    open_pile,
    piles_in,
    put_file,
    put_pile,
)
from edge_node.capture.tray import Tray, TrayPage, note_page_numbers, reconcile
from edge_node.capture.watch_folder import TAKEN
from edge_node.desk import Desk
from edge_node.intake.service import Choice, component_of, declare, dossier
from edge_node.store.ledger import Act

_HOLDING: tuple[PileState, ...] = ("open", "discarded", "handed_in")
DISCARDED_KEPT_MS = 30 * 86_400_000
_STOPPED_SCAN = "Quét dừng giữa chừng vì điểm khởi động lại. Các ảnh đã nhận vẫn còn trong khay."


def hand_in_pile(desk: Desk, officer: str, pile_id: bytes) -> bytes:
    """Make a pile a capture job of its component: counted now, durable when this returns; the job's id.

    Raises:
        PileGone, PileUnassigned, TrayMismatch: CAP-028, CAP-029, CAP-020.
        UnknownDossier, UnknownComponent.
    """
    desk.officers.get(officer, "intake")
    pile = desk.store.readers.run(lambda c: open_pile(c, pile_id))
    _require_ready(pile)
    assert pile.rid is not None and pile.component_id is not None
    notes = note_page_numbers(pile.tray)
    part = component_of(dossier(desk, pile.rid), pile.component_id)
    if (
        part.decision != "digitize"
        or part.declared_pages != pile.declared_pages
        or part.submitted_form != pile.submitted_form
    ):
        declare(
            desk, officer, pile.rid, part,
            Choice(decision="digitize", submitted_form=pile.submitted_form, declared_pages=pile.declared_pages, note_pages=notes),
        )  # fmt: skip
    job_id, document_id, now = desk.new_id(), desk.new_id(), desk.now_ms()

    def work(connection: apsw.Connection) -> None:
        current = open_pile(connection, pile_id)
        if current != pile:
            _require_ready(current)
        originals, picks = _picked(connection, current.tray.pages)
        assert current.rid is not None and current.component_id is not None
        task = CaptureTask(
            current.rid, current.component_id, document_id, originals, current.declared_pages, note_page_numbers(current.tray), officer,
            captured_ms=now, picks=picks,
        )  # fmt: skip
        put_job(connection, job_id, task, now)
        put_pile(connection, msgspec.structs.replace(current, state="handed_in", job=job_id, is_scanning=False), now)

    desk.ledger.save(Act(officer, "intake", "hand_in"), [], also=work)
    return job_id


def _require_ready(pile: Pile) -> None:
    shown = pile.id.hex()[:8]
    if pile.rid is None or pile.component_id is None:
        raise PileUnassigned(missing="hồ sơ và giấy tờ mà nó thuộc về", lacks="component", pile=shown)
    if not pile.declared_pages:
        raise PileUnassigned(missing="số trang đếm trên bàn", lacks="page count", pile=shown)
    reconcile(pile.tray, pile.declared_pages, len(pile.note_pages)).require_complete()


def _picked(connection: apsw.Connection, pages: Sequence[TrayPage]) -> tuple[tuple[Original, ...], tuple[Pick, ...]]:
    """The files of the pages, each once, and where each page is in them."""
    originals: dict[bytes, Original] = {}
    picks = []
    for page in pages:
        file_id, frame = file_and_frame(page.page_id)
        file = file_of(connection, file_id)
        if file is None:
            raise PileGone(pile=file_id.hex()[:8])
        originals.setdefault(file_id, Original(file.digest, file.name))
        picks.append(Pick(list(originals).index(file_id), frame, page))
    return tuple(originals.values()), tuple(picks)


def erase_pile(desk: Desk, officer: str, pile_id: bytes, watch_folder: Path | None = None) -> int:
    """Erase a pile that shows a classified paper: pictures, pages and the files they came in; how many files went.

    Pages of other piles that came in the same files go with them. The rows that a file was here stay, without its content.

    Raises:
        PileGone: CAP-028.
    """
    desk.officers.get(officer, "intake")

    def files_in_it(connection: apsw.Connection) -> set[bytes]:
        pile = open_pile(connection, pile_id)
        pages = (*pile.tray.pages, *(one.page for one in pile.tray.removed))
        return {file_and_frame(page.page_id)[0] for page in pages}

    count = _erase(desk, officer, desk.store.readers.run(files_in_it), watch_folder)

    def close(connection: apsw.Connection) -> None:
        pile = any_pile(connection, pile_id)
        if pile is not None:
            put_pile(connection, msgspec.structs.replace(pile, state="discarded"), desk.now_ms())

    desk.store.writer.run(close)
    return count


def erase_job(desk: Desk, officer: str, job_id: bytes, watch_folder: Path | None = None) -> int:
    """Erase the files of a capture job that stopped because its paper bears a secrecy stamp; how many went. Raises PileGone."""
    desk.officers.get(officer, "intake")
    job = desk.store.writer.run(lambda c: withdraw_job(c, job_id, desk.now_ms()))
    if job is None:
        raise PileGone(pile=job_id.hex()[:8])
    digests = {one.digest for one in job.task.originals}
    known = {file_and_frame(pick.page.page_id)[0] for pick in job.task.picks}
    count = _erase(desk, officer, known, watch_folder)
    for digest in digests:
        desk.files.remove(digest.hex())
    return count or len(digests)


def _erase(desk: Desk, officer: str, files: set[bytes], watch_folder: Path | None) -> int:
    erased: list[tuple[str, str, str]] = []

    def work(connection: apsw.Connection) -> None:
        for state in _HOLDING:
            for pile in piles_in(connection, state):
                left = _without(pile.tray, files)
                if left != pile.tray:
                    put_pile(connection, msgspec.structs.replace(pile, tray=left), desk.now_ms())
        for file_id in files:
            file = file_of(connection, file_id)
            if file is not None:
                drop_pictures(connection, _pages_of(connection, file_id))
                put_file(connection, msgspec.structs.replace(file, state="erased", name=""))
                erased.append((file.digest.hex(), file.source, file.place))

    desk.ledger.save(Act(officer, "intake", "tray_erase_classified"), [], also=work)
    for digest, source, place in erased:
        desk.files.remove(digest)
        if source == "folder" and watch_folder is not None:
            (watch_folder / TAKEN / place).unlink(missing_ok=True)
    return len(erased)


def _without(tray: Tray, files: set[bytes]) -> Tray:
    return Tray(
        tuple(page for page in tray.pages if file_and_frame(page.page_id)[0] not in files),
        tuple(one for one in tray.removed if file_and_frame(one.page.page_id)[0] not in files),
    )


def _pages_of(connection: apsw.Connection, file_id: bytes) -> list[str]:
    return [str(row[0]) for row in connection.execute("SELECT page_id FROM tray_page WHERE file = ?", (file_id,))]


def tidy(desk: Desk, *, is_start: bool = False) -> None:
    """Drop pictures nobody needs: of signed copies, and of piles discarded a month ago. At the start, end scans that a crash cut off."""
    now = desk.now_ms()

    def work(connection: apsw.Connection) -> None:
        for pile in piles_in(connection, "handed_in"):
            row = connection.execute("SELECT state FROM capture_job WHERE id = ?", (pile.job,)).fetchone()
            if row is not None and row[0] == "done":
                drop_pictures(connection, [page.page_id for page in pile.tray.pages])
                drop_pictures(connection, [one.page.page_id for one in pile.tray.removed])
                put_pile(connection, msgspec.structs.replace(pile, state="done"), now)
        for found in discarded_before(connection, now - DISCARDED_KEPT_MS):
            drop_pictures(connection, [one.page.page_id for one in found.tray.removed])
        if is_start:
            for pile in piles_in(connection, "open"):
                if pile.is_scanning:
                    put_pile(
                        connection,
                        msgspec.structs.replace(pile, is_scanning=False, problem="CAP-032", sentence=_STOPPED_SCAN),
                        now,
                    )

    desk.store.writer.run(work)
