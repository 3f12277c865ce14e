"""Passwords of this office's accounts: one file in the state folder; roles stay in the settings."""

from __future__ import annotations

from pathlib import Path

from argon2 import PasswordHasher

from edge_node.people.officers import Officers, UnknownOfficer
from sync_protocol.adapters.people.passwords import Passwords

FILE_NAME = "officers.passwords"


def open_passwords(root: Path, hasher: PasswordHasher | None = None) -> Passwords:
    """The password file of a node's state folder; it need not exist yet."""
    return Passwords(root / FILE_NAME, hasher)


def set_password(passwords: Passwords, officers: Officers, account: str, password: str, *, totp: str = "") -> None:
    """Give an officer a password.

    Raises:
        UnknownOfficer: no such account in the settings. PasswordTooShort, PasswordsUnreadable.
    """
    if all(one.account != account for one in officers.all()):
        raise UnknownOfficer(account=account)
    passwords.set(account, password, totp=totp)
