"""Keeping accounts: add, give roles, block, reset, and one's own password. Every step is a row of the audit chain.

The row is committed before the files change: a crash in between leaves a row that tells of an attempt, never a change nobody is named for
(only a change of one's own password, which may be refused, is noted after it).
A new or reset account gets a password and a second factor made here and shown once; its person changes the password at the first sign-in.

Source: domain.md E.3 (warn on rights changes; minimum audit record).
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable

import apsw
import msgspec

from central_hub.lookup.audit import record_act
from central_hub.people.accounts import ROLES, Account, Accounts, Role
from central_hub.people.errors import (
    AccountNameRefused,
    AccountTaken,
    AccountUnknown,
    NameMissing,
    OwnAccountChange,
    RoleUnknown,
)
from central_hub.people.passkeys import forget
from sync_protocol.adapters.people import lockout
from sync_protocol.adapters.sqlite import Writer
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.adapters.web.sessions import end_sessions

_NAME = re.compile(r"[a-z][a-z0-9.-]{1,31}")
PERSON_MAX = 80
SECRET_BYTES = 20  # of a second factor: 160 bits, as RFC 4226 wants


class Given(msgspec.Struct, frozen=True):
    """What is shown once: the account's first password and the base32 secret of its second factor."""

    account: Account
    password: str
    totp: str


class AccountKeeping:
    """The hub's accounts in the hands of an operator. Blocking: pages call it in a thread.

    Args:
        entropy: n → n unpredictable bytes.
    """

    def __init__(
        self, accounts: Accounts, writer: Writer, now_ms: Callable[[], int], entropy: Callable[[int], bytes]
    ) -> None:
        self._accounts, self._writer, self._now_ms, self._entropy = accounts, writer, now_ms, entropy

    def get(self, account: str) -> Account:
        """One account. Raises AccountUnknown."""
        found = self._accounts.find(account)
        if found is None:
            raise AccountUnknown(account=account[:32])
        return found

    def add(self, by: Visitor, account: str, name: str, roles: Iterable[str]) -> Given:
        """A new account with its first password. Raises AccountNameRefused, AccountTaken, NameMissing, RoleUnknown."""
        account, name = account.strip(), " ".join(name.split())[:PERSON_MAX]
        if not _NAME.fullmatch(account):
            raise AccountNameRefused()
        if self._accounts.find(account) is not None:
            raise AccountTaken(account=account)
        if not name:
            raise NameMissing()
        made = Account(account, name, roles_of(roles))
        self._note(by, "account.add", account, " ".join(made.roles))
        return self._give(made)

    def give_roles(self, by: Visitor, account: str, roles: Iterable[str]) -> None:
        """Replace what an account may do; works at its next click. Raises AccountUnknown, OwnAccountChange, RoleUnknown."""
        changed = msgspec.structs.replace(self._another(by, account), roles=roles_of(roles))
        self._note(by, "account.roles", account, " ".join(changed.roles))
        self._accounts.change(changed)

    def block(self, by: Visitor, account: str) -> None:
        """End an account's sessions and its password. Idempotent. Raises AccountUnknown, OwnAccountChange."""
        held = self._another(by, account)
        self._note(by, "account.block", account, "blocked", lambda c: _shut_out(c, account))
        self._accounts.change(msgspec.structs.replace(held, is_blocked=True))

    def reset(self, by: Visitor, account: str) -> Given:
        """A fresh password and second factor; a blocked account is let in again. Raises AccountUnknown, OwnAccountChange."""
        held = self._another(by, account)

        def start_anew(connection: apsw.Connection) -> None:
            _shut_out(connection, account)
            lockout.forgive(connection, "account", account)

        self._note(by, "account.reset", account, "reset", start_anew)
        return self._give(msgspec.structs.replace(held, is_blocked=False))

    def change_own_password(self, by: Visitor, password: str) -> None:
        """A password of one's own choice; every session of the account ends. The door has checked the former one.

        Raises:
            AccountUnknown; PasswordTooShort.
        """
        self.get(by.account)
        self._accounts.passwords.set(by.account, password, totp=None)
        self._note(by, "account.password", by.account, "changed", lambda c: end_sessions(c, by.account))

    def _another(self, by: Visitor, account: str) -> Account:
        if by.account == account:
            raise OwnAccountChange()
        return self.get(account)

    def _give(self, account: Account) -> Given:
        password = _readable(self._entropy(10))
        totp = base64.b32encode(self._entropy(SECRET_BYTES)).decode()
        self._accounts.put(account, password, totp=totp)
        return Given(account, password, totp)

    def _note(
        self, by: Visitor, what: str, account: str, outcome: str, also: Callable[[apsw.Connection], None] | None = None
    ) -> None:
        def work(connection: apsw.Connection) -> None:
            if also is not None:
                also(connection)
            record_act(
                connection, at_ms=self._now_ms(), officer=by.account, roles=by.roles, what=what, subject=account, outcome=outcome
            )  # fmt: skip

        self._writer.run(work)


def _shut_out(connection: apsw.Connection, account: str) -> None:
    """Whoever is in is out, and no passkey lets anybody in again."""
    end_sessions(connection, account)
    forget(connection, account)


def roles_of(names: Iterable[str]) -> tuple[Role, ...]:
    """The named roles in the hub's order, each once. Raises RoleUnknown."""
    wanted = set(names)
    for name in sorted(wanted - set(ROLES)):
        raise RoleUnknown(role=name[:32])
    return tuple(role for role in ROLES if role in wanted)


def _readable(entropy: bytes) -> str:
    """Sixteen characters in groups of four that nobody mistakes for each other on the phone."""
    text = base64.b32encode(entropy).decode().lower()
    return "-".join(text[at : at + 4] for at in range(0, 16, 4))
