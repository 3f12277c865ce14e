"""Leaving the scope of a dossier: an office asks, the hub judges, and a later entry undoes what was granted (sync.md 2.8).

None of the three says anything of the dossier itself (`BESIDE_DOSSIERS`): its view is the same with and without them.
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from sync_protocol.ids import ActId, OfficeCode
from sync_protocol.limits import Natural

ExitReason = Literal["handed_on", "settled", "looked_up", "other"]
ExitObstacle = Literal["", "not_whole", "received_here", "custodian", "open_case", "acted_since"]
EXITS: Final = frozenset({"exit.asked", "exit.judged", "exit.undone"})
EXIT_NOTE_MAX: Final = 200  # characters of the free line


class ExitAsked(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """An office that only follows this dossier lets it go. `note` is the officer's own line beside the reason; it stays in this event."""

    office: OfficeCode
    reason: ExitReason
    officer: str
    at_ms: Natural
    note: str = ""


class ExitJudged(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: what became of the wish `of` (the act of an `exit.asked`). Granted where `obstacle` is empty: the office is entitled to the dossier no more.

    `code`, `procedure` and `reason` are what the office's tombstone says; nothing in here says anything of a person.
    """

    office: OfficeCode
    of: ActId
    at_ms: Natural
    obstacle: ExitObstacle = ""
    reason: ExitReason = "other"
    code: str = ""
    procedure: str = ""


class ExitUndone(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """Hub: the office entered the scope again. `of` are the granted wishes that are over; one that is judged again after a restore is over as well."""

    office: OfficeCode
    of: tuple[ActId, ...]
