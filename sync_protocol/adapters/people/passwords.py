"""Passwords: one file with an Argon2id hash per account, and the secret of the second factor where an account has one.

Invariant: the file is written as a whole, durably, for the owner alone; a password never stands in it, in a log or in an error.
Cost measured on two shared cores: 19 MiB and two passes take about 0.16 s.
"""

from __future__ import annotations

import hashlib
import threading
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
    """What an account proves itself with. `totp` is a base32 secret, "" when there is no second factor.

    `recovery` are SHA-256 hashes of codes that each stand in for the second factor once; the codes have 50 random bits and more.
    """

    hash: str
    totp: str = ""
    recovery: tuple[str, ...] = ()


def make_hasher() -> PasswordHasher:
    """Argon2id at the cost a desk can bear."""
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


class Passwords:
    """The secrets of one machine's accounts, read anew whenever the file changed."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = path
        self._hasher = hasher or make_hasher()
        self._nobody = self._hasher.hash("nobody")
        self._changing = threading.Lock()  # two pages at once must not lose each other's account

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
        hashed = self._hasher.hash(password)
        with self._changing:
            held = self._read()
            kept = held.get(account) if totp is None else None
            self._write(
                {**held, account: Secret(hashed, kept.totp if kept else totp or "", kept.recovery if kept else ())}
            )

    def set_factor(self, account: str, totp: str, recovery: tuple[str, ...]) -> None:
        """Give an account that has a password its second factor with recovery codes, replacing the former; "" takes it away.

        Raises:
            SecondFactorWeak: no good secret, or no such account. PasswordsUnreadable.
        """
        with self._changing:
            held = self._read()
            if account not in held or (totp and len(totp) < 32):
                raise SecondFactorWeak(what="no account" if account not in held else "short")
            codes = tuple(_recovery_hash(one) for one in recovery) if totp else ()
            self._write({**held, account: Secret(held[account].hash, totp, codes)})

    def use_recovery(self, account: str, code: str) -> bool:
        """Whether this is a recovery code of the account; it is used up durably before this returns. Raises PasswordsUnreadable."""
        with self._changing:
            held = self._read()
            secret, given = held.get(account), _recovery_hash(code)
            if secret is None or not secret.totp or given not in secret.recovery:
                return False
            left = tuple(one for one in secret.recovery if one != given)
            self._write({**held, account: msgspec.structs.replace(secret, recovery=left)})
            return True

    def recovery_left(self, account: str) -> int:
        """How many recovery codes are left. Raises PasswordsUnreadable."""
        held = self._read().get(account)
        return len(held.recovery) if held else 0

    def forget(self, account: str) -> None:
        """Take an account's password and second factor away: nobody comes in under it. Idempotent. Raises PasswordsUnreadable."""
        with self._changing:
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


def _recovery_hash(code: str) -> str:
    """Hash of a recovery code as typed: capitals, blanks and dashes do not matter."""
    bare = "".join(one for one in code.lower() if one.isalnum())
    return hashlib.sha256(b"recovery/" + bare.encode()).hexdigest()
