"""`central-hub lists` from the outside, and ALM-019: the alarm that opens while a list runs out."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.cli.commands import app
from central_hub.operations.alarm_keeping import look_once
from central_hub.operations.alarms import open_alarms
from central_hub.seals.errors import ListForeign, ListUnreadable, NoTrustFolder
from central_hub.seals.opening import trust_folder_of
from deploy.demo.authority import Authority, make_authority, revocation_list, root_revocation_list
from tests.browser.desk import Clock
from tests.browser.hub import make_hub

DAY = dt.timedelta(days=1)
NAMED = '[seals]\ntrust_folder = "signers"\n'


class World:
    """A hub whose trust folder holds one authority with fresh lists, as of the machine's clock: the commands ask no other."""

    def __init__(self, root: Path, settings: str = NAMED) -> None:
        self.now = dt.datetime.now(dt.UTC).replace(microsecond=0)
        self.root = root / "hub"
        self._is_closed = False
        clock = Clock()
        clock.at = self.now
        self.hub: Hub = make_hub(self.root, clock, settings)
        self.authority: Authority = make_authority(root / "authority", self.now)
        folder = trust_folder_of(self.hub)
        if folder is not None:
            folder.mkdir()
            (folder / "a.root.der").write_bytes(self.authority.root.der)
            (folder / "a.issuer.der").write_bytes(self.authority.issuing.der)
            for number, made in enumerate(self.lists(self.now)):
                (folder / f"{number}.crl").write_bytes(made)

    def lists(self, at: dt.datetime) -> tuple[bytes, bytes]:
        return root_revocation_list(self.authority, at), revocation_list(self.authority, at)

    def close(self) -> None:
        """Give the database to whoever opens it next. Idempotent."""
        if not self._is_closed:
            self.hub.store.close()
            self._is_closed = True

    def run(self, *words: str) -> None:
        self.close()
        app(["lists", *words, "--state", str(self.root), "--json"], exit_on_error=False, result_action="return_value")


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    one = World(tmp_path)
    yield one
    one.close()


def test_show_lists_every_authority_with_the_end_of_its_list(world: World, capsys: pytest.CaptureFixture[str]) -> None:
    world.run("show")
    shown = json.loads(capsys.readouterr().out)
    assert len(shown) == 2
    assert {one["revoked"] for one in shown} == {0, 1}
    assert all(one["ends"].startswith(str((world.now + 7 * DAY).date())) for one in shown)


def test_show_ends_with_10_where_a_list_must_be_exchanged(world: World) -> None:
    folder = trust_folder_of(world.hub)
    assert folder is not None
    (folder / "1.crl").unlink()
    with pytest.raises(SystemExit) as ended:
        world.run("show")
    assert ended.value.code == 10


def test_renew_takes_a_newer_list_and_publishes_it(
    world: World, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    newer = tmp_path / "newer.crl"
    newer.write_bytes(revocation_list(world.authority, world.now, serial_of=("revoked", "officer_rsa")))
    world.run("renew", str(newer))
    (shown,) = json.loads(capsys.readouterr().out)
    assert shown["revoked"] == 2


def test_renew_refuses_a_strangers_list_and_a_file_that_is_none(world: World, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.crl"
    foreign.write_bytes(make_authority(tmp_path / "other", world.now).crls[1])
    with pytest.raises(ListForeign):
        world.run("renew", str(foreign))
    with pytest.raises(ListUnreadable):
        world.run("renew", str(tmp_path / "not there"))


def test_a_hub_without_a_trust_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(NoTrustFolder):
        World(tmp_path, "").run("show")


def _alarm_days(hub: Hub) -> list[int]:
    look_once(hub)
    return [one.amount for one in hub.store.readers.run(open_alarms) if one.page == "ALM-019"]


def test_alm_019_opens_while_a_list_runs_out_and_closes_when_a_newer_one_is_there(world: World) -> None:
    hub, folder = world.hub, trust_folder_of(world.hub)
    assert folder is not None
    first, second = world.lists(hub.now() - 6 * DAY)
    (folder / "0.crl").write_bytes(first)
    (folder / "1.crl").write_bytes(second)
    assert _alarm_days(hub) == [1]
    for number, made in enumerate(world.lists(hub.now())):
        (folder / f"{number}.crl").write_bytes(made)
    assert _alarm_days(hub) == []
    (folder / "0.crl").unlink()
    assert _alarm_days(hub) == [-1]
