"""Everything the tray's pages show, read at one moment."""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from edge_node.capture.jobs import Job, held_jobs, stopped_jobs
from edge_node.capture.marks import CardMark
from edge_node.capture.piles import (
    SHOWN_DISCARDED,
    Pile,
    TrayFile,
    TrayPicture,
    files_in,
    open_pile,
    pictures_of,
    pile_of_job,
    piles_in,
)
from edge_node.capture.tray import Reconciliation, reconcile
from sync_protocol.adapters import projection
from sync_protocol.search_keys import key_for
from sync_protocol.view import ComponentView, DossierView

OFFERED_DOSSIERS = 50


class PileRow(msgspec.Struct, frozen=True):
    """One pile in a list, with what it is meant for and how its count stands."""

    pile: Pile
    dossier: DossierView | None
    component: ComponentView | None
    count: Reconciliation | None


class TrayScreen(msgspec.Struct, frozen=True):
    """The office's tray: open piles, files on their way, files that could not be opened, papers that came back or wait for a key, what was taken out."""

    piles: tuple[PileRow, ...]
    waiting: int
    refused: tuple[TrayFile, ...]
    stopped: tuple[Job, ...]
    held: tuple[Job, ...]
    discarded: tuple[Pile, ...]


class PileScreen(msgspec.Struct, frozen=True):
    """One pile at work: its pages with their pictures, whose it may be, and the others it could be joined with."""

    row: PileRow
    pictures: dict[str, TrayPicture]
    waiting: int
    refused: tuple[TrayFile, ...]
    others: tuple[PileRow, ...]
    proposed: tuple[DossierView, ...]
    offered: tuple[DossierView, ...]
    card: CardMark | None
    same: tuple[tuple[int, int], ...]
    selected: str

    @property
    def standing(self) -> Literal["uncounted", "complete", "short", "over", "notes"]:
        """How the count stands, as the page says it."""
        return standing(self.row.count)


def standing(count: Reconciliation | None) -> Literal["uncounted", "complete", "short", "over", "notes"]:
    """How a pile's count stands: the word under which its sentence is kept."""
    if count is None:
        return "uncounted"
    if count.is_complete:
        return "complete"
    if count.found_images == count.expected_images:
        return "notes"
    return "short" if count.found_images < count.expected_images else "over"


def read_tray(connection: apsw.Connection) -> TrayScreen:
    """Read the tray."""
    return TrayScreen(
        tuple(_row(connection, pile) for pile in piles_in(connection, "open")),
        len(files_in(connection, "waiting")),
        tuple(files_in(connection, "refused")),
        tuple(job for job in stopped_jobs(connection) if pile_of_job(connection, job.id) is not None),
        tuple(held_jobs(connection)),
        tuple(pile for pile in piles_in(connection, "discarded", SHOWN_DISCARDED) if pile.tray.removed),
    )


def read_pile(connection: apsw.Connection, pile_id: bytes, selected: str = "") -> PileScreen:
    """Read one pile; `selected` is the page to act on, the first one where it is not there.

    Raises:
        PileGone: CAP-028.
    """
    pile = open_pile(connection, pile_id)
    row = _row(connection, pile)
    shown = [page.page_id for page in pile.tray.pages]
    pictures = pictures_of(connection, [*shown, *(one.page.page_id for one in pile.tray.removed)])
    card = next((pictures[one].card for one in shown if one in pictures and pictures[one].card), None)
    places = {page_id: number for number, page_id in enumerate(shown, start=1)}
    twins = {*reconcile(pile.tray, 0, 0).duplicates, *((one.twin, one.page_id) for one in pictures.values() if one.twin in places and one.page_id in places)}
    return PileScreen(
        row=row, pictures=pictures, waiting=sum(1 for file in files_in(connection, "waiting") if file.pile == pile_id),
        refused=tuple(file for file in files_in(connection, "refused") if file.pile == pile_id),
        others=tuple(_row(connection, one) for one in piles_in(connection, "open") if one.id != pile_id and one.tray.pages),
        proposed=_proposed(connection, pile, card) if pile.rid is None else (),
        offered=tuple(projection.newest(connection, OFFERED_DOSSIERS)), card=card,
        same=tuple(sorted((places[one], places[other]) for one, other in twins)),
        selected=selected if selected in places else next(iter(shown), ""),
    )  # fmt: skip


def piles_for(connection: apsw.Connection, piles: list[Pile]) -> tuple[PileRow, ...]:
    """Rows of these piles."""
    return tuple(_row(connection, pile) for pile in piles)


def _row(connection: apsw.Connection, pile: Pile) -> PileRow:
    view = projection.view_of(connection, pile.rid) if pile.rid is not None else None
    component = view.component(pile.component_id) if view is not None and pile.component_id is not None else None
    count = reconcile(pile.tray, pile.declared_pages, len(pile.note_pages)) if pile.declared_pages else None
    return PileRow(pile, view, component, count)


def _proposed(connection: apsw.Connection, pile: Pile, card: CardMark | None) -> tuple[DossierView, ...]:
    """Dossiers here that a slip's code or a card in the pile points at."""
    found = projection.find(connection, key_for("code", pile.proposal)) if pile.proposal else []
    if card is not None:
        found = [*found, *projection.find(connection, key_for("personal_id", card.card.personal_id))]
    return tuple({view.rid: view for view in found}.values())
