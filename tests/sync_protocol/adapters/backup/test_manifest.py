"""Which backups stay."""

from __future__ import annotations

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from sync_protocol.adapters.backup.manifest import Keep, kept

NOW = dt.datetime(2026, 11, 22, 2, tzinfo=dt.UTC)


def test_a_year_of_nightly_backups_keeps_seven_days_four_weeks_twelve_months() -> None:
    nightly = [NOW - dt.timedelta(days=back) for back in range(400)]
    stays = kept(nightly, Keep())
    assert {NOW - dt.timedelta(days=back) for back in range(7)} <= stays
    assert 17 <= len(stays) <= 23 and min(stays) < NOW - dt.timedelta(days=300)


@given(st.lists(st.integers(0, 5_000), max_size=60), st.integers(1, 9), st.integers(0, 5), st.integers(0, 13))
def test_the_newest_always_stays_and_pruning_twice_changes_nothing(
    hours: list[int], days: int, weeks: int, months: int
) -> None:
    moments = [NOW - dt.timedelta(hours=back) for back in hours]
    keep = Keep(days, weeks, months)
    once = kept(moments, keep)
    assert once <= set(moments) and kept(once, keep) == once
    assert not moments or max(moments) in once
