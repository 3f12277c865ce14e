"""Shares of a core: what is asked of the kernel, and below whose group."""

from __future__ import annotations

import pytest

from tests.benchmarks.shares import CPU, PERIOD_US, own_group, quota_us


def test_a_share_is_its_part_of_each_period() -> None:
    assert quota_us(0.3) == 3 * PERIOD_US // 10
    assert quota_us(1.5) == 3 * PERIOD_US // 2


@pytest.mark.parametrize("share", [0.0, 0.05, -1.0])
def test_a_share_that_the_kernel_would_not_take_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="share of a core"):
        quota_us(share)


@pytest.mark.parametrize(
    ("told", "below"),
    [
        ("4:memory:/a\n1:cpu:/jobs/one\n0::/\n", CPU / "jobs" / "one"),
        ("2:cpu,cpuacct:/\n", CPU),
        ("3:cpuset:/x\n0::/y\n", CPU),
    ],
)
def test_groups_are_made_below_ones_own(told: str, below: object) -> None:
    assert own_group(told) == below
