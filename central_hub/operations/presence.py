"""Who holds a connection to the message server, from its own reports of connections made and ended.

A node says hello every five minutes; the server knows at once when its process dies or its line is closed. A node is here while at least one of
its connections is open. A line that breaks without a word is noticed by the server's own pings (`server_config.PING_INTERVAL`).
Times are milliseconds UTC of the hub's clock.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import apsw
import msgspec

Connection = tuple[str, int]  # the server's id and its number for the connection


class Presence(msgspec.Struct, frozen=True):
    """Whether a node is here, and since when it has been so."""

    is_here: bool
    since_ms: int


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
        " since_ms = excluded.since_ms WHERE presence.is_here <> excluded.is_here",
        [(node, int(is_here), now_ms) for node, is_here in changes.items()],
    )


def presences(connection: apsw.Connection) -> dict[str, Presence]:
    """Every node that was ever seen or missed."""
    return {
        str(node): Presence(bool(is_here), int(since))
        for node, is_here, since in connection.execute("SELECT node, is_here, since_ms FROM presence")
    }
