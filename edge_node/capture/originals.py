"""Files as they came: kept sealed as evidence before anything looks into them, grouped into one component's pages.

Nothing is deleted here, whatever the verdict: an unreadable file stays with its reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from edge_node.capture.decode import RunsTasks, decode_file, shown_name
from edge_node.capture.file_errors import ImageTooSmall
from edge_node.capture.tray import Tray, TrayPage, add, mark_declared_notes, reconcile
from edge_node.capture.untrusted import DecodedPage, DecodeLimits
from sync_protocol.adapters.files.store import FileStore

SIDE_MIN_PX = 50  # of a page; the short side of an identity card at 200 dpi has 425


class Original(msgspec.Struct, frozen=True):
    """A kept file: its address in the file store and the name it was given (shown to the clerk, used for nothing else)."""

    digest: bytes
    name: str


class Pick(msgspec.Struct, frozen=True):
    """A page as it was arranged in the tray: which kept file (its index), which page of it (from 0), turned and marked how."""

    original: int
    frame: int
    page: TrayPage


class GatheredPages(msgspec.Struct, frozen=True):
    """All pages of one component in order, with the tray that was counted, and what the clerk should know.

    Pages are as they were scanned; `tray.pages`, in the same order, says how each is turned to be read.
    """

    pages: tuple[DecodedPage, ...]
    tray: Tray
    warnings: tuple[str, ...]


def keep(files: FileStore, contents: Sequence[tuple[str, bytes]]) -> tuple[Original, ...]:
    """Seal files away as evidence; durable when this returns. The same content twice is one file."""
    return tuple(Original(bytes.fromhex(files.put(content)), name) for name, content in contents)


def gather(
    files: FileStore,
    originals: Sequence[Original],
    sandbox: RunsTasks,
    limits: DecodeLimits | None = None,
    picks: Sequence[Pick] = (),
) -> GatheredPages:
    """Decode every file of a component in the sandbox and lay the pages into a tray: in the order they came, or as picked.

    Raises:
        CaptureProblem: what is wrong with which file; nothing is lost by it.
    """
    pages: list[DecodedPage] = []
    warnings: list[str] = []
    places: dict[tuple[int, int], DecodedPage] = {}
    for number, original in enumerate(originals):
        wanted = {pick.frame for pick in picks if pick.original == number} if picks else None
        content = files.get(original.digest.hex())
        decoded = decode_file(content, original.name, sandbox=sandbox, limits=limits, frames=wanted)
        for page in decoded.pages:
            if min(page.width_px, page.height_px) < SIDE_MIN_PX:
                raise ImageTooSmall(name=shown_name(original.name), width_px=page.width_px, height_px=page.height_px)
        places |= {(number, page.source_frame): page for page in decoded.pages}
        pages += decoded.pages
        warnings += decoded.warnings
    said = tuple(dict.fromkeys(warnings))
    if picks:
        chosen = tuple(places[one.original, one.frame] for one in picks)
        return GatheredPages(chosen, Tray(tuple(one.page for one in picks)), said)
    tray = add(
        Tray(), [TrayPage(f"p{n}", hashlib.sha256(page.content).digest()) for n, page in enumerate(pages, start=1)]
    )
    return GatheredPages(tuple(pages), tray, said)


def count(gathered: GatheredPages, declared_pages: int, note_pages: Sequence[int]) -> Tray:
    """Hold the count before signing: declared pages, and both captures of every page with a note (R-23, R-24).

    Where nobody marked pairs in the tray, a page with a note lies there as two images in a row: with the note first.

    Raises:
        TrayMismatch: images do not match what was declared.
    """
    tray = gathered.tray
    if all(page.pair is None for page in tray.pages):
        tray = mark_declared_notes(tray, declared_pages, note_pages)
    reconcile(tray, declared_pages, len(note_pages)).require_complete()
    return tray


def straightened(gathered: GatheredPages) -> GatheredPages:
    """The pages with every photographed sheet that the clerk accepted seen from above, and a sentence for each such page.

    The kept file stays the photograph; what becomes the copy says in its own record what was done to it.
    """
    if not any(one.corners for one in gathered.tray.pages):
        return gathered
    pages, said = [], []
    for number, (page, place) in enumerate(zip(gathered.pages, gathered.tray.pages, strict=True), start=1):
        pages.append(_from_above(page, place.corners) if place.corners else page)
        if place.corners:
            shown = " ".join(f"{share:.3f}" for share in place.corners)
            said.append(f"trang {number}: ảnh chụp được nắn thẳng theo bốn góc tờ giấy ({shown}); ảnh chụp gốc giữ tại điểm")
    return GatheredPages(tuple(pages), gathered.tray, (*gathered.warnings, *said))


def _from_above(page: DecodedPage, corners: tuple[float, ...]) -> DecodedPage:
    from edge_node.copies.profile import DESK, encode_page
    from edge_node.imaging.decode import page_from_bytes
    from edge_node.imaging.photographed import from_above

    seen = from_above(page_from_bytes(page.content), corners, DESK.dpi)
    height, width = seen.shape[:2]
    return msgspec.structs.replace(
        page, content=encode_page(seen), media_type="image/jpeg", width_px=width, height_px=height, dpi=DESK.dpi, origin="straightened"
    )  # fmt: skip
