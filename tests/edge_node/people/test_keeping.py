"""Accounts of the office: block, reset, add, and the second factor with its recovery codes; every step is in the audit chain."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest

from edge_node.app import Node
from edge_node.people.errors import FactorCodeWrong, FactorNotBegun, NameOrAccountMissing, OwnAccount
from edge_node.people.keeping import Keeping
from edge_node.people.officers import UnknownOfficer
from edge_node.people.passwords import open_passwords
from edge_node.people.settings_text import save_settings
from edge_node.store import audit
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.people.errors import TooManyTries, WrongPassword
from sync_protocol.adapters.people.passwords import Passwords
from sync_protocol.errors import Problem
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node


class Place:
    """A node with its accounts and its door."""

    def __init__(self, root: Path) -> None:
        self.clock = Clock()
        self.node: Node = make_node(root / "node", self.clock)
        self.passwords: Passwords = open_passwords(self.node.folder.root, CHEAP)
        count = iter(range(10_000))
        self.keeping = Keeping(
            self.node, self.passwords, lambda n: bytes((next(count) * 7 + i * 13) % 251 for i in range(n))
        )
        self.door = Door(self.passwords, self.node.store.writer, self.node.store.readers, self.node.desk.now_ms)

    def comes_in(self, account: str, password: str, code: str = "") -> bool:
        try:
            asyncio.run(self.door.enter(account, password, code, "10.0.0.9"))
        except (WrongPassword, TooManyTries):
            return False
        return True

    def acts(self) -> list[tuple[str, str]]:
        rows = self.node.store.readers.run(
            lambda c: c.execute("SELECT what, outcome FROM audit ORDER BY id").fetchall()
        )
        return [(str(what), str(outcome)) for what, outcome in rows]


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    assert one.node.store.readers.run(audit.broken_at) is None
    one.node.close()


def test_a_phone_that_answers_becomes_the_second_factor_and_a_recovery_code_stands_in_once(place: Place) -> None:
    factor = place.keeping.begin_factor("all")
    assert place.comes_in("all", PASSWORD), "what is not confirmed is not asked for"
    with pytest.raises(FactorCodeWrong):
        place.keeping.confirm_factor("all", "000000")
    codes = place.keeping.confirm_factor("all", pyotp.TOTP(factor.secret).at(place.clock()))
    assert not place.comes_in("all", PASSWORD)
    assert place.comes_in("all", PASSWORD, pyotp.TOTP(factor.secret).at(place.clock()))
    assert (
        not place.comes_in("all", "sai mật khẩu", codes[0]) and place.passwords.recovery_left("all") == len(codes) == 8
    )
    assert place.comes_in("all", PASSWORD, codes[0].upper().replace("-", " "))
    assert not place.comes_in("all", PASSWORD, codes[0]) and place.passwords.recovery_left("all") == 7
    with pytest.raises(FactorNotBegun):
        place.keeping.confirm_factor("all", "123456")
    place.keeping.change_password("all", "mật khẩu mới dài")
    assert not place.comes_in("all", "mật khẩu mới dài") and place.passwords.recovery_left("all") == 7
    place.keeping.drop_factor("all")
    assert place.comes_in("all", "mật khẩu mới dài")


def test_the_file_holds_no_recovery_code_and_no_password(place: Place) -> None:
    factor = place.keeping.begin_factor("all")
    codes = place.keeping.confirm_factor("all", pyotp.TOTP(factor.secret).at(place.clock()))
    text = (place.node.folder.root / "officers.passwords").read_text("utf-8")
    assert not any(code in text or code.replace("-", "") in text for code in codes) and PASSWORD not in text


def test_a_blocked_account_is_out_at_once_and_a_reset_lets_it_in_again(place: Place) -> None:
    place.node.store.writer.run(
        lambda c: c.execute(
            "INSERT INTO web_session VALUES(?,?,?)", (b"s", b'{"account":"only-leader"}', 2**60)
        ).fetchone()
    )
    place.keeping.block("all", "only-leader")
    assert not place.comes_in("only-leader", PASSWORD)
    assert place.node.store.readers.run(lambda c: c.execute("SELECT count(*) FROM web_session").fetchone())[0] == 0  # type: ignore[index]
    given = place.keeping.reset("all", "only-leader")
    assert place.comes_in("only-leader", given) and len(given) >= 10
    for act in (place.keeping.block, place.keeping.reset):
        with pytest.raises(OwnAccount):
            act("all", "all")
        with pytest.raises(UnknownOfficer):
            act("all", "nobody")
    assert [one for one in place.acts() if one[0].startswith("account")] == [
        ("account.block", "only-leader"),
        ("account.reset", "only-leader"),
    ]


def test_a_person_is_added_to_the_settings_and_everything_else_stands(place: Place) -> None:
    path = place.node.folder.settings
    path.write_text("# giữ lời ghi này\n" + path.read_text("utf-8"), "utf-8")
    given = place.keeping.add("all", "an.nt", '  Nguyễn  Thị "Ấn" ', ("intake", "không có", "intake"))
    assert place.comes_in("an.nt", given)
    assert place.node.desk.officers.get("an.nt", "intake").name == 'Nguyễn Thị "Ấn"'
    assert path.read_text("utf-8").startswith("# giữ lời ghi này\n")
    root = place.node.folder.root
    again = Node(root, KeyFileOnDisk(root / "unattended.key"), now=place.clock)
    assert [one.account for one in again.settings.officers][-1] == "an.nt"
    again.close()
    for account, name, roles in (
        ("an.nt", "Ấn", ["intake"]),
        ("Ấn", "Ấn", ["intake"]),
        ("binh", " ", ["intake"]),
        ("binh", "Bình", ["x"]),
    ):
        with pytest.raises(NameOrAccountMissing):
            place.keeping.add("all", account, name, roles)


def test_settings_that_would_not_start_the_node_are_never_written(place: Place) -> None:
    before = place.node.folder.settings.read_bytes()
    for text in ("office_name = 7\n", "office_name = \n", 'office_name = "a"\nlạ = 1\n'):
        with pytest.raises(Problem):
            save_settings(place.node.folder.settings, text)
    assert place.node.folder.settings.read_bytes() == before
