"""The desk warns about a certificate and never bars it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from edge_node.signing.standing import keep_certificate, standing_of, standings
from tests.edge_node.signing.material import NOW, world

DAY = dt.timedelta(days=1)


@pytest.mark.parametrize(
    ("person", "at", "warning"),
    [
        ("officer_rsa", NOW, ""),
        ("officer_rsa", NOW + 720 * DAY, "còn 10 ngày"),
        ("expired", NOW, "hết hạn"),
        ("revoked", NOW, "danh sách thu hồi"),
    ],
)
def test_a_certificate_is_told_as_it_stands(person: str, at: dt.datetime, warning: str) -> None:
    told = standing_of("cb01", world().authority.people[person].certificate, world().authority.crls, at)
    assert warning in told.warning
    assert bool(told.warning) == bool(told.next_step) == bool(warning)


def test_without_a_list_nothing_is_said_of_revocation() -> None:
    told = standing_of("cb01", world().authority.people["revoked"].certificate, (b"broken",), NOW)
    assert (told.is_revoked, told.list_days, told.warning) == (False, None, "")


def test_an_opened_key_leaves_its_certificate_and_no_name_behind(tmp_path: Path) -> None:
    keep_certificate(tmp_path, "cb.nhan", world().authority.people["officer_rsa"].certificate)
    found = standings(tmp_path, ("cb.nhan", "cb.khac"), world().authority.crls, NOW)
    assert [(one.account, one.days_left) for one in found] == [("cb.nhan", 730)]
    assert not any("cb" in path.name for path in tmp_path.rglob("*.der"))
