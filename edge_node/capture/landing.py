"""Files land in the tray: sealed first, then looked at, then laid into piles. Killed anywhere, nothing scanned is lost.

`take` returns when a file is durable; `lay_waiting` does the slow part and is repeated after a crash. A file that cannot be opened stays in
the tray with its reason.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import apsw
import msgspec

from edge_node.capture.errors import CaptureProblem
from edge_node.capture.look import PageLook, look_at
from edge_node.capture.marks import DossierMark, Mark, PrintMark, Separator, SheetMark, TwinMark, marks_in
from edge_node.capture.originals import keep
from edge_node.capture.piles import (
    Channel,
    Pile,
    TrayFile,
    any_pile,
    file_of,
    files_in,
    page_id_of,
    prints_of,
    put_file,
    put_page,
    put_pile,
)
from edge_node.capture.separating import SHEET, stretches
from edge_node.capture.tray import Tray, TrayPage, add, mark_declared_notes
from edge_node.capture.twins import twins_of
from edge_node.desk import Desk
from edge_node.store.ledger import Act
from sync_protocol.adapters import projection
from sync_protocol.adapters.files.errors import FileAbsent, FileDamaged

_DEVICE = "thiết bị"  # the audit's actor where no officer handed the file in


def take(
    desk: Desk,
    officer: str,
    source: Channel,
    contents: Sequence[tuple[str, bytes]],
    *,
    place: str = "",
    pile: bytes | None = None,
) -> tuple[TrayFile, ...]:
    """Take files in: sealed and in the tray's list, durable when this returns. The look follows by `lay_waiting`.

    Args:
        officer: who brought them; empty for a device nobody was signed in at.
        place: counter, scanner, or path in the watched folder.
        pile: the pile they are meant for; an id of none yet makes one of all of them, None makes one of each.

    Raises:
        UploadsRefused, StorageReadOnly: the disk is short of room; a scan that has begun is taken to its end. Problem: the store is full.
    """
    if source != "scanner":
        desk.require_room()
    kept, now = keep(desk.files, contents), desk.now_ms()
    files = tuple(
        TrayFile(id=desk.new_id(), digest=one.digest, name=one.name, source=source, place=place, pile=pile, officer=officer, at_ms=now)
        for one in kept
    )  # fmt: skip

    def save(connection: apsw.Connection) -> None:
        for file in files:
            put_file(connection, file)

    desk.ledger.save(Act(officer or _DEVICE, "intake", f"tray_{source}"), [], also=save)
    return files


def lay_waiting(desk: Desk) -> int:
    """Look at every file that waits and lay its pages; returns how many files were laid. Only one thread does this.

    Raises:
        SandboxProblem: the machine cannot open files now; they go on waiting.
    """
    laid = 0
    for file in desk.store.readers.run(lambda c: files_in(c, "waiting")):
        try:
            seen = look_at(desk.files.get(file.digest.hex()), file.name, sandbox=desk.sandbox)
        except (CaptureProblem, FileAbsent, FileDamaged) as problem:
            said = f"{problem.clerk_sentence} {problem.clerk_next_step}"
            refused = msgspec.structs.replace(file, state="refused", problem=problem.code, sentence=said)
            desk.store.writer.run(lambda c, one=refused: put_file(c, one))  # type: ignore[misc]
            continue
        twins = twins_of([(page_id_of(file.id, one.frame), one) for one in seen], desk.store.readers.run(lambda c, f=file: _prints_before(c, f)))  # type: ignore[misc]
        desk.store.writer.run(lambda c, f=file, s=seen, t=twins: _lay(desk, c, f, s, t))  # type: ignore[misc]
        laid += 1
    return laid


def _prints_before(connection: apsw.Connection, file: TrayFile) -> dict[str, tuple[PrintMark, bytes]]:
    """What is known of the pages in the pile that a file is meant for."""
    meant = _last_of(connection, file)
    return prints_of(connection, [page.page_id for page in meant.tray.pages]) if meant is not None else {}


def _lay(desk: Desk, connection: apsw.Connection, file: TrayFile, seen: Sequence[PageLook], twins: Mapping[str, str]) -> None:
    now = file_of(connection, file.id)
    if now is None or now.state != "waiting":
        return
    marks: dict[str, tuple[Mark, ...]] = {}
    pages: list[tuple[TrayPage, Separator | None]] = []
    for one in seen:
        found = marks_in(one.codes)
        page = TrayPage(page_id_of(file.id, one.frame), one.digest, is_blank=one.is_blank)
        marks[page.page_id] = found
        sheet = (SheetMark(one.corners, one.sheet_dpi),) if one.corners else ()
        shown = (PrintMark(one.print),) if one.print else ()
        twin = (TwinMark(twins[page.page_id]),) if page.page_id in twins else ()
        put_page(connection, file.id, one, (*found, *sheet, *shown, *twin))
        pages.append((page, next((mark for mark in found if isinstance(mark, Separator)), None)))
    first = _target(desk, connection, file)
    follows = bool(not first.tray.pages and first.tray.removed and first.tray.removed[-1].reason == SHEET)
    cut = stretches(pages, follows_separator=follows)
    piles = [_grown(first, cut[0].tray, marks)]
    for stretch in cut[1:]:
        is_bare = not piles[-1].tray.pages  # a stack that begins with a separator sheet leaves nothing before it
        opened = _named(connection, piles.pop() if is_bare else _like(desk, first), stretch.separator)
        piles.append(_grown(opened, stretch.tray, marks))
    if len(piles) > 1:
        piles[0] = msgspec.structs.replace(piles[0], tail=piles[-1].id)
    for pile in piles:
        put_pile(connection, pile, desk.now_ms())
    put_file(connection, msgspec.structs.replace(file, state="laid", pile=piles[0].id))


def _target(desk: Desk, connection: apsw.Connection, file: TrayFile) -> Pile:
    """The pile a file is meant for, or where its scan went on after a separator; a new one like it where that is closed."""
    meant = _last_of(connection, file)
    if meant is not None and meant.state == "open":
        return meant
    made = Pile(
        id=file.pile if file.pile is not None and meant is None else desk.new_id(), source=file.source,
        place=_counter(file.place) if file.source == "folder" else file.place, made_ms=file.at_ms,
    )  # fmt: skip
    return made if meant is None else msgspec.structs.replace(made, rid=meant.rid, component_id=meant.component_id)


def _last_of(connection: apsw.Connection, file: TrayFile) -> Pile | None:
    """The pile that a file is meant for, or where its scan went on; None where there is none yet."""
    meant = any_pile(connection, file.pile) if file.pile is not None else None
    while meant is not None and meant.tail is not None:
        meant = any_pile(connection, meant.tail)
    return meant


def _counter(path: str) -> str:
    return path.rpartition("/")[0]


def _like(desk: Desk, first: Pile) -> Pile:
    """A new pile from the same source."""
    return Pile(id=desk.new_id(), source=first.source, place=first.place, made_ms=desk.now_ms())


def _named(connection: apsw.Connection, pile: Pile, separator: Separator | None) -> Pile:
    """The pile as of the component that a separator names, where this office holds its dossier; what was counted for another is dropped."""
    if (
        separator is None
        or separator.rid is None
        or separator.component_id is None
        or pile.component_id == separator.component_id
    ):
        return pile
    view = projection.view_of(connection, separator.rid)
    if view is None or view.component(separator.component_id) is None:
        return pile
    return msgspec.structs.replace(
        pile, rid=separator.rid, component_id=separator.component_id, declared_pages=0, note_pages=()
    )


def _grown(pile: Pile, more: Tray, marks: dict[str, tuple[Mark, ...]]) -> Pile:
    """The pile with more pages at its end, the dossier their codes propose, and declared note pairs marked once all are there."""
    tray = add(pile.tray, more.pages)
    tray = Tray(tray.pages, (*tray.removed, *more.removed))
    notes = pile.note_pages
    is_untouched = all(page.pair is None for page in tray.pages)
    if notes and is_untouched and len(tray.pages) == pile.declared_pages + len(notes):
        tray = mark_declared_notes(tray, pile.declared_pages, notes)
    codes = [mark.code for page in more.pages for mark in marks.get(page.page_id, ()) if isinstance(mark, DossierMark)]
    return msgspec.structs.replace(pile, tray=tray, proposal=pile.proposal or next(iter(codes), ""))
