"""The door: wrong tries cost time that nothing gives back, and nobody is locked out for good."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from argon2 import PasswordHasher

from sync_protocol.adapters.people import lockout
from sync_protocol.adapters.people.door import Door
from sync_protocol.adapters.people.errors import (
    PasswordsUnreadable,
    PasswordTooShort,
    SecondFactorWeak,
    TooManyTries,
    WrongPassword,
)
from sync_protocol.adapters.people.passwords import Passwords
from sync_protocol.adapters.people.tables import PEOPLE
from sync_protocol.adapters.sqlite import Readers, Writer, migrate, open_database

KEY = b"k" * 32
PASSWORD = "một mật khẩu dài"
SEED = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
CHEAP = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


class House:
    """One machine's door over a real encrypted database; `reopen` is a restart."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.now_ms = 1_795_000_000_000
        self.passwords = Passwords(root / "passwords", CHEAP)
        self.reopen()

    def reopen(self) -> None:
        path = self.root / "people.db"
        connection = open_database(path, KEY)
        migrate(connection, (PEOPLE,))
        connection.close()
        self.writer = Writer(lambda: open_database(path, KEY))
        self.readers = Readers(lambda: open_database(path, KEY, read_only=True))
        self.door = Door(self.passwords, self.writer, self.readers, lambda: self.now_ms)

    def close(self) -> None:
        self.writer.close()
        self.readers.close()


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    one = House(tmp_path)
    one.passwords.set("an", PASSWORD)
    yield one
    one.close()


async def wrong(house: House, times: int, account: str = "an", client: str = "10.0.0.9") -> None:
    for _ in range(times):
        with pytest.raises(WrongPassword):
            await house.door.enter(account, "sai", "", client)


async def test_the_right_password_opens_and_an_unknown_account_does_not(house: House) -> None:
    await house.door.enter("an", PASSWORD, "", "10.0.0.9")
    with pytest.raises(WrongPassword):
        await house.door.enter("khong-co", PASSWORD, "", "10.0.0.9")


async def test_wrong_tries_make_even_the_right_password_wait(house: House) -> None:
    await wrong(house, 3)
    with pytest.raises(TooManyTries) as caught:
        await house.door.enter("an", PASSWORD, "", "10.0.0.9")
    assert caught.value.facts["wait_s"] == 1
    house.now_ms += 1_000
    await house.door.enter("an", PASSWORD, "", "10.0.0.9")


async def test_a_wait_survives_a_restart_and_a_clock_set_back(house: House) -> None:
    await wrong(house, 3)
    house.close()
    house.reopen()
    house.now_ms -= 86_400_000
    with pytest.raises(TooManyTries):
        await house.door.enter("an", PASSWORD, "", "10.0.0.9")
    house.now_ms += 86_400_000 + 1_000
    await house.door.enter("an", PASSWORD, "", "10.0.0.9")


async def test_a_wait_made_absurd_by_a_wrong_clock_is_never_longer_than_itself(house: House) -> None:
    house.now_ms += 365 * 86_400_000
    await wrong(house, 3)
    house.now_ms -= 365 * 86_400_000
    with pytest.raises(TooManyTries) as caught:
        await house.door.enter("an", PASSWORD, "", "10.0.0.9")
    assert caught.value.facts["wait_s"] <= 900


async def test_an_administrator_lets_an_account_in_again(house: House) -> None:
    await wrong(house, 3)
    await house.door.unlock("an")
    await house.door.enter("an", PASSWORD, "", "10.0.0.8")


async def test_one_account_under_attack_keeps_no_colleague_out(house: House) -> None:
    house.passwords.set("binh", PASSWORD)
    await wrong(house, 3, client="10.0.0.66")
    await house.door.enter("binh", PASSWORD, "", "10.0.0.7")


def test_ten_thousand_wrong_tries_never_wait_longer_than_fifteen_minutes_nor_fill_the_table(house: House) -> None:
    def attack(connection: object) -> tuple[int, int]:
        for number in range(10_000):
            lockout.note_failure(connection, "account", "an", house.now_ms)  # type: ignore[arg-type]
            if number % 100 == 0:
                lockout.note_failure(connection, "account", f"ten-{number}", house.now_ms)  # type: ignore[arg-type]
        left = lockout.wait_left_ms(connection, "account:an", house.now_ms)  # type: ignore[arg-type]
        rows = connection.execute("SELECT count(*) FROM sign_in_wait").fetchone()  # type: ignore[attr-defined]
        return left, int(rows[0])

    left, rows = house.writer.run(attack)
    assert left == lockout.LONGEST_MS and rows <= lockout.KEPT_SUBJECTS


async def test_a_one_time_code_opens_once(house: House) -> None:
    house.passwords.set("chi", PASSWORD, totp=SEED)
    code = pyotp.TOTP(SEED).at(house.now_ms // 1000)
    with pytest.raises(WrongPassword):
        await house.door.enter("chi", PASSWORD, "", "10.0.0.9")
    await house.door.enter("chi", PASSWORD, code, "10.0.0.9")
    with pytest.raises(WrongPassword):
        await house.door.enter("chi", PASSWORD, code, "10.0.0.9")


def test_a_short_password_and_a_damaged_file_are_told_apart(house: House) -> None:
    with pytest.raises(PasswordTooShort):
        house.passwords.set("an", "ngắn")
    with pytest.raises(SecondFactorWeak):
        house.passwords.set("an", PASSWORD, totp="JBSWY3DP")
    (house.root / "passwords").write_bytes(b"{")
    with pytest.raises(PasswordsUnreadable):
        house.passwords.fits("an", PASSWORD)


def test_the_password_file_holds_no_password_and_is_for_its_owner_alone(house: House) -> None:
    path = house.root / "passwords"
    assert PASSWORD.encode() not in path.read_bytes() and b"argon2id" in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0
