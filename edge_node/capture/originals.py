"""Files as they came: kept sealed as evidence before anything looks into them, grouped into one component's pages.

Nothing is deleted here, whatever the verdict: an unreadable file stays with its reason.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import msgspec

from edge_node.capture.decode import RunsTasks, decode_file
from edge_node.capture.tray import Tray, TrayPage, add, expect_note_pair, mark_note_pair, reconcile
from edge_node.capture.untrusted import DecodedPage, DecodeLimits
from sync_protocol.adapters.files import FileStore


class Original(msgspec.Struct, frozen=True):
    """A kept file: its address in the file store and the name it was given (shown to the clerk, used for nothing else)."""

    digest: bytes
    name: str


class GatheredPages(msgspec.Struct, frozen=True):
    """All pages of one component in order, with the tray that was counted, and what the clerk should know."""

    pages: tuple[DecodedPage, ...]
    tray: Tray
    warnings: tuple[str, ...]


def keep(files: FileStore, contents: Sequence[tuple[str, bytes]]) -> tuple[Original, ...]:
    """Seal files away as evidence; durable when this returns. The same content twice is one file."""
    return tuple(Original(bytes.fromhex(files.put(content)), name) for name, content in contents)


def gather(
    files: FileStore, originals: Sequence[Original], sandbox: RunsTasks, limits: DecodeLimits | None = None
) -> GatheredPages:
    """Decode every file of a component in the sandbox and lay the pages into a tray in the order they came.

    Raises:
        CaptureProblem: what is wrong with which file; nothing is lost by it.
    """
    pages: list[DecodedPage] = []
    warnings: list[str] = []
    for original in originals:
        decoded = decode_file(files.get(original.digest.hex()), original.name, sandbox=sandbox, limits=limits)
        pages += decoded.pages
        warnings += decoded.warnings
    tray = add(
        Tray(), [TrayPage(f"p{n}", hashlib.sha256(page.content).digest()) for n, page in enumerate(pages, start=1)]
    )
    return GatheredPages(tuple(pages), tray, tuple(dict.fromkeys(warnings)))


def count(gathered: GatheredPages, declared_pages: int, note_pages: Sequence[int]) -> Tray:
    """Hold the count before signing: declared pages, and both captures of every page with a note (R-23, R-24).

    A page with a note lies in the tray as two images in a row: with the note first, then without it.

    Raises:
        TrayMismatch: images do not match what was declared.
    """
    tray = gathered.tray
    place = 0
    for page in range(1, declared_pages + 1):
        if page in note_pages and place + 1 < len(tray.pages):
            tray = mark_note_pair(tray, with_note=tray.pages[place].page_id, without_note=tray.pages[place + 1].page_id)
            place += 1
        elif page in note_pages and place < len(tray.pages):
            tray = expect_note_pair(tray, tray.pages[place].page_id)
        place += 1
    reconcile(tray, declared_pages, len(note_pages)).require_complete()
    return tray
