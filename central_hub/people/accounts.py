"""Accounts of the hub: a TOML file of names and roles beside a password file, both in the state folder."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

import msgspec
from argon2 import PasswordHasher

from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.people.errors import PasswordsUnreadable
from sync_protocol.adapters.people.passwords import Passwords

Role = Literal["operator", "officer"]
ACCOUNTS_FILE = "accounts.toml"
PASSWORDS_FILE = "accounts.passwords"


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One account. An operator keeps the machines, an officer the worklists across offices."""

    account: str
    name: str
    roles: tuple[Role, ...]


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    accounts: tuple[Account, ...] = ()


class Accounts:
    """The hub's accounts, read anew at each look: a role taken away works at once."""

    def __init__(self, root: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = root / ACCOUNTS_FILE
        self.passwords = Passwords(root / PASSWORDS_FILE, hasher)

    def all(self) -> tuple[Account, ...]:
        """Every account. Raises PasswordsUnreadable where the file is damaged."""
        try:
            return msgspec.convert(tomllib.loads(self._path.read_text("utf-8")), _File).accounts
        except FileNotFoundError:
            return ()
        except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise PasswordsUnreadable(what=type(error).__name__) from error

    def find(self, account: str) -> Account | None:
        """One account, or None."""
        return next((one for one in self.all() if one.account == account), None)

    def put(self, account: Account, password: str, *, totp: str = "") -> None:
        """Add or replace an account with its password. Raises PasswordTooShort, PasswordsUnreadable."""
        kept = [one for one in self.all() if one.account != account.account]
        self.passwords.set(account.account, password, totp=totp)
        write_durably(self._path, "".join(_toml(one) for one in (*kept, account)).encode())


def _toml(one: Account) -> str:
    account, name, roles = (msgspec.json.encode(value).decode() for value in (one.account, one.name, list(one.roles)))
    return f"[[accounts]]\naccount = {account}\nname = {name}\nroles = {roles}\n\n"  # JSON text is TOML text here
