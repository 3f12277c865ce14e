"""The door: lets an account in by password and, where it has one, a one-time code; counts wrong tries for account and client."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import apsw

from sync_protocol.adapters.people import lockout
from sync_protocol.adapters.people.errors import TooManyTries, WrongPassword
from sync_protocol.adapters.people.passwords import Passwords
from sync_protocol.adapters.sqlite import Readers, Writer

HASHES_AT_ONCE = 2  # each takes a core for a sixth of a second: more at once and signing in is itself the attack
NAME_MAX = 64


class Door:
    """The way in to one machine's pages, over its database and its password file."""

    def __init__(self, passwords: Passwords, writer: Writer, readers: Readers, now_ms: Callable[[], int]) -> None:
        self.passwords = passwords
        self._writer = writer
        self._readers = readers
        self._now_ms = now_ms
        self._hashing = asyncio.Semaphore(HASHES_AT_ONCE)

    async def enter(self, account: str, password: str, code: str, client: str) -> None:
        """Return when the account proved itself: password, and the one-time code or one of the recovery codes where it has a second factor.

        Raises:
            WrongPassword: it did not; the try is counted durably before this is raised.
            TooManyTries: it has to wait first; the password was not looked at.
            PasswordsUnreadable; a Problem of the store.
        """
        account = account[:NAME_MAX]
        await self._readers.run_async(lambda c: self._check_wait(c, account, client))
        async with self._hashing:
            fits = await asyncio.to_thread(self.passwords.fits, account, password)
        step = self.passwords.step_of(account, code, self._now_ms())
        proved = step is not None or not self.passwords.has_second_factor(account)
        if fits and not proved and code.strip():
            proved = await asyncio.to_thread(self.passwords.use_recovery, account, code)
        is_in = await self._writer.run_async(lambda c: self._settle(c, account, client, fits and proved, step))
        if not is_in:
            raise WrongPassword()

    async def check_client(self, client: str) -> None:
        """For another door that counts with this one: this client may try now. Raises TooManyTries."""
        await self._readers.run_async(lambda c: self._check_wait(c, "", client))

    async def note_client(self, client: str) -> None:
        """One wrong try of this client elsewhere, counted as one here."""
        await self._writer.run_async(lambda c: lockout.note_failure(c, "client", client, self._now_ms()))

    async def unlock(self, account: str) -> None:
        """An administrator lets an account try again at once."""
        await self._writer.run_async(lambda c: lockout.forgive(c, "account", account))

    def _check_wait(self, connection: apsw.Connection, account: str, client: str) -> None:
        left_ms = max(
            lockout.wait_left_ms(connection, f"{kind}:{name}", self._now_ms())
            for kind, name in (("account", account), ("client", client))
        )
        if left_ms:
            raise TooManyTries(wait_s=-(-left_ms // 1000))

    def _settle(self, connection: apsw.Connection, account: str, client: str, fits: bool, step: int | None) -> bool:
        is_in = fits and (step is None or lockout.take_step(connection, account, step))
        for kind, name in (("account", account), ("client", client)):
            if is_in:
                lockout.forgive(connection, kind, name)
            else:
                lockout.note_failure(connection, kind, name, self._now_ms())
        return is_in
