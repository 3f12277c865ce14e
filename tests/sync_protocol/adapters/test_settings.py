"""Settings say everything that is wrong at once, and where each value came from."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from sync_protocol.adapters import settings_errors as problems
from sync_protocol.adapters.settings import MASK, load_settings


class Hub(msgspec.Struct, frozen=True):
    url: str = "nats://127.0.0.1"
    retries: int = 3
    api_token: str = ""


class Example(msgspec.Struct, frozen=True):
    office: str
    port: int = 8000
    folders: list[str] = []
    hub: Hub = Hub()


def test_the_environment_wins_over_the_file_and_the_file_over_defaults(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text('office = "n0202"\nport = 9000\n[hub]\nretries = 5\n', encoding="utf-8")
    given = {
        "LIENTHONG_PORT": "9100",
        "LIENTHONG_HUB__API_TOKEN": "s3cret",
        "LIENTHONG_FOLDERS": '["a", "b"]',
        "HOME": "x",
    }
    settings = load_settings(Example, path, given)
    assert settings.values == Example("n0202", 9100, ["a", "b"], Hub(retries=5, api_token="s3cret"))
    explained = {row.name: (row.value, row.origin) for row in settings.explain()}
    assert explained["office"] == ("n0202", "node.toml")
    assert explained["port"] == ("9100", "LIENTHONG_PORT")
    assert explained["hub.retries"] == ("5", "node.toml")
    assert explained["hub.url"] == ("nats://127.0.0.1", "default")
    assert explained["hub.api_token"] == (MASK, "LIENTHONG_HUB__API_TOKEN")
    assert "s3cret" not in repr(settings.explain())


def test_all_problems_are_reported_at_once_and_without_secrets(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text('port = "many"\ncolour = 1\n[hub]\nretries = "x"\napi_token = 5\n', encoding="utf-8")
    with pytest.raises(problems.SettingsRejected) as caught:
        load_settings(Example, path, {"LIENTHONG_NOWHERE": "1"})
    named = {line.partition(":")[0] for line in caught.value.facts["problems"]}
    assert named == {"LIENTHONG_NOWHERE", "colour", "office", "port", "hub.retries", "hub.api_token"}
    assert caught.value.facts["count"] == 6 and "SET-001" in caught.value.operator_line


def test_a_file_that_cannot_be_read_says_so(tmp_path: Path) -> None:
    with pytest.raises(problems.SettingsUnreadable):
        load_settings(Example, tmp_path / "absent.toml", {})
    (tmp_path / "bad.toml").write_text("= [", encoding="utf-8")
    with pytest.raises(problems.SettingsUnreadable):
        load_settings(Example, tmp_path / "bad.toml", {})
