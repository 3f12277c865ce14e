"""A disk that fills up first refuses scans, then every write, and keeps a reserve."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.disk import Ballast, DiskCondition, DiskLimits, disk_state, judge_free_space

LIMITS = DiskLimits(uploads_bytes=2_000, writes_bytes=500)


@pytest.mark.parametrize(
    ("free", "condition"),
    [(2_000, "ok"), (1_999, "refuse_uploads"), (500, "refuse_uploads"), (499, "read_only"), (0, "read_only")],
)
def test_each_limit_holds_to_the_byte(free: int, condition: str) -> None:
    assert judge_free_space(free, LIMITS).condition == condition


def test_what_is_refused_says_why() -> None:
    judge_free_space(2_000, LIMITS).require_uploads()
    judge_free_space(1_000, LIMITS).require_writes()
    with pytest.raises(problems.UploadsRefused):
        judge_free_space(1_000, LIMITS).require_uploads()
    with pytest.raises(problems.StorageReadOnly):
        judge_free_space(100, LIMITS).require_uploads()


def test_the_real_disk_answers(tmp_path: Path) -> None:
    assert disk_state(tmp_path, DiskLimits(0, 0)).condition is DiskCondition.OK
    with pytest.raises(problems.StorageUnavailable):
        disk_state(tmp_path / "absent")


def test_the_reserve_is_real_and_given_back(tmp_path: Path) -> None:
    ballast = Ballast(tmp_path / "ballast", 64 * 1024)
    assert ballast.hold(DiskLimits(0, 0)) and ballast.hold(DiskLimits(0, 0)) and ballast.is_held
    assert (tmp_path / "ballast").stat().st_blocks * 512 >= 64 * 1024
    assert ballast.release() == 64 * 1024 and ballast.release() == 0
    assert not Ballast(tmp_path / "ballast", 64 * 1024).hold(DiskLimits(2**62, 0))
