"""Piles and files of the office's tray, as they are kept: every file that arrived, every pile being arranged, pictures of their pages.

One row holds a whole pile, so that an arrangement is either done or not. Invariant: a file's row outlives its pile; nothing here removes one.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal

import apsw
import msgspec

from edge_node.capture.errors import PileGone
from edge_node.capture.look import PageLook
from edge_node.capture.marks import CardMark, DossierMark, Mark, PrintMark, SheetMark, TwinMark
from edge_node.capture.tray import Tray
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import ComponentId, RecordId

Channel = Literal["upload", "folder", "scanner", "phone"]
PileState = Literal["open", "handed_in", "done", "discarded"]
SHOWN_DISCARDED = 20


class TrayFile(msgspec.Struct, frozen=True, kw_only=True):
    """A file as it arrived: sealed under `digest`. `place` is the counter, scanner or path it came by; `pile` what it was meant for."""

    id: bytes
    digest: bytes
    name: str
    source: Channel
    place: str = ""
    pile: bytes | None = None
    officer: str = ""
    state: Literal["waiting", "laid", "refused", "discarded", "erased"] = "waiting"
    problem: str = ""
    sentence: str = ""
    at_ms: int = 0


class Pile(msgspec.Struct, frozen=True, kw_only=True):
    """Pages being arranged, and what they are to become. Nothing is asked for until somebody wants it: `rid` is None at first."""

    id: bytes
    source: Channel
    place: str = ""
    tray: Tray = Tray()
    rid: RecordId | None = None
    component_id: ComponentId | None = None
    submitted_form: str = "original"
    declared_pages: int = 0
    note_pages: tuple[int, ...] = ()
    proposal: str = ""  # dossier code seen on a page
    is_scanning: bool = False
    tail: bytes | None = None  # the pile that later images of the same scan belong to, after a separator sheet
    problem: str = ""
    sentence: str = ""  # why the last scan into it ended early
    made_ms: int = 0
    state: PileState = "open"
    job: bytes | None = None


class TrayPicture(msgspec.Struct, frozen=True):
    """What the screen knows of a page: size in px, what its codes mean, what is doubtful about it."""

    page_id: str
    width_px: int
    height_px: int
    marks: tuple[Mark, ...]
    doubts: tuple[str, ...]

    @property
    def card(self) -> CardMark | None:
        """The identity card on this page."""
        return next((one for one in self.marks if isinstance(one, CardMark)), None)

    @property
    def sheet(self) -> SheetMark | None:
        """The sheet that was photographed aslant here."""
        return next((one for one in self.marks if isinstance(one, SheetMark)), None)

    @property
    def twin(self) -> str:
        """The earlier page that seems to show the same sheet; "" for none."""
        return next((one.page_id for one in self.marks if isinstance(one, TwinMark)), "")

    @property
    def dossier(self) -> DossierMark | None:
        """The dossier code on this page."""
        return next((one for one in self.marks if isinstance(one, DossierMark)), None)


_pile = msgspec.msgpack.Decoder(Pile).decode
_marks = msgspec.msgpack.Decoder(tuple[Mark, ...]).decode
_doubts = msgspec.msgpack.Decoder(tuple[str, ...]).decode
_FILE = "id, digest, name, source, place, pile, officer, state, problem, sentence, at_ms"


def page_id_of(file: bytes, frame: int) -> str:
    """A page's name: unique in the office, and the file and its page can be told from it."""
    return f"{file.hex()}-{frame}"


def file_and_frame(page_id: str) -> tuple[bytes, int]:
    """The file and the page of it (from 0) that a page id names."""
    file, _, frame = page_id.partition("-")
    return bytes.fromhex(file), int(frame)


def put_file(connection: apsw.Connection, file: TrayFile) -> None:
    """Keep a file's row as it now is."""
    connection.execute(
        f"INSERT OR REPLACE INTO tray_file({_FILE}) VALUES(?,?,?,?,?,?,?,?,?,?,?)",
        (file.id, file.digest, file.name, file.source, file.place, file.pile, file.officer, file.state, file.problem, file.sentence, file.at_ms),
    )  # fmt: skip


def files_in(connection: apsw.Connection, state: str) -> list[TrayFile]:
    """Files in a state, oldest first."""
    rows = connection.execute(f"SELECT {_FILE} FROM tray_file WHERE state = ? ORDER BY at_ms, id", (state,))
    return [_file(row) for row in rows]


def file_of(connection: apsw.Connection, file_id: bytes) -> TrayFile | None:
    """A file's row."""
    row = connection.execute(f"SELECT {_FILE} FROM tray_file WHERE id = ?", (file_id,)).fetchone()
    return None if row is None else _file(row)


def places_taken(connection: apsw.Connection, digest: bytes) -> list[str]:
    """Places of the watched folder that this content was taken to."""
    rows = connection.execute(
        "SELECT place FROM tray_file WHERE digest = ? AND source = 'folder' AND state <> 'erased'", (digest,)
    )
    return [str(row[0]) for row in rows]


def tray_files(connection: apsw.Connection) -> set[bytes]:
    """Digests of everything that came into the tray and was not erased."""
    return {as_bytes(row[0]) for row in connection.execute("SELECT digest FROM tray_file WHERE state <> 'erased'")}


def put_pile(connection: apsw.Connection, pile: Pile, now_ms: int) -> None:
    """Keep a pile as it now is."""
    connection.execute(
        "INSERT OR REPLACE INTO tray_pile(id, state, content, rid, component_id, job, made_ms, changed_ms) VALUES(?,?,?,?,?,?,?,?)",
        (
            pile.id,
            pile.state,
            msgspec.msgpack.encode(pile),
            pile.rid,
            pile.component_id,
            pile.job,
            pile.made_ms,
            now_ms,
        ),
    )


def open_pile(connection: apsw.Connection, pile_id: bytes) -> Pile:
    """A pile that can still be arranged.

    Raises:
        PileGone: CAP-028, it was handed in, joined with another, or never was here.
    """
    row = connection.execute("SELECT content FROM tray_pile WHERE id = ? AND state = 'open'", (pile_id,)).fetchone()
    if row is None:
        raise PileGone(pile=pile_id.hex()[:8])
    return _pile(as_bytes(row[0]))


def any_pile(connection: apsw.Connection, pile_id: bytes) -> Pile | None:
    """A pile in whatever state, None where there never was one."""
    row = connection.execute("SELECT content FROM tray_pile WHERE id = ?", (pile_id,)).fetchone()
    return None if row is None else _pile(as_bytes(row[0]))


def piles_in(connection: apsw.Connection, state: PileState, limit: int = 500) -> list[Pile]:
    """Piles in a state, oldest first; of discarded ones the newest."""
    order = "changed_ms DESC" if state == "discarded" else "made_ms, id"
    rows = connection.execute(f"SELECT content FROM tray_pile WHERE state = ? ORDER BY {order} LIMIT ?", (state, limit))
    return [_pile(as_bytes(row[0])) for row in rows]


def discarded_before(connection: apsw.Connection, at_ms: int) -> list[Pile]:
    """Piles discarded before a moment (UTC ms)."""
    rows = connection.execute(
        "SELECT content FROM tray_pile WHERE state = 'discarded' AND changed_ms < ?", (at_ms,)
    ).fetchall()
    return [_pile(as_bytes(row[0])) for row in rows]


def pile_of_job(connection: apsw.Connection, job: bytes) -> Pile | None:
    """The pile that became this job."""
    row = connection.execute("SELECT content FROM tray_pile WHERE job = ?", (job,)).fetchone()
    return None if row is None else _pile(as_bytes(row[0]))


def piles_of(connection: apsw.Connection, rid: RecordId, component_id: ComponentId) -> list[Pile]:
    """Open piles meant for a component, oldest first."""
    rows = connection.execute(
        "SELECT content FROM tray_pile WHERE state = 'open' AND rid = ? AND component_id = ? ORDER BY made_ms, id",
        (rid, component_id),
    )
    return [_pile(as_bytes(row[0])) for row in rows]


def put_page(connection: apsw.Connection, file: bytes, seen: PageLook, marks: Sequence[Mark]) -> None:
    """Keep what the screen needs of a page. Idempotent."""
    connection.execute(
        "INSERT OR REPLACE INTO tray_page(page_id, file, frame, width_px, height_px, thumb, view, marks, doubts) VALUES(?,?,?,?,?,?,?,?,?)",
        (
            page_id_of(file, seen.frame), file, seen.frame, seen.width_px, seen.height_px, seen.thumb, seen.view,
            msgspec.msgpack.encode(tuple(marks)), msgspec.msgpack.encode(seen.doubts),
        ),
    )  # fmt: skip


def pictures_of(connection: apsw.Connection, page_ids: Iterable[str]) -> dict[str, TrayPicture]:
    """What is known of pages, by page id; without the pictures themselves."""
    found = {}
    for page_id in page_ids:
        row = connection.execute(
            "SELECT width_px, height_px, marks, doubts FROM tray_page WHERE page_id = ?", (page_id,)
        ).fetchone()
        if row is not None:
            found[page_id] = TrayPicture(
                page_id, int(row[0]), int(row[1]), _marks(as_bytes(row[2])), _doubts(as_bytes(row[3]))
            )
    return found


def prints_of(connection: apsw.Connection, page_ids: Iterable[str]) -> dict[str, tuple[PrintMark, bytes]]:
    """The fingerprint and the small view (JPEG) of those pages that have both; a sheet that several of them show counts once."""
    found = {}
    pictures = pictures_of(connection, page_ids)
    for page_id, picture in pictures.items():
        mark = next((one for one in picture.marks if isinstance(one, PrintMark)), None)
        if mark is not None and picture.twin not in pictures and (view := picture_bytes(connection, page_id, "view")):
            found[page_id] = (mark, view)
    return found


def picture_bytes(connection: apsw.Connection, page_id: str, kind: Literal["thumb", "view"]) -> bytes | None:
    """A page's small picture (JPEG), None once its copy is signed or it was erased."""
    row = connection.execute(f"SELECT {kind} FROM tray_page WHERE page_id = ?", (page_id,)).fetchone()
    return None if row is None else as_bytes(row[0])


def drop_pictures(connection: apsw.Connection, page_ids: Iterable[str]) -> None:
    """Remove pages' pictures. Idempotent."""
    for page_id in page_ids:
        connection.execute("DELETE FROM tray_page WHERE page_id = ?", (page_id,))


def _file(row: Sequence[object]) -> TrayFile:
    names = _FILE.split(", ")
    return msgspec.convert(dict(zip(names, row, strict=True)), TrayFile)
