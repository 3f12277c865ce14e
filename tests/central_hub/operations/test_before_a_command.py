"""Before a command works: a setting of the environment reaches it (a container has no editor for its settings file), and nothing is half begun."""

from __future__ import annotations

from pathlib import Path

import pytest

from central_hub.cli.init import init
from central_hub.cli.opening import open_hub
from sync_protocol.adapters.disk import DiskLimits, judge_free_space
from sync_protocol.adapters.storage_errors import StorageReadOnly
from tests.browser.desk import Clock
from tests.browser.hub import make_hub


def test_the_environment_wins_over_the_settings_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_hub(tmp_path / "hub", Clock(), "[web]\nport = 8123\n").store.close()
    monkeypatch.setenv("LIENTHONG_WEB__HOST", "0.0.0.0")
    monkeypatch.setenv("LIENTHONG_BUS__NAMES", '["hub.example.vn"]')
    hub = open_hub(tmp_path / "hub")
    try:
        assert (hub.settings.web.host, hub.settings.web.port) == ("0.0.0.0", 8123)
        assert hub.settings.bus.names == ("hub.example.vn",)
    finally:
        hub.store.close()


def test_no_hub_is_begun_on_a_disk_that_is_nearly_full(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("central_hub.cli.init.disk_state", lambda _: judge_free_space(4 << 20, DiskLimits()))
    with pytest.raises(StorageReadOnly):
        init(state=tmp_path / "hub")
    assert list((tmp_path / "hub").iterdir()) == []
