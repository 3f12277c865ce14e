"""The harness's own eyes: a place where copies of several machines lie one after the other is opened with the keys of the one that lies there."""

from __future__ import annotations

from pathlib import Path

import pytest

from sync_protocol.adapters.disk import DiskCondition, DiskLimits, judge_free_space
from tests.faults.processes import disks


def test_a_second_copy_at_one_place_is_opened_with_its_own_keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disks, "unlock_keys", lambda path, opening: path.read_text(encoding="ascii"))
    for machine in ("first", "second"):
        (tmp_path / machine).mkdir()
        (tmp_path / machine / "keys.json").write_text(machine, encoding="ascii")
        assert disks.keys_of(disks.copy_of(tmp_path / machine, tmp_path / "clone")) == machine


def test_a_hub_may_be_begun_on_its_small_disk() -> None:
    assert judge_free_space(disks.DISK_MB << 20, DiskLimits()).condition is not DiskCondition.READ_ONLY
