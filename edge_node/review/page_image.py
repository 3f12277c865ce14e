"""A page of a copy as a picture for the screen, and the coordinates in which boxes lie on it.

The picture is drawn from the signed file itself, so what an officer confirms is what was signed. A copy may come from another office, and
its pages hold pictures that came from outside: it is drawn in a sandboxed process, never in the one that holds the database and the keys.
Opening a paper draws its first pages at once; they are kept in memory for the next look (a digest never changes its content).
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable

import msgspec

from edge_node.capture.decode import RunsTasks
from edge_node.review.errors import PageUndrawable
from sync_protocol.adapters.sandbox.errors import SandboxProblem, SandboxTaskUnknown, SandboxUnavailable
from sync_protocol.adapters.sandbox.sandbox import SandboxLimits
from sync_protocol.ids import BlobDigest

PAGES_TASK = "pages"
PAGES_ENTRY = "edge_node.review.page_task:draw"
SCREEN_DPI = 110
PAGES_AT_ONCE = 4
KEPT_BYTES = 48_000_000
_LIMITS = SandboxLimits(memory_mb=1024, cpu_s=20, wall_s=60.0, result_mb=32)


class PageSize(msgspec.Struct, frozen=True):
    """Width and height of the scanned image in px: the coordinates of boxes, origin top-left."""

    width_px: int
    height_px: int


class DrawnPages(msgspec.Struct, frozen=True):
    """What the sandboxed side answers: the size of every page, and the pictures (JPEG) from page `first` on. Empty: no copy of ours."""

    sizes: tuple[PageSize, ...] = ()
    first: int = 1
    pictures: tuple[bytes, ...] = ()


class PageImages:
    """The pages of copies for the screen. Safe for threads; holds at most `KEPT_BYTES` of pictures."""

    def __init__(self, sandbox: RunsTasks, content_of: Callable[[BlobDigest], bytes]) -> None:
        self._sandbox, self._content_of = sandbox, content_of
        self._kept: OrderedDict[tuple[BlobDigest, int], DrawnPages] = OrderedDict()
        self._lock = threading.Lock()

    def sizes(self, digest: BlobDigest) -> tuple[PageSize, ...]:
        """The scanned image's size for every page of a copy.

        Raises:
            PageUndrawable: the file is no copy of ours, or drawing it was stopped. SandboxProblem: the machine. A Problem of the store.
        """
        sizes = self._stretch(digest, 0).sizes
        if not sizes:
            raise PageUndrawable(page=0)
        return sizes

    def picture(self, digest: BlobDigest, page: int) -> bytes:
        """One page, counted from 1, as JPEG. Raises as `sizes`; PageUndrawable where there is no such page."""
        if not 1 <= page <= 10_000:
            raise PageUndrawable(page=page)
        stretch = self._stretch(digest, (page - 1) // PAGES_AT_ONCE)
        at = page - stretch.first
        if not 0 <= at < len(stretch.pictures):
            raise PageUndrawable(page=page)
        return stretch.pictures[at]

    def _stretch(self, digest: BlobDigest, number: int) -> DrawnPages:
        with self._lock:
            held = self._kept.get((digest, number))
            if held is not None:
                self._kept.move_to_end((digest, number))
                return held
        first = number * PAGES_AT_ONCE + 1
        drawn = draw_pages(self._content_of(digest), first, sandbox=self._sandbox)
        with self._lock:
            self._kept[digest, number] = drawn
            while (
                len(self._kept) > 1
                and sum(len(one) for kept in self._kept.values() for one in kept.pictures) > KEPT_BYTES
            ):
                self._kept.popitem(last=False)
        return drawn


def draw_pages(
    pdf: bytes, first: int, *, sandbox: RunsTasks, count: int = PAGES_AT_ONCE, dpi: int = SCREEN_DPI
) -> DrawnPages:
    """Draw a stretch of pages in a process of its own. Blocking; repeating it gives the same.

    Raises:
        PageUndrawable: drawing it was stopped (time, memory, a crash). SandboxUnavailable, SandboxTaskUnknown: the machine or our code.
    """
    try:
        answer = sandbox.run(PAGES_TASK, pdf, {"first": first, "count": count, "dpi": dpi}, limits=_LIMITS)
        return msgspec.msgpack.decode(answer, type=DrawnPages)
    except (SandboxUnavailable, SandboxTaskUnknown):
        raise
    except (SandboxProblem, msgspec.MsgspecError) as problem:
        raise PageUndrawable(page=first) from problem
