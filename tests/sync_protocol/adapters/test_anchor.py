"""The anchor file moves first, is whole after a crash, and gives way when it cannot be read."""

from __future__ import annotations

import datetime as dt
import errno
from pathlib import Path

import pytest

from sync_protocol.adapters import anchor
from sync_protocol.adapters import storage_errors as problems
from sync_protocol.adapters.anchor import AnchorFile, machine_fingerprint
from sync_protocol.anchor_rules import RANGE_SIZE, Anchor, Continue, DatabaseState, NewIncarnation

ANCHOR = Anchor("db-1", "inc-1", 0, "boot-1", "machine-1")


def test_what_was_reserved_is_on_the_disk_before_it_is_used(tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "anchor.json")
    assert file.read() is None
    file.write(ANCHOR)
    assert file.reserve_range().reserved_upto == RANGE_SIZE
    file.reserve_codes("s", dt.date(2026, 11, 22), 5)
    again = AnchorFile(tmp_path / "anchor.json").read()
    assert again is not None and (again.reserved_upto, again.codes_reserved) == (RANGE_SIZE, {"s|2026-11-22": 5})


def test_an_older_database_beside_the_anchor_opens_a_new_incarnation(tmp_path: Path) -> None:
    file = AnchorFile(tmp_path / "anchor.json")
    file.write(ANCHOR)
    assert isinstance(file.assess(DatabaseState("db-1", "inc-1", 0, 0), machine="machine-1"), Continue)
    file.reserve_range()
    found = file.assess(DatabaseState("db-1", "inc-1", 0, 0), machine="machine-1")
    assert isinstance(found, NewIncarnation) and found.reason == "database_rolled_back"


def test_an_unreadable_anchor_is_kept_aside(tmp_path: Path) -> None:
    (tmp_path / "anchor.json").write_bytes(b"\xff{")
    file = AnchorFile(tmp_path / "anchor.json")
    with pytest.raises(problems.AnchorUnreadable):
        file.read()
    found = file.assess(DatabaseState("db-1", "inc-1", 0, 0), machine="machine-1")
    assert isinstance(found, NewIncarnation) and found.reason == "anchor_unreadable"
    assert (tmp_path / "anchor.json.unreadable").exists()
    with pytest.raises(problems.AnchorUnreadable):
        file.reserve_range()


@pytest.mark.parametrize(
    ("number", "kind"), [(errno.ENOSPC, problems.StorageFull), (errno.EDQUOT, problems.StorageFull), (errno.EIO, problems.StorageUnavailable)]
)
def test_a_disk_that_refuses_the_anchor_is_called_what_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int, kind: type[problems.StorageProblem]
) -> None:
    def refused(*_: object) -> None:
        raise OSError(number, "refused")

    monkeypatch.setattr(anchor, "write_durably", refused)
    with pytest.raises(kind):
        AnchorFile(tmp_path / "anchor.json").write(Anchor("db-1", "inc-1", 0, "token", "machine-1"))


def test_the_fingerprint_follows_the_machine(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("a\n")
    two.write_text("b\n")
    assert machine_fingerprint((one,)) == machine_fingerprint((one,)) != machine_fingerprint((two,))
    assert machine_fingerprint((tmp_path / "absent",)) != machine_fingerprint((one,))
