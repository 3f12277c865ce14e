"""Keeping the accounts of this office: block, reset, add, the second factor, and the token of a signing key. Every step is a row of the audit chain.

The row is committed before the files change, so that a crash leaves a row that tells of an attempt, never a change nobody is named for.

Source: domain.md E.3 (rights changes are recorded); QĐ 1333/QĐ-BHXH Điều 3.1 (accounts belong to named persons).
"""

from __future__ import annotations

import base64
import re
import threading
from collections.abc import Callable, Iterable
from typing import get_args

import apsw
import msgspec
import pyotp

from edge_node.app import Node
from edge_node.capture.source_errors import ScannerKeptByHand
from edge_node.people.errors import (
    FactorCodeWrong,
    FactorNotBegun,
    KeyKeptByHand,
    NameOrAccountMissing,
    OwnAccount,
    TokenIncomplete,
)
from edge_node.people.officers import Officer, Officers, Role, UnknownOfficer
from edge_node.people.settings_text import save_settings, with_officer, with_scanner, with_token, without_scanner
from edge_node.settings import NodeSettings, ScannerSettings
from edge_node.signing.device import trusted_driver
from edge_node.signing.errors import TokenAbsent
from edge_node.signing.office_keys import AGENCY_ACCOUNT
from edge_node.signing.place import TokenPlace
from edge_node.store import audit
from sync_protocol.adapters.people import lockout
from sync_protocol.adapters.people.passwords import Passwords
from sync_protocol.adapters.web.sessions import end_sessions

ROLES: tuple[Role, ...] = get_args(Role)
RECOVERY_CODES = 8
_NAME = re.compile(r"[a-z][a-z0-9.-]{1,31}")


class Factor(msgspec.Struct, frozen=True):
    """A second factor as it is shown once: the secret, the address a phone reads, and the recovery codes."""

    secret: str
    address: str
    recovery: tuple[str, ...]


class Keeping:
    """Accounts of one node. Blocking: pages call it in a thread. `entropy`: n → n unpredictable bytes."""

    def __init__(self, node: Node, passwords: Passwords, entropy: Callable[[int], bytes]) -> None:
        self._node, self._passwords, self._entropy = node, passwords, entropy
        self._begun: dict[str, Factor] = {}
        self._changing = threading.Lock()

    def block(self, by: str, account: str) -> None:
        """End an account's password, second factor and sessions. Idempotent. Raises UnknownOfficer, OwnAccount."""
        self._another(by, account)
        self._note(by, "account.block", account, lambda c: end_sessions(c, account))
        self._passwords.forget(account)

    def reset(self, by: str, account: str) -> str:
        """A fresh first password, without second factor; returns it, to be shown once. Raises UnknownOfficer, OwnAccount."""
        self._another(by, account)
        password = _readable(self._entropy(10))

        def start_anew(connection: apsw.Connection) -> None:
            end_sessions(connection, account)
            lockout.forgive(connection, "account", account)

        self._note(by, "account.reset", account, start_anew)
        self._passwords.set(account, password)
        return password

    def add(self, by: str, account: str, name: str, roles: Iterable[str]) -> str:
        """A new account in the settings file with its first password, which is returned. Raises NameOrAccountMissing."""
        officer = self.checked(account, name, roles)
        self._note(by, "account.add", officer.account, lambda c: None)
        path = self._node.folder.settings
        with self._changing:
            take_settings(self._node, save_settings(path, with_officer(path.read_text("utf-8"), officer)))
        password = _readable(self._entropy(10))
        self._passwords.set(officer.account, password)
        return password

    def add_scanner(self, by: str, scanner: ScannerSettings) -> None:
        """A network scanner into the settings file, usable at once. Idempotent by address. Raises SettingsRejected."""
        path = self._node.folder.settings
        with self._changing:
            if any(one.address == scanner.address for one in self._node.settings.capture.scanners):
                return
            self._note(by, "scanner.add", scanner.address, lambda c: None, purpose="quản lý máy quét")
            take_settings(self._node, save_settings(path, with_scanner(path.read_text("utf-8"), scanner)))

    def remove_scanner(self, by: str, address: str) -> None:
        """A network scanner out of the settings file, at once. A comment of its table goes with it.

        Raises:
            ScannerKeptByHand: the file names it in another form than a table of its own, or not at all.
        """
        path = self._node.folder.settings
        with self._changing:
            text = path.read_text("utf-8")
            left = without_scanner(text, address)
            if left == text:
                raise ScannerKeptByHand()
            self._note(by, "scanner.remove", address, lambda c: None, purpose="quản lý máy quét")
            take_settings(self._node, save_settings(path, left))

    def set_token(self, by: str, account: str, token: TokenPlace | None) -> None:
        """Name the token that holds an officer's or the agency's key, in place of its key file; None takes the token away. Usable at once.

        Raises:
            UnknownOfficer, TokenIncomplete, DriverNotTrusted; KeyKeptByHand: the file names the officer in another form than a table of its own.
        """
        if account != AGENCY_ACCOUNT:
            self._known(account)
        if token is not None:
            _require_whole(token)
        path = self._node.folder.settings
        with self._changing:
            text = path.read_text("utf-8")
            new = with_token(text, None if account == AGENCY_ACCOUNT else account, token)
            if new == text and self._node.signing.place_of(account) != token:
                raise KeyKeptByHand()
            self._note(by, "account.token", account, lambda c: None)
            take_settings(self._node, save_settings(path, new))
        self._node.signing.opened.forget(account)

    def checked(self, account: str, name: str, roles: Iterable[str]) -> Officer:
        """A new officer as typed. Raises NameOrAccountMissing: a poor or taken name, no person's name, no known role."""
        bare, person, wanted = account.strip(), " ".join(name.split())[:80], [role for role in roles if role in ROLES]
        taken = any(one.account == bare for one in self._node.settings.officers)
        if not _NAME.fullmatch(bare) or taken or not person or not wanted:
            raise NameOrAccountMissing()
        return Officer(bare, person, tuple(dict.fromkeys(wanted)))

    def change_password(self, account: str, password: str) -> None:
        """One's own new password; every session of the account ends. The door has checked the former one. Raises PasswordTooShort."""
        self._passwords.set(account, password, totp=None)
        self._note(account, "account.password", account, lambda c: end_sessions(c, account))

    def begin_factor(self, account: str) -> Factor:
        """A new secret and recovery codes, shown now; they hold only after `confirm_factor`."""
        secret = base64.b32encode(self._entropy(20)).decode()
        address = pyotp.TOTP(secret).provisioning_uri(
            name=account, issuer_name=f"Liên Thông {self._node.settings.office_name}"
        )
        factor = Factor(secret, address, tuple(_readable(self._entropy(12)) for _ in range(RECOVERY_CODES)))
        self._begun[account] = factor
        return factor

    def begun(self, account: str) -> Factor:
        """What was begun and not confirmed yet. Raises FactorNotBegun."""
        found = self._begun.get(account)
        if found is None:
            raise FactorNotBegun()
        return found

    def confirm_factor(self, account: str, code: str) -> tuple[str, ...]:
        """The phone shows the right code: the factor holds from now on; returns the recovery codes. Raises FactorNotBegun, FactorCodeWrong."""
        factor = self.begun(account)
        if not pyotp.TOTP(factor.secret).verify(
            code.strip().replace(" ", ""), for_time=self._node.now(), valid_window=1
        ):
            raise FactorCodeWrong()
        self._note(account, "account.factor", account, lambda c: None)
        self._passwords.set_factor(account, factor.secret, factor.recovery)
        del self._begun[account]
        return factor.recovery

    def drop_factor(self, account: str) -> None:
        """Take one's own second factor away; the door has checked it. Idempotent."""
        self._note(account, "account.factor_off", account, lambda c: None)
        self._passwords.set_factor(account, "", ())

    def _another(self, by: str, account: str) -> None:
        if by == account:
            raise OwnAccount()
        self._known(account)

    def _known(self, account: str) -> None:
        if all(one.account != account for one in self._node.settings.officers):
            raise UnknownOfficer(account=account[:32])

    def _note(
        self,
        by: str,
        what: str,
        outcome: str,
        also: Callable[[apsw.Connection], None],
        purpose: str = "quản lý tài khoản",
    ) -> None:
        def work(connection: apsw.Connection) -> None:
            audit.record(
                connection, at_ms=self._node.desk.now_ms(), actor=by, role="administrator", what=what, rid=None, purpose=purpose,
                outcome=outcome,
            )  # fmt: skip
            also(connection)

        self._node.store.writer.run(work)


def take_settings(node: Node, settings: NodeSettings) -> None:
    """Let a running node go by changed settings: its accounts and names. Addresses and readers change at the next start."""
    node.settings = settings
    node.desk.officers = Officers(settings.officers)


def _require_whole(token: TokenPlace) -> None:
    missing = [name for name in ("driver", "label", "key_label") if not getattr(token, name)]
    if missing:
        raise TokenIncomplete(missing=", ".join(missing))
    try:
        trusted_driver(token.driver)
    except TokenAbsent as error:
        raise TokenIncomplete(missing="no such driver") from error


def _readable(entropy: bytes) -> str:
    """Letters and digits that are not mistaken for each other, in groups of four: 5 bits each."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789x"
    text = "".join(letters[one & 31] for one in entropy)
    return "-".join(text[at : at + 4] for at in range(0, len(text), 4))
