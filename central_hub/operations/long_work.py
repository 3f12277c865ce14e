"""What the hub works off for a while, and how far it is: a moved database whose figures are counted anew, a morning's files to be judged.

What is level within moments is no long work and is not shown.
"""

from __future__ import annotations

from collections.abc import Iterable

import apsw
import msgspec

from central_hub.enrolment.feed_filling import fed_upto
from central_hub.figures.sums import position_of
from sync_protocol.adapters import event_log
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.ids import OfficeCode

LONG_EVENTS = 2_000  # behind by less, the next seconds level it
LONG_FILES = 50


class LongWork(msgspec.Struct, frozen=True):
    """One work under way: `done` of `whole`, counted in what `name` works on; `whole` 0 where nobody can say how much there is. `of`: an office."""

    name: str
    done: int
    whole: int
    of: str = ""

    @property
    def left(self) -> int:
        """How much is still to do."""
        return self.whole - self.done


def long_work(connection: apsw.Connection, *, has_feed: bool, snapshots: Iterable[OfficeCode] = ()) -> list[LongWork]:
    """Every long work now; `snapshots` are offices whose first filling is being put together in this process."""
    newest = event_log.last_position(connection)
    works = [LongWork("figures", min(position_of(connection), newest), newest)]
    if has_feed:
        works.append(LongWork("feed", min(fed_upto(connection), newest), newest))
    waiting = one_int(connection.execute("SELECT count(*) FROM blob WHERE state = 'held'").fetchone())
    found = [work for work in works if work.left >= LONG_EVENTS]
    if waiting >= LONG_FILES:
        files = one_int(connection.execute("SELECT count(*) FROM blob").fetchone())
        found.append(LongWork("judging", files - waiting, files))
    return [*found, *(LongWork("snapshot", 0, 0, office) for office in sorted(snapshots))]
