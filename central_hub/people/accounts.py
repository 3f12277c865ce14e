"""Accounts of the hub: a TOML file of names and roles beside a password file, both in the state folder.

Invariant: both files are written whole and durably; a blocked account has no password, so no door lets it in.
"""

from __future__ import annotations

import threading
import tomllib
from pathlib import Path
from typing import Any, Literal, get_args

import msgspec
from argon2 import PasswordHasher

from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.people.errors import PasswordsUnreadable
from sync_protocol.adapters.people.passwords import Passwords

Role = Literal["operator", "catalogue_keeper", "conflict_officer", "auditor", "leader"]
ROLES: tuple[Role, ...] = get_args(Role)
_FORMER_ROLES: dict[str, Role] = {"officer": "conflict_officer"}  # as files of the first release name them
ACCOUNTS_FILE = "accounts.toml"
PASSWORDS_FILE = "accounts.passwords"


class Account(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One account and the work it was given (`web/roles.py` says what each role sees)."""

    account: str
    name: str
    roles: tuple[Role, ...]
    is_blocked: bool = False


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    accounts: tuple[Account, ...] = ()


class Accounts:
    """The hub's accounts, read anew at each look: a role taken away works at once."""

    def __init__(self, root: Path, hasher: PasswordHasher | None = None) -> None:
        self._path = root / ACCOUNTS_FILE
        self.passwords = Passwords(root / PASSWORDS_FILE, hasher)
        self._named: tuple[tuple[int, int], dict[str, str]] = ((0, 0), {})
        self._changing = threading.Lock()  # two pages at once must not lose each other's account

    def all(self) -> tuple[Account, ...]:
        """Every account. Raises PasswordsUnreadable where the file is damaged."""
        try:
            return msgspec.convert(_renamed(tomllib.loads(self._path.read_text("utf-8"))), _File).accounts
        except FileNotFoundError:
            return ()
        except (OSError, tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise PasswordsUnreadable(what=type(error).__name__) from error

    def find(self, account: str) -> Account | None:
        """One account, or None."""
        return next((one for one in self.all() if one.account == account), None)

    def name_of(self, account: str) -> str:
        """Who an account is, for people: the name, or the account itself where none is known. The file is read again only when it changed."""
        try:
            state = self._path.stat()
            stamp = (state.st_mtime_ns, state.st_size)
            if stamp != self._named[0]:
                self._named = (stamp, {one.account: one.name for one in self.all()})
        except (OSError, PasswordsUnreadable):
            return account
        return self._named[1].get(account) or account

    def put(self, account: Account, password: str, *, totp: str = "") -> None:
        """Add or replace an account with its password. Raises PasswordTooShort, SecondFactorWeak, PasswordsUnreadable."""
        with self._changing:
            self.passwords.set(account.account, password, totp=totp)
            self._write(account)

    def change(self, account: Account) -> None:
        """Replace name and roles of an account, its password untouched; blocked, it loses its password. Raises PasswordsUnreadable."""
        with self._changing:
            if account.is_blocked:
                self.passwords.forget(account.account)
            self._write(account)

    def _write(self, account: Account) -> None:
        known = self.all()
        if any(one.account == account.account for one in known):
            written = tuple(account if one.account == account.account else one for one in known)
        else:
            written = (*known, account)
        write_durably(self._path, "".join(_toml(one) for one in written).encode())


def _renamed(content: dict[str, Any]) -> dict[str, Any]:
    """The file's content with roles under the names they bear today."""
    for one in content.get("accounts", ()):
        one["roles"] = [_FORMER_ROLES.get(role, role) for role in one.get("roles", ())]
    return content


def _toml(one: Account) -> str:
    account, name, roles = (msgspec.json.encode(value).decode() for value in (one.account, one.name, list(one.roles)))
    blocked = "is_blocked = true\n" if one.is_blocked else ""
    return f"[[accounts]]\naccount = {account}\nname = {name}\nroles = {roles}\n{blocked}\n"  # JSON text is TOML text here
