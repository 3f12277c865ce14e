"""Passwords: one file with an Argon2id hash per account, and the secret of the second factor where an account has one.

Invariant: the file is written as a whole, durably, for the owner alone; a password never stands in it, in a log or in an error.
Cost measured on two shared cores: 19 MiB and two passes take about 0.16 s.
"""

from __future__ import annotations

from pathlib import Path

import msgspec
import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.people.errors import PasswordsUnreadable, PasswordTooShort, SecondFactorWeak

LEAST_CHARACTERS = 10
_STEP_S = 30
_DRIFT_STEPS = 1  # one step early or late: phones' clocks


class Secret(msgspec.Struct, frozen=True, omit_defaults=True):
    """What an account proves itself with. `totp` is a base32 secret, "" when there is no second factor."""

    hash: str
    totp: str = ""


def make_hasher() -> PasswordHasher:
    """Argon2id at the cost a desk can bear."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """The secrets of one machine's accounts, read anew whenever the file changed."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = path
        self._hasher = hasher or make_hasher()
        self._nobody = self._hasher.hash("nobody")

    def accounts(self) -> tuple[str, ...]:
        """Accounts that have a password. Raises PasswordsUnreadable."""
        return tuple(self._read())

    def set(self, account: str, password: str, *, totp: str | None = "") -> None:
        """Give an account its password, replacing the former one; `totp` None keeps the second factor it has.

        Raises:
            PasswordTooShort: fewer than LEAST_CHARACTERS. SecondFactorWeak: `totp` is no good secret.
            PasswordsUnreadable: the file is damaged.
        """
        if len(password) < LEAST_CHARACTERS:
            raise PasswordTooShort(least=LEAST_CHARACTERS)
        if totp:
            try:
                pyotp.TOTP(totp)
            except ValueError as error:  # also binascii.Error
                raise SecondFactorWeak(what=type(error).__name__) from error
        held = self._read()
        if totp is None:
            totp = held[account].totp if account in held else ""
        self._write({**held, account: Secret(self._hasher.hash(password), totp)})

    def forget(self, account: str) -> None:
        """Take an account's password and second factor away: nobody comes in under it. Idempotent. Raises PasswordsUnreadable."""
        held = self._read()
        if account in held:
            self._write({name: secret for name, secret in held.items() if name != account})

    def fits(self, account: str, password: str) -> bool:
        """Whether the password is the account's; an unknown account takes as long as a known one."""
        held = self._read().get(account)
        try:
            self._hasher.verify(held.hash if held else self._nobody, password)
        except (Argon2Error, InvalidHashError):
            return False
        return held is not None

    def has_second_factor(self, account: str) -> bool:
        """Whether the account also needs a one-time code."""
        held = self._read().get(account)
        return held is not None and held.totp != ""

    def step_of(self, account: str, code: str, now_ms: int) -> int | None:
        """The time step whose one-time code this is, within one step of `now_ms` (UTC), or None."""
        held = self._read().get(account)
        if held is None or not held.totp:
            return None
        now_step = now_ms // 1000 // _STEP_S
        totp = pyotp.TOTP(held.totp)
        for step in range(now_step - _DRIFT_STEPS, now_step + _DRIFT_STEPS + 1):
            if pyotp.utils.strings_equal(totp.at(step * _STEP_S), code.strip().replace(" ", "")):
                return step
        return None

    def _write(self, secrets: dict[str, Secret]) -> None:
        write_durably(self._path, msgspec.json.format(msgspec.json.encode(secrets)))

    def _read(self) -> dict[str, Secret]:
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=dict[str, Secret])
        except FileNotFoundError:
            return {}
        except (OSError, msgspec.MsgspecError) as error:
            raise PasswordsUnreadable(what=type(error).__name__) from error
