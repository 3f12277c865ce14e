"""What the running node tells its pages: the line, and how to wake the workers. Set by the command that serves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from edge_node.capture.finding import FoundScanner, find_scanners
from edge_node.capture.scanning import Scans
from edge_node.capture.watching import FolderState
from edge_node.sync.driver import SyncDriver
from edge_node.sync.queue import OFFLINE, LineState
from edge_node.sync.transfers import Transfers
from sync_protocol import sender


@dataclass
class LiveState:
    """The moving parts beside the pages. Without a driver the node is an office without a line, which is a normal state.

    `line_since_ms` is when a page first saw the line as it is now; `wake_capture` tells the workers that
    a capture job or a file of the tray waits; `scans` and `folder` are what scanners and the watched folder are doing;
    `found_scanners` is what the last look in the network found.
    """

    driver: SyncDriver | None = None
    transfers: Transfers | None = None
    line_since_ms: int | None = None
    wake_capture: Callable[[], None] = lambda: None
    scans: Scans = field(default_factory=Scans)
    folder: FolderState = field(default_factory=FolderState)
    look_for_scanners: Callable[[], Awaitable[tuple[FoundScanner, ...]]] = find_scanners
    found_scanners: tuple[FoundScanner, ...] = ()
    _was_open: bool | None = None

    def line(self, now_ms: int) -> LineState:
        """The line now (UTC ms). Bars of open pages ask every five seconds, so `since` is that exact."""
        if self.driver is None:
            return OFFLINE
        engine = self.driver.state
        if self._was_open is not (engine.phase == "open"):
            self.line_since_ms = None if self._was_open is None else now_ms
            self._was_open = engine.phase == "open"
        return LineState(engine.phase, engine.reason, engine.wake_at_ms, engine.failures, self.line_since_ms)

    def try_now(self) -> None:
        """An officer pressed *Thử ngay*; from the event loop's thread. Harmless at any time."""
        if self.driver is not None:
            self.driver.tell(sender.Woken())
