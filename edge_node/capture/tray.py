"""The page tray: captured pages in the order of the paper, before they become one file per component.

Pure values: every action returns a new tray. A page never disappears from the tray without `remove`, which keeps it in
`removed` with its reason, so that the count of originals and copies can always be told.

Invariant: page ids are unique within a tray, over kept and removed pages.

Source: QĐ 1333/QĐ-BHXH, Điều 8.2a (count), 8.2c (images = pages, right order), 8.2d (a page with a note is captured twice).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from edge_node.capture.errors import PageNotInTray, PassesDoNotMatch, TrayMismatch

NoteSide = Literal["with_note", "without_note"]
QuarterTurns = Literal[0, 1, 2, 3]


class TrayPage(msgspec.Struct, frozen=True):
    """One captured image: `digest` is SHA-256 of its bytes, `turns` quarter turns clockwise to show it upright.

    `pair` is set on both captures of a page with a sticky note and names that page; `note` tells which one it is. `corners` are
    those of a photographed sheet that the clerk accepted (8 shares of the picture): the copy shows the sheet alone, seen from above.
    """

    page_id: str
    digest: bytes
    turns: QuarterTurns = 0
    pair: str | None = None
    note: NoteSide | None = None
    is_blank: bool = False
    corners: tuple[float, ...] = ()


class Removal(msgspec.Struct, frozen=True):
    """A page taken out again, and why."""

    page: TrayPage
    reason: str


class Tray(msgspec.Struct, frozen=True):
    """Pages of one component, top sheet first."""

    pages: tuple[TrayPage, ...] = ()
    removed: tuple[Removal, ...] = ()


class Reconciliation(msgspec.Struct, frozen=True):
    """The count before signing. `incomplete_pairs` names pages with a note that have only one of their two captures."""

    declared_pages: int
    note_pages: int
    expected_images: int
    found_images: int
    found_pairs: int
    incomplete_pairs: tuple[str, ...]
    duplicates: tuple[tuple[str, str], ...]

    @property
    def is_complete(self) -> bool:
        """Whether the file may be signed."""
        return (
            self.expected_images == self.found_images
            and self.found_pairs == self.note_pages
            and not self.incomplete_pairs
        )

    def require_complete(self) -> None:
        """Let signing go on, or say what is missing.

        Raises:
            TrayMismatch: CAP-020, with the numbers.
        """
        if not self.is_complete:
            raise TrayMismatch(
                expected=self.expected_images,
                found=self.found_images,
                declared=self.declared_pages,
                notes=self.note_pages,
                pairs=self.found_pairs,
            )


def add(tray: Tray, pages: Sequence[TrayPage], *, at: int | None = None) -> Tray:
    """Insert pages at a position counted from 0, or after the last one.

    A page id that the tray already knows is left out: adding the same scan again changes nothing.
    """
    known = {page.page_id for page in tray.pages} | {removal.page.page_id for removal in tray.removed}
    fresh = tuple(page for page in pages if page.page_id not in known)
    place = len(tray.pages) if at is None else at
    return msgspec.structs.replace(tray, pages=tray.pages[:place] + fresh + tray.pages[place:])


def remove(tray: Tray, page_id: str, *, reason: str) -> Tray:
    """Take a page out, keeping it with its reason."""
    place = _place(tray, page_id)
    removal = Removal(tray.pages[place], reason)
    return Tray(tray.pages[:place] + tray.pages[place + 1 :], (*tray.removed, removal))


def split(tray: Tray, before: str) -> tuple[Tray, Tray]:
    """Cut into two components: pages above `before`, and from it on. Removed pages stay with the first."""
    place = _place(tray, before)
    return Tray(tray.pages[:place], tray.removed), Tray(tray.pages[place:])


def merge(first: Tray, second: Tray) -> Tray:
    """Put the second tray's pages under the first's."""
    joined = add(first, second.pages)
    return msgspec.structs.replace(joined, removed=first.removed + second.removed)


def straighten(tray: Tray, page_id: str, corners: tuple[float, ...]) -> Tray:
    """Take a photographed sheet by these corners; empty: keep the photograph as it was taken. Raises PageNotInTray."""
    return _with(tray, msgspec.structs.replace(tray.pages[_place(tray, page_id)], corners=corners))


def rotate(tray: Tray, page_id: str, *, turns: int) -> Tray:
    """Turn one page by quarter turns clockwise (negative: anticlockwise)."""
    page = tray.pages[_place(tray, page_id)]
    return _with(tray, msgspec.structs.replace(page, turns=(page.turns + turns) % 4))


def move(tray: Tray, page_id: str, *, to: int) -> Tray:
    """Move one page so that it lies at position `to`, counted from 0 in the resulting tray."""
    place = _place(tray, page_id)
    rest = tray.pages[:place] + tray.pages[place + 1 :]
    return msgspec.structs.replace(tray, pages=rest[:to] + (tray.pages[place],) + rest[to:])


def interleave(fronts: Tray, backs: Tray, *, backs_reversed: bool = True) -> Tray:
    """Join two single-sided passes of the same stack into front, back, front, back.

    Args:
        fronts: the first pass.
        backs: the second pass; `backs_reversed` where the whole stack was turned over, so the last sheet came first.

    Raises:
        PassesDoNotMatch: CAP-021 when the numbers differ; one sheet was pulled in double.
    """
    if len(fronts.pages) != len(backs.pages):
        raise PassesDoNotMatch(fronts=len(fronts.pages), backs=len(backs.pages))
    turned = backs.pages[::-1] if backs_reversed else backs.pages
    pages = tuple(page for pair in zip(fronts.pages, turned, strict=True) for page in pair)
    return Tray(pages, fronts.removed + backs.removed)


def mark_note_pair(tray: Tray, *, with_note: str, without_note: str) -> Tray:
    """Mark two captures as the same page, once with its sticky note and once without."""
    for page_id, side in ((with_note, "with_note"), (without_note, "without_note")):
        page = tray.pages[_place(tray, page_id)]
        marked: NoteSide = "with_note" if side == "with_note" else "without_note"
        tray = _with(tray, msgspec.structs.replace(page, pair=without_note, note=marked))
    return tray


def expect_note_pair(tray: Tray, page_id: str) -> Tray:
    """Mark a captured page as bearing a note whose second capture is still to come."""
    page = tray.pages[_place(tray, page_id)]
    return _with(tray, msgspec.structs.replace(page, pair=page_id, note="with_note"))


def unmark_note_pair(tray: Tray, page_id: str) -> Tray:
    """Take the mark of a sticky note off a page and its other capture."""
    pair = tray.pages[_place(tray, page_id)].pair
    for page in tray.pages:
        if pair is not None and page.pair == pair:
            tray = _with(tray, msgspec.structs.replace(page, pair=None, note=None))
    return tray


def toggle_note(tray: Tray, page_id: str) -> Tray:
    """Mark a page as bearing a note, its capture without the note being the next image; or take a mark off again.

    Where no next image is there yet, the second capture is expected; pressed again once it arrived, the pair is whole.
    """
    place = _place(tray, page_id)
    page = tray.pages[place]
    following = tray.pages[place + 1] if place + 1 < len(tray.pages) else None
    is_waiting = page.note == "with_note" and sum(1 for one in tray.pages if one.pair == page.pair) == 1
    if page.pair is not None and not (is_waiting and following is not None and following.pair is None):
        return unmark_note_pair(tray, page_id)
    if following is not None and following.pair is None:
        return mark_note_pair(tray, with_note=page_id, without_note=following.page_id)
    return expect_note_pair(tray, page_id)


def mark_declared_notes(tray: Tray, declared_pages: int, note_pages: Sequence[int]) -> Tray:
    """Mark the pairs of an untouched stack: a page with a note lies in it as two images in a row, with the note first."""
    place = 0
    for page in range(1, declared_pages + 1):
        if page in note_pages and place + 1 < len(tray.pages):
            tray = mark_note_pair(tray, with_note=tray.pages[place].page_id, without_note=tray.pages[place + 1].page_id)
            place += 1
        elif page in note_pages and place < len(tray.pages):
            tray = expect_note_pair(tray, tray.pages[place].page_id)
        place += 1
    return tray


def note_page_numbers(tray: Tray) -> tuple[int, ...]:
    """Numbers, from 1, of the pages captured with and without their note; the two captures count as one page."""
    numbers: dict[str, int] = {}
    number = 0
    for page in tray.pages:
        if page.pair is None:
            number += 1
        elif page.pair not in numbers:
            number += 1
            numbers[page.pair] = number
    return tuple(numbers.values())


def restore(tray: Tray, page_id: str) -> Tray:
    """Put a page that was taken out under the others again; one that was not taken out changes nothing."""
    back = tuple(one.page for one in tray.removed if one.page.page_id == page_id)
    left = tuple(one for one in tray.removed if one.page.page_id != page_id)
    return Tray(tray.pages + back, left)


def duplicates(tray: Tray) -> tuple[tuple[str, str], ...]:
    """Pairs of page ids (first, later) with the same image bytes; advice for the clerk, not a verdict."""
    first: dict[bytes, str] = {}
    found = []
    for page in tray.pages:
        if page.digest in first:
            found.append((first[page.digest], page.page_id))
        first.setdefault(page.digest, page.page_id)
    return tuple(found)


def reconcile(tray: Tray, declared_pages: int, note_pages: int) -> Reconciliation:
    """Compare the tray with the page count typed before scanning (R-21, R-23, R-24).

    Expected images are the declared pages plus one more for each page with a note. The result is a value to show;
    `require_complete` on it is the gate before signing.
    """
    sides: dict[str, set[str]] = {}
    for page in tray.pages:
        if page.pair is not None and page.note is not None:
            sides.setdefault(page.pair, set()).add(page.note)
    whole = [pair for pair, found in sides.items() if len(found) == 2]
    return Reconciliation(
        declared_pages=declared_pages,
        note_pages=note_pages,
        expected_images=declared_pages + note_pages,
        found_images=len(tray.pages),
        found_pairs=len(whole),
        incomplete_pairs=tuple(pair for pair in sides if pair not in whole),
        duplicates=duplicates(tray),
    )


def _place(tray: Tray, page_id: str) -> int:
    for place, page in enumerate(tray.pages):
        if page.page_id == page_id:
            return place
    raise PageNotInTray(page_id=page_id)


def _with(tray: Tray, changed: TrayPage) -> Tray:
    pages = tuple(changed if page.page_id == changed.page_id else page for page in tray.pages)
    return msgspec.structs.replace(tray, pages=pages)
