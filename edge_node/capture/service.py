"""From files to a signed, read copy: decode → count → read → PDF/A → personal signature → proposals → events.

The order is the law's: the personal signature comes before anything is extracted (QĐ 1333/QĐ-BHXH Điều 8.1); reading the page only makes the
file searchable. Everything slow happens before the one transaction that saves; killed anywhere, the job starts again.
"""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import apsw
import structlog

from edge_node.capture.digitization import refuse_secret_stamp
from edge_node.capture.errors import CaptureBroke
from edge_node.capture.jobs import CaptureTask, Job, finish_job, hold_job, is_done, put_job, stop_job, waiting_jobs
from edge_node.capture.known_names import gazetteer_of
from edge_node.capture.originals import count, gather, keep, straightened
from edge_node.capture.proposals import recorded
from edge_node.capture.quality import Capture, findings, label, require_standard
from edge_node.capture.untrusted import DecodedPage
from edge_node.desk import Desk
from edge_node.errors import KeyNotOpen
from edge_node.extraction.model import DocumentProposal
from edge_node.intake.service import component_of, dossier
from edge_node.recognition.model import DocumentReading, PageReading, Unreadable
from edge_node.signing.errors import ClockBehind, TokenGone
from edge_node.signing.keys import SigningKey
from edge_node.store.ledger import Act, Draft
from sync_protocol.bodies import CopyCaptured, Party
from sync_protocol.calendar import vietnam_date
from sync_protocol.card_qr import CardQr, read_card_qr
from sync_protocol.catalogue import in_force
from sync_protocol.errors import Problem
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId, RecordId

if TYPE_CHECKING:
    from edge_node.copies.model import CopyPage

_log = structlog.get_logger(__name__)
_LEAN_BYTES_PER_M2 = 4_000_000  # 250 KB on an A4 page: what the desk profile aims at
_SAVING_WORTH = 0.9  # a second encoding costs sharpness, so it must make a page this much smaller at least


def hand_in(
    desk: Desk,
    officer: str,
    rid: RecordId,
    component_id: ComponentId,
    contents: Sequence[tuple[str, bytes]],
    *,
    declared_pages: int,
    note_pages: Sequence[int] = (),
) -> bytes:
    """Take a component's files: sealed and durable when this returns; the job's id. The slow work follows by `work_off`.

    Raises:
        UploadsRefused, StorageReadOnly: the disk is short of room. Problem: officer, dossier or component unknown, or the store is full.
    """
    desk.require_room()
    desk.officers.get(officer, "intake")
    component_of(dossier(desk, rid), component_id)
    originals = keep(desk.files, contents)
    job_id = desk.new_id()
    task = CaptureTask(
        rid,
        component_id,
        desk.new_id(),
        originals,
        declared_pages,
        tuple(note_pages),
        officer,
        captured_ms=desk.now_ms(),
    )
    desk.ledger.save(Act(officer, "intake", "hand_in"), [], also=lambda c: put_job(c, job_id, task, desk.now_ms()))
    return job_id


def work_off(
    desk: Desk,
    key_of: Callable[[str], SigningKey],
    told: Callable[[Job, Problem | None], None] = lambda *_: None,
    *,
    may: Callable[[str], bool] = lambda officer: True,
) -> int:
    """Do every waiting job of the officers who `may`; returns how many copies were saved. `key_of` gives an officer's opened key.

    While more of them wait than the office has set, pages are read in a hurry. A job of anybody else stays as it is. Where a token is pulled
    out, its paper and those of its officer that follow wait for the PIN; nobody else's do.
    """
    done = 0
    waiting = [job for job in desk.store.readers.run(waiting_jobs) if may(job.task.officer)]
    for position, job in enumerate(waiting):
        try:
            _capture(desk, job, key_of(job.task.officer), hurry=is_hurry(desk.fast_above, len(waiting) - position))
            done += 1
            told(job, None)
        except KeyNotOpen as problem:
            told(job, problem)
        except TokenGone as problem:
            _set_aside(desk, job, problem, hold_job)
            told(job, problem)
        except Problem as problem:
            _set_aside(desk, job, problem, stop_job)
            told(job, problem)
        except Exception as error:  # one paper that nobody foresaw must not stand before all that come after it, at every start
            broke = CaptureBroke(kind=type(error).__name__)
            _log.error(broke.event, code=broke.code, exc_info=error)
            _set_aside(desk, job, broke, stop_job)
            told(job, broke)
    return done


def _set_aside(
    desk: Desk, job: Job, problem: Problem, how: Callable[[apsw.Connection, bytes, Problem, int], None]
) -> None:
    desk.ledger.save(
        Act(job.task.officer, "intake", "capture_stopped"), [], also=lambda c: how(c, job.id, problem, desk.now_ms())
    )


def is_hurry(fast_above: int, waiting: int) -> bool:
    """Whether the fast reader takes over while so many papers wait; never when the office has set 0.

    >>> is_hurry(0, 500), is_hurry(20, 20), is_hurry(20, 21)
    (False, False, True)
    """
    return 0 < fast_above < waiting


def _capture(desk: Desk, job: Job, key: SigningKey, *, hurry: bool) -> None:
    from edge_node.copies.writer import make_copy
    from edge_node.signing.personal import sign_capture

    task = job.task
    captured_at = dt.datetime.fromtimestamp(task.captured_ms / 1000, dt.timezone(dt.timedelta(hours=7)))
    with _Stopwatch(desk, "decode"):
        gathered = gather(desk.files, task.originals, desk.sandbox, picks=task.picks)
        count(gathered, task.declared_pages, task.note_pages)
        gathered = straightened(gathered)
    turns = [one.turns for one in gathered.tray.pages]
    doubts = _hold_standard(gathered.pages)
    with _Stopwatch(desk, "recognition"):
        reading = DocumentReading(
            tuple(
                desk.reading.read_page(page.content, page.dpi or 200, turns=turned, hurry=hurry)
                for page, turned in zip(gathered.pages, turns, strict=True)
            )
        )
    refuse_secret_stamp([line.text for _, page in reading.readable() for line in page.lines])
    view = dossier(desk, task.rid)
    if task.captured_ms < view.received_ms:  # a signature of that time would be held at the hub (VER-023)
        raise ClockBehind(behind_s=(view.received_ms - task.captured_ms) // 1000)
    component = component_of(view, task.component_id)
    with _Stopwatch(desk, "pdf"):
        copied = [_copy_page(*one) for one in zip(gathered.pages, reading.pages, turns, strict=True)]
        scales = [kept.width_px / page.width_px for kept, page in zip(copied, gathered.pages, strict=True)]
        copy = make_copy(
            copied, title=component.name, captured_at=captured_at, note="; ".join(w for w in gathered.warnings if w.startswith("trang "))
        )  # fmt: skip
    with _Stopwatch(desk, "sign"):
        signed = sign_capture(
            copy, key, captured_at=captured_at, typefaces_dir=desk.typefaces_dir, seal_is_final=desk.seal_is_final
        )
    with _Stopwatch(desk, "extract"):
        proposal = _propose(desk, reading, component.document_type, view.applicant)
    digest = BlobDigest(bytes.fromhex(desk.files.put(signed.data)))
    document_id = DocumentId(task.document_id)
    captured = CopyCaptured(
        component_id=task.component_id, document_id=document_id, pdf=digest, pdf_size=signed.length, pages=task.declared_pages,
        images=len(gathered.pages), note_images=len(task.note_pages), profile=task.profile, officer=task.officer,
        signer_name=signed.signer_name, certificate=bytes.fromhex(signed.certificate_sha256), captured_ms=task.captured_ms,
        warnings=(*gathered.warnings, *doubts), text_found=bool(reading.readable()),
    )  # fmt: skip
    read = recorded(proposal, scales, document_id, component.document_type, _reader_of(desk, reading), copied[0].dpi)

    def decide(connection: apsw.Connection) -> tuple[list[Draft], None]:
        if is_done(connection, job.id):
            return [], None
        finish_job(connection, job.id, desk.now_ms())
        return [Draft(task.rid, captured), *(Draft(task.rid, part) for part in read)], None

    with _Stopwatch(desk, "save"):
        desk.ledger.act(Act(task.officer, "intake", "capture"), decide)


def _hold_standard(pages: Sequence[DecodedPage]) -> tuple[str, ...]:
    """What the law fixes about a scan: stop on what it forbids, return what a person should know (NĐ 30/2020 Phụ lục I).

    Raises:
        BelowScanStandard: below 200 dpi as the file itself states it, or not at full size.
    """
    doubts: list[str] = []
    for number, page in enumerate(pages, start=1):
        found = findings(Capture(page.width_px, page.height_px, page.dpi, page.is_colour))
        stops = tuple(one for one in found if one not in ("resolution_unknown", "not_colour"))
        require_standard(number, stops)
        doubts += [f"trang {number}: {label(one)}" for one in found]
    return tuple(doubts)


def _reader_of(desk: Desk, reading: DocumentReading) -> str:
    """The reader that really read these pages: in a hurry it was another one than the office's own."""
    return next((page.recogniser.value for _, page in reading.readable()), desk.reader)


def _propose(desk: Desk, reading: DocumentReading, document_type: str, applicant: Party | None) -> DocumentProposal:
    from edge_node.extraction.proposal import extract

    today = vietnam_date(desk.now())
    types = in_force(desk.catalogue.document_types, today)
    chosen = document_type if any(one.code == document_type for one in types) else None
    names = (applicant.name,) if applicant is not None and applicant.kind == "person" else ()
    return extract(reading, types, gazetteer_of(desk), card_in(reading), chosen, today, names)


def card_in(reading: DocumentReading) -> CardQr | None:
    """The identity card's QR on any page: a typing aid, no proof (C.2)."""
    for _, page in reading.readable():
        for code in page.barcodes:
            try:
                return read_card_qr(code.text)
            except Problem:
                continue
    return None


def _copy_page(page: DecodedPage, read: PageReading | Unreadable, turns: int) -> CopyPage:
    """The evidence page as the profile keeps it, with the words where they stand on it as it is shown."""
    from edge_node.copies.model import CopyPage, CopyWord

    jpeg, width, height, dpi = _evidence_image(page)
    scale = width / page.width_px
    words: list[CopyWord] = []
    if isinstance(read, PageReading):
        for number, line in enumerate(read.lines):
            for word in line.words:
                box = read.to_page.box(word.box)
                words.append(CopyWord(word.text, box.x * scale, box.y * scale, box.w * scale, box.h * scale, number))
    return CopyPage(jpeg, width, height, dpi, tuple(words), turns)


def _evidence_image(page: DecodedPage) -> tuple[bytes, int, int, int]:
    """(JPEG, width px, height px, dpi): passed through when it is lean already, else encoded once to the profile and its budget.

    A scanner's own JPEG is not encoded a second time for a saving below a tenth.
    """
    from edge_node.copies.profile import DESK, encode_page_within

    dpi = page.dpi or DESK.dpi
    area_m2 = page.width_px * page.height_px / (dpi / 0.0254) ** 2
    budget = round(_LEAN_BYTES_PER_M2 * max(area_m2, 0.01))
    if page.media_type == "image/jpeg" and len(page.content) <= budget:
        return page.content, page.width_px, page.height_px, dpi
    import cv2
    import numpy as np

    from edge_node.imaging.decode import page_from_bytes

    image = page_from_bytes(page.content)
    is_resampled = dpi > DESK.dpi * 1.1
    if is_resampled:
        scale = DESK.dpi / dpi
        image = np.asarray(cv2.resize(image, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA), dtype=np.uint8)
        dpi = DESK.dpi
    encoded = encode_page_within(image, budget)
    is_worth_it = is_resampled or page.media_type != "image/jpeg" or len(encoded) < len(page.content) * _SAVING_WORTH
    kept = encoded if is_worth_it else page.content
    if len(kept) > budget:  # grain of a camera: legible before small, and said to whoever looks after the line
        _log.info("capture.page.large", kb=len(kept) >> 10, budget_kb=budget >> 10)
    return kept, image.shape[1], image.shape[0], dpi


class _Stopwatch:
    """Wall seconds of one stage, for the closing table."""

    def __init__(self, desk: Desk, stage: str) -> None:
        self._desk, self._stage = desk, stage

    def __enter__(self) -> None:
        self._began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self._desk.took(self._stage, time.perf_counter() - self._began)
