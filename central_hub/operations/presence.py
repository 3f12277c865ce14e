"""Who holds a connection to the message server, from its own reports of connections made and ended.

A node says hello every five minutes; the server knows at once when its process dies or its line is closed. A node is here while at least one of
its connections is open. A line that breaks without a word is noticed by its silence (`hearing`), and its connections are closed at last by the
server's own pings (`server_config.PING_INTERVAL`).
Times are milliseconds UTC of the hub's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw
import msgspec

from central_hub.operations.hearing import Heard, Voice
from sync_protocol.adapters.sqlite.rows import as_int

Connection = tuple[str, int]  # the server's id and its number for the connection


class Presence(msgspec.Struct, frozen=True):
    """Whether a node is here, since when it has been so, and how it is heard while it is."""

    is_here: bool
    since_ms: int
    voice: Voice = "clear"


class Roll:
    """The open connections of every node. Reports may come twice, late or out of order with a full list; a connection's number is never used again."""

    def __init__(self) -> None:
        self._open: dict[str, set[Connection]] = {}
        self._ended: set[Connection] = set()  # since the last list was asked for
        self._came: dict[Connection, str] = {}
        self._said: dict[str, bool] = {}

    def came(self, node: str, connection: Connection) -> None:
        """A connection was made."""
        if connection in self._ended:
            return
        self._came[connection] = node
        self._open.setdefault(node, set()).add(connection)

    def went(self, node: str, connection: Connection) -> None:
        """A connection ended."""
        self._ended.add(connection)
        self._came.pop(connection, None)
        self._open.get(node, set()).discard(connection)

    def asking(self) -> None:
        """A full list is about to be asked for: what is reported from now on is newer than the list."""
        self._ended.clear()
        self._came.clear()

    def listed(self, whole: Iterable[tuple[str, Connection]]) -> None:
        """The full list of open connections; everything else is over."""
        self._open = {}
        for node, connection in [*whole, *((node, connection) for connection, node in self._came.items())]:
            if connection not in self._ended:
                self._open.setdefault(node, set()).add(connection)

    def names(self) -> set[str]:
        """Every node that was connected since the list."""
        return set(self._open)

    def holders(self) -> dict[Connection, str]:
        """Whose each open connection is."""
        return {connection: node for node, open_ones in self._open.items() for connection in open_ones}

    def take_changes(self, known: Iterable[str]) -> dict[str, bool]:
        """Of the `known` nodes, those that came or went since the last call."""
        now = {node: bool(self._open.get(node)) for node in known}
        changed = {node: is_here for node, is_here in now.items() if self._said.get(node) is not is_here}
        self._said = now
        return changed


def keep_presence_of(connection: apsw.Connection, changes: Mapping[str, bool], now_ms: int) -> None:
    """Remember who came and who went; a node that is where it was keeps its moment. Idempotent."""
    connection.executemany(
        "INSERT INTO presence(node, is_here, since_ms) VALUES(?,?,?) ON CONFLICT(node) DO UPDATE SET is_here = excluded.is_here,"
        " since_ms = CASE WHEN presence.voice = 'silent' AND excluded.is_here = 0 THEN presence.heard_ms ELSE excluded.since_ms END,"
        " voice = 'clear' WHERE presence.is_here <> excluded.is_here",
        [(node, int(is_here), now_ms) for node, is_here in changes.items()],
    )


def keep_voices(connection: apsw.Connection, changes: Mapping[str, Heard], now_ms: int) -> None:
    """Remember how connected nodes are heard. Idempotent."""
    connection.executemany(
        "UPDATE presence SET voice = ?, heard_ms = ? WHERE node = ?",
        [(heard.voice, now_ms - heard.age_ms, node) for node, heard in changes.items()],
    )


def forget_voices(connection: apsw.Connection) -> None:
    """Nobody listens yet: what was heard before says nothing. Idempotent."""
    connection.execute("UPDATE presence SET voice = 'clear' WHERE voice <> 'clear'")


def presences(connection: apsw.Connection) -> dict[str, Presence]:
    """Every node that was ever seen or missed. One that is connected and silent is away since it was last heard."""
    rows = connection.execute("SELECT node, is_here, since_ms, voice, heard_ms FROM presence")
    found = {}
    for node, is_here, since, voice, heard in rows:
        is_silent = voice == "silent"
        moment = as_int(heard) if is_here and voice != "clear" else as_int(since)
        found[str(node)] = Presence(bool(is_here) and not is_silent, moment, str(voice) if is_here else "clear")  # type: ignore[arg-type]
    return found
