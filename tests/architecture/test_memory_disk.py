"""Folders of tests lie in memory where that is possible, and nowhere else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests import memory_disk as disk


def test_a_folder_of_a_test_lies_in_memory_where_the_machine_has_room(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    if disk.memory_disk() is None or request.config.option.basetemp is not None and not hasattr(request.config, "workerinput"):
        pytest.skip("no disk in memory here, or somebody said where folders are to lie")
    assert tmp_path.is_relative_to(disk.MEMORY)


def test_a_memory_that_is_absent_or_small_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(disk, "MEMORY", tmp_path)
    monkeypatch.setattr(disk, "BYTES_MIN", 0)
    assert disk.memory_disk() == tmp_path
    monkeypatch.setattr(disk, "BYTES_MIN", 2**62)
    assert disk.memory_disk() is None
    monkeypatch.setattr(disk, "BYTES_MIN", 0)
    monkeypatch.setattr(disk, "MEMORY", tmp_path / "absent")
    assert disk.memory_disk() is None
