"""A setting of the environment reaches every command: a container has no editor for its settings file."""

from __future__ import annotations

from pathlib import Path

import pytest

from central_hub.cli.opening import open_hub
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
