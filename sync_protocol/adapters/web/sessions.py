"""Sessions: server-side, in the shell's encrypted database, under the hash of a random id that only the cookie holds.

Invariants: an id that this machine did not give out is never adopted; signing in gives a new id and ends the old one; a session ends
30 minutes after the last act of a person (a page that refreshes itself is no act) and 10 hours after signing in.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import apsw
import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, MutableScopeHeaders
from litestar.middleware.session.server_side import ServerSideSessionBackend, ServerSideSessionConfig
from litestar.stores.base import Store
from litestar.types import Empty, Message, ScopeSession

from sync_protocol.adapters.sqlite import Readers, Writer
from sync_protocol.adapters.sqlite.rows import as_bytes

IDLE_S = 30 * 60
LONGEST_S = 10 * 3600
RENEW_AFTER_S = 60  # an act within a minute of the last noted one costs no write
STORE = "sessions"
_ID = re.compile(r"[0-9a-f]{64}")


class SessionTable(Store):
    """Litestar's store interface over the table `web_session`. Times come from the injected clock (UTC ms)."""

    def __init__(self, writer: Writer, readers: Readers, now_ms: Callable[[], int]) -> None:
        self._writer = writer
        self._readers = readers
        self._now_ms = now_ms

    async def set(self, key: str, value: str | bytes, expires_in: Any = None) -> None:
        """Keep a session for `expires_in` seconds; ended ones are swept out."""
        content = value.encode() if isinstance(value, str) else value
        now = self._now_ms()
        until = now + int(expires_in or IDLE_S) * 1000

        def work(connection: apsw.Connection) -> None:
            connection.execute("DELETE FROM web_session WHERE expires_ms <= ?", (now,))
            connection.execute(
                "INSERT OR REPLACE INTO web_session(id_hash, content, expires_ms) VALUES(?,?,?)",
                (_hashed(key), content, until),
            )

        await self._writer.run_async(work)

    async def get(self, key: str, renew_for: Any = None) -> bytes | None:
        """The session, or None when it is unknown or over."""

        def read(connection: apsw.Connection) -> bytes | None:
            row = connection.execute(
                "SELECT content FROM web_session WHERE id_hash = ? AND expires_ms > ?", (_hashed(key), self._now_ms())
            ).fetchone()
            return None if row is None else bytes(row[0])

        return await self._readers.run_async(read)

    async def delete(self, key: str) -> None:
        """End a session. Idempotent."""
        await self._writer.run_async(
            lambda c: c.execute("DELETE FROM web_session WHERE id_hash = ?", (_hashed(key),)).fetchone()
        )

    async def delete_all(self) -> None:
        """End every session."""
        await self._writer.run_async(lambda c: c.execute("DELETE FROM web_session").fetchone())

    async def exists(self, key: str) -> bool:
        """Whether the session is still good."""
        return await self.get(key) is not None

    async def expires_in(self, key: str) -> int | None:
        """Seconds until the session ends, or None."""

        def read(connection: apsw.Connection) -> int | None:
            row = connection.execute("SELECT expires_ms FROM web_session WHERE id_hash = ?", (_hashed(key),)).fetchone()
            return None if row is None else max(0, (int(row[0]) - self._now_ms()) // 1000)

        return await self._readers.run_async(read)


class StrictBackend(ServerSideSessionBackend):
    """Refuses unknown ids, gives a new one at sign-in, writes only when something changed (Litestar's own does none of these)."""

    config: SessionConfig

    async def load_from_connection(self, connection: ASGIConnection[Any, Any, Any, Any]) -> dict[str, Any]:
        """The session of a known, living id; else nothing."""
        connection.scope["session_id"] = None  # type: ignore[typeddict-unknown-key]
        given = connection.cookies.get(self.config.key, "")
        if not _ID.fullmatch(given):
            return {}
        raw = await self.get(given, store=self.config.get_store_from_app(connection.app))
        if raw is None:
            return {}
        session: dict[str, Any] = self.deserialize_data(raw)
        if self.config.now_ms() - int(session.get("began_ms", 0)) > LONGEST_S * 1000:
            return {}
        connection.scope["session_id"] = given  # type: ignore[typeddict-unknown-key]
        connection.scope["session_before"] = dict(session)  # type: ignore[typeddict-unknown-key]
        return session

    def get_session_id(self, connection: ASGIConnection[Any, Any, Any, Any]) -> str:
        """The id under which this connection's session is kept; fresh where there is none."""
        held = connection.scope.get("session_id")
        return str(held) if held else self.generate_session_id()

    async def store_in_message(
        self, scope_session: ScopeSession, message: Message, connection: ASGIConnection[Any, Any, Any, Any]
    ) -> None:
        """Keep what changed and set the cookie; a sign-in or sign-out ends the former id."""
        scope: dict[str, Any] = connection.scope  # type: ignore[assignment]
        held: str | None = scope.get("session_id")
        store = self.config.get_store_from_app(connection.app)
        if not scope_session or scope_session is Empty:
            if held:
                await self.delete(held, store)
                self._set_cookie(message, "", 0)
            return
        session = dict(scope_session)  # type: ignore[arg-type]
        is_new = held is None or bool(scope.get("session_renewed"))
        if not is_new and not self._is_due(scope, session):
            return
        now = self.config.now_ms()
        session = {**session, "seen_ms": now, "began_ms": session.get("began_ms", now)}
        identifier = self.generate_session_id() if is_new else str(held)
        await self.set(identifier, self.serialize_data(session, connection.scope), store)
        if is_new:
            if held:
                await self.delete(held, store)
            self._set_cookie(message, identifier, LONGEST_S)

    def _is_due(self, scope: dict[str, Any], session: dict[str, Any]) -> bool:
        if session != scope.get("session_before"):
            return True
        is_refresh = bool(scope["route_handler"].opt.get("live"))
        return not is_refresh and self.config.now_ms() - int(session.get("seen_ms", 0)) > RENEW_AFTER_S * 1000

    def _set_cookie(self, message: Message, value: str, max_age: int) -> None:
        cookie = Cookie(
            key=self.config.key, value=value, max_age=max_age, path="/", httponly=True, samesite="strict", secure=self.config.secure
        )  # fmt: skip
        MutableScopeHeaders.from_message(message).add("Set-Cookie", cookie.to_header(header=""))


@dataclass
class SessionConfig(ServerSideSessionConfig):
    """The strict backend's settings. `now_ms` is the injected clock."""

    _backend_class = StrictBackend
    now_ms: Callable[[], int] = field(default=lambda: 0)


def session_config(*, is_tls: bool, now_ms: Callable[[], int]) -> SessionConfig:
    """A `__Host-` cookie where pages are served over TLS; else the strictest cookie a plain address allows."""
    name = "__Host-lienthong" if is_tls else "lienthong"
    return SessionConfig(key=name, max_age=IDLE_S, secure=is_tls, samesite="strict", store=STORE, now_ms=now_ms)


def begin(request: Request[Any, Any, Any], account: str) -> None:
    """Sign an account in: the session gets a new id with this answer."""
    request.scope["session_renewed"] = True  # type: ignore[typeddict-unknown-key]
    request.set_session({"account": account})


def end_sessions(connection: apsw.Connection, account: str) -> None:
    """End every session of an account, wherever it is signed in. Idempotent."""
    held = connection.execute("SELECT id_hash, content FROM web_session").fetchall()
    ended = [(key,) for key, content in held if msgspec.json.decode(as_bytes(content)).get("account") == account]
    connection.executemany("DELETE FROM web_session WHERE id_hash = ?", ended)


def _hashed(identifier: str) -> bytes:
    return hashlib.sha256(identifier.encode()).digest()
