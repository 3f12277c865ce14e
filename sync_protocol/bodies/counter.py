"""What is said of a visit to the counter; nobody can be named in it.

Source: QĐ 468/QĐ-TTg (waiting time of a transaction).
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

import msgspec

from sync_protocol.ids import OfficeCode
from sync_protocol.limits import Natural

DESK_NUMBER_MAX: Final = 99
TICKET_NUMBER_MAX: Final = 9_999


class VisitFinished(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True, gc=False):
    """One visit to the counter is over: served, called in vain, or still waiting when the day was closed.

    Its record id names the visit, never a dossier (`BESIDE_DOSSIERS`). Every field is a number or a word of a closed list, so nobody
    can be named in it. A time of 0 never happened; `called_ms` is the first call. `desk` is 0 where none called.
    """

    office: OfficeCode
    number: Annotated[int, msgspec.Meta(ge=1, le=TICKET_NUMBER_MAX)]
    kind: Literal["submit", "supplement", "collect", "advice"]
    outcome: Literal["served", "no_show", "unserved"]
    drawn_ms: Natural
    called_ms: Natural = 0
    started_ms: Natural = 0
    ended_ms: Natural
    desk: Annotated[int, msgspec.Meta(ge=0, le=DESK_NUMBER_MAX)] = 0
