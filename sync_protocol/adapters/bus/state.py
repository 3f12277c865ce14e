"""What a lane says about itself: connected, disconnected since, or refused and why. Derived, never stored."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import Literal

from sync_protocol.adapters.bus.errors import BusProblem


@dataclasses.dataclass(frozen=True)
class LaneState:
    """One connection's state.

    `since` is when this state began (aware UTC). `problem` says why there is no connection; its Vietnamese sentence is
    what a clerk may read. `refused` means that waiting does not help: somebody has to act.
    """

    kind: Literal["connected", "disconnected", "refused", "closed"]
    since: dt.datetime
    server: str = ""
    problem: BusProblem | None = None
    next_attempt_at: dt.datetime | None = None
    uses_bbr: bool = False

    @property
    def is_connected(self) -> bool:
        """Whether a request can be sent now."""
        return self.kind == "connected"


@dataclasses.dataclass(frozen=True)
class BusState:
    """Both lanes of a node."""

    records: LaneState
    files: LaneState

    @property
    def is_connected(self) -> bool:
        """Whether records can be sent now; files are second."""
        return self.records.is_connected

    @property
    def problem(self) -> BusProblem | None:
        """What keeps records, or else files, from going."""
        return self.records.problem or self.files.problem
