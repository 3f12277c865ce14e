"""Arranging piles: turn, move, split, join, mark notes, take out with a reason and back in, say what a pile is.

Every act is one transaction over whole piles: done or not done, also when the machine dies in it. Nothing is removed but with a reason.

Source: QĐ 1333/QĐ-BHXH Điều 8.2a–8.2d (count, right order, pages with a note).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import apsw
import msgspec

from edge_node.capture import tray as trays
from edge_node.capture.errors import PageNotInTray, SheetTooCoarse
from edge_node.capture.piles import Pile, file_of, open_pile, pictures_of, put_file, put_pile
from edge_node.capture.tray import Tray
from edge_node.desk import Desk
from edge_node.intake.service import component_of, dossier
from edge_node.store.ledger import Act
from sync_protocol.ids import ComponentId, RecordId

Move = Literal["turn_right", "turn_left", "earlier", "later", "note", "restore"]
How = Literal["under", "interleave", "interleave_same_order"]


class Purpose(msgspec.Struct, frozen=True):
    """What a pile is to become: a component, in which form it was submitted, and what was counted on the desk."""

    rid: RecordId
    component_id: ComponentId
    submitted_form: str = "original"
    declared_pages: int = 0
    note_pages: tuple[int, ...] = ()


def rearrange(desk: Desk, officer: str, pile_id: bytes, move: Move, page_id: str) -> Pile:
    """One act on one page.

    Raises:
        PileGone, PageNotInTray: CAP-028, CAP-026.
    """
    desk.officers.get(officer, "intake")
    return _change(desk, pile_id, lambda pile: _with(pile, _moved(pile.tray, move, page_id)))


def straighten(desk: Desk, officer: str, pile_id: bytes, page_id: str, *, is_wanted: bool) -> Pile:
    """Take a photographed sheet alone, by the corners that were shown, or the photograph as it was taken.

    Raises:
        PileGone, PageNotInTray, SheetTooCoarse: CAP-028, CAP-026, CAP-040.
    """
    desk.officers.get(officer, "intake")
    found: list[Pile] = []

    def work(connection: apsw.Connection) -> None:
        picture = pictures_of(connection, [page_id]).get(page_id)
        sheet = picture.sheet if picture else None
        if is_wanted and (sheet is None or not sheet.is_fine_enough):
            raise SheetTooCoarse(dpi=sheet.dpi if sheet else 0)
        pile = open_pile(connection, pile_id)
        corners = sheet.corners if sheet and is_wanted else ()
        found.append(_with(pile, trays.straighten(pile.tray, page_id, corners)))
        put_pile(connection, found[-1], desk.now_ms())

    desk.ledger.save(Act(officer, "intake", "tray_straighten" if is_wanted else "tray_as_taken"), [], also=work)
    return found[-1]


def split_pile(desk: Desk, officer: str, pile_id: bytes, before: str) -> Pile:
    """Cut a pile above a page; what follows becomes a new pile of nobody yet, which is returned.

    Raises:
        PileGone, PageNotInTray: CAP-028, CAP-026.
    """
    desk.officers.get(officer, "intake")
    new_id, now = desk.new_id(), desk.now_ms()

    def work(connection: apsw.Connection) -> Pile:
        pile = open_pile(connection, pile_id)
        first, second = trays.split(pile.tray, before)
        if not first.pages:
            raise PageNotInTray(page_id="first")
        made = Pile(id=new_id, source=pile.source, place=pile.place, tray=second, made_ms=pile.made_ms, tail=pile.tail)
        put_pile(connection, msgspec.structs.replace(pile, tray=first, tail=made.id if pile.is_scanning else None), now)
        put_pile(connection, made, now)
        return made

    return desk.store.writer.run(work)


def join_piles(desk: Desk, officer: str, pile_id: bytes, other_id: bytes, how: How) -> Pile:
    """Put another pile under this one, or between its pages as the backs of its sheets; the other pile ends.

    Raises:
        PileGone, PassesDoNotMatch: CAP-028, CAP-021.
    """
    desk.officers.get(officer, "intake")
    now = desk.now_ms()

    def work(connection: apsw.Connection) -> Pile:
        pile, other = open_pile(connection, pile_id), open_pile(connection, other_id)
        if pile.id == other.id:
            return pile
        if how == "under":
            tray = trays.merge(pile.tray, other.tray)
        else:
            tray = trays.interleave(pile.tray, other.tray, backs_reversed=how == "interleave")
        grown = msgspec.structs.replace(pile, tray=tray, proposal=pile.proposal or other.proposal)
        put_pile(connection, grown, now)
        put_pile(connection, msgspec.structs.replace(other, tray=Tray(), state="discarded", tail=pile.id), now)
        return grown

    return desk.store.writer.run(work)


def discard(desk: Desk, officer: str, pile_id: bytes, reason: str, page_id: str = "") -> Pile:
    """Take a page, or all of them, out of a pile, with its reason; an emptied pile leaves the list. Can be taken back.

    Raises:
        PileGone, PageNotInTray: CAP-028, CAP-026.
    """
    desk.officers.get(officer, "intake")

    def take_out(pile: Pile) -> Pile:
        tray = pile.tray
        for one in [page_id] if page_id else [page.page_id for page in tray.pages]:
            tray = trays.remove(tray, one, reason=reason)
        return msgspec.structs.replace(pile, tray=tray, state="open" if tray.pages else "discarded")

    return _change(desk, pile_id, take_out, Act(officer, "intake", "tray_discard"))


def take_back(desk: Desk, officer: str, pile_id: bytes) -> Pile:
    """Lay a discarded pile open again with all its pages. Raises PileGone."""
    desk.officers.get(officer, "intake")

    def work(connection: apsw.Connection) -> Pile:
        row = connection.execute("SELECT 1 FROM tray_pile WHERE id = ? AND state = 'discarded'", (pile_id,)).fetchone()
        if row is not None:
            connection.execute("UPDATE tray_pile SET state = 'open' WHERE id = ?", (pile_id,))
        pile = open_pile(connection, pile_id)
        tray = pile.tray
        for removal in tray.removed:
            tray = trays.restore(tray, removal.page.page_id)
        back = msgspec.structs.replace(pile, tray=tray, state="open")
        put_pile(connection, back, desk.now_ms())
        return back

    return desk.store.writer.run(work)


def assign(desk: Desk, officer: str, pile_id: bytes, purpose: Purpose) -> Pile:
    """Say which component a pile is, and what was counted on the desk.

    Raises:
        PileGone, UnknownDossier, UnknownComponent.
    """
    desk.officers.get(officer, "intake")
    component_of(dossier(desk, purpose.rid), purpose.component_id)

    def said(pile: Pile) -> Pile:
        tray, notes = pile.tray, purpose.note_pages
        is_untouched = all(page.pair is None for page in tray.pages)
        if notes and is_untouched and len(tray.pages) == purpose.declared_pages + len(notes):
            tray = trays.mark_declared_notes(tray, purpose.declared_pages, notes)
        return msgspec.structs.replace(
            pile, tray=tray, rid=purpose.rid, component_id=purpose.component_id, submitted_form=purpose.submitted_form,
            declared_pages=purpose.declared_pages, note_pages=notes,
        )  # fmt: skip

    return _change(desk, pile_id, said)


def belongs_to(desk: Desk, officer: str, pile_id: bytes, rid: RecordId) -> Pile:
    """Say whose dossier a pile is; which component is said later. Raises PileGone, UnknownDossier."""
    desk.officers.get(officer, "intake")
    dossier(desk, rid)
    return _change(
        desk,
        pile_id,
        lambda pile: msgspec.structs.replace(
            pile, rid=rid, component_id=None if pile.rid != rid else pile.component_id
        ),
    )


def open_empty(
    desk: Desk, officer: str, source: Literal["scanner", "phone", "upload"], place: str, purpose: Purpose | None
) -> Pile:
    """A pile that images are about to come into. Raises UnknownDossier, UnknownComponent."""
    desk.officers.get(officer, "intake")
    if purpose is not None:
        component_of(dossier(desk, purpose.rid), purpose.component_id)
    pile = Pile(id=desk.new_id(), source=source, place=place, made_ms=desk.now_ms())
    if purpose is not None:
        pile = msgspec.structs.replace(
            pile, rid=purpose.rid, component_id=purpose.component_id, submitted_form=purpose.submitted_form,
            declared_pages=purpose.declared_pages, note_pages=purpose.note_pages,
        )  # fmt: skip
    desk.store.writer.run(lambda c: put_pile(c, pile, desk.now_ms()))
    return pile


def discard_file(desk: Desk, officer: str, file_id: bytes) -> None:
    """Clear a file that could not be opened off the list; its bytes stay sealed. Idempotent."""
    desk.officers.get(officer, "intake")

    def clear(connection: apsw.Connection) -> None:
        file = file_of(connection, file_id)
        if file is not None and file.state == "refused":
            put_file(connection, msgspec.structs.replace(file, state="discarded"))

    desk.ledger.save(Act(officer, "intake", "tray_discard_file"), [], also=clear)


def _change(desk: Desk, pile_id: bytes, function: Callable[[Pile], Pile], act: Act | None = None) -> Pile:
    found: list[Pile] = []

    def work(connection: apsw.Connection) -> None:
        found.append(function(open_pile(connection, pile_id)))
        put_pile(connection, found[-1], desk.now_ms())

    if act is None:
        desk.store.writer.run(work)
    else:
        desk.ledger.save(act, [], also=work)
    return found[-1]


def _with(pile: Pile, tray: Tray) -> Pile:
    return msgspec.structs.replace(pile, tray=tray)


def _moved(tray: Tray, move: Move, page_id: str) -> Tray:
    if move == "restore":
        return trays.restore(tray, page_id)
    place = next((n for n, page in enumerate(tray.pages) if page.page_id == page_id), None)
    if place is None:
        raise PageNotInTray(page_id=page_id[:8])
    if move == "note":
        return trays.toggle_note(tray, page_id)
    if move in ("turn_right", "turn_left"):
        return trays.rotate(tray, page_id, turns=1 if move == "turn_right" else -1)
    return trays.move(tray, page_id, to=max(0, place - 1) if move == "earlier" else min(len(tray.pages) - 1, place + 1))
