"""Quarantine: what the hub could not take, kept with its reason, bounded per node, shown to operators. Nothing is thrown away unread."""

from __future__ import annotations

import hashlib

import apsw
import msgspec

KEPT_FRAMES_PER_NODE = 1_000


class Held(msgspec.Struct, frozen=True):
    """One frame in quarantine."""

    id: int
    node: str
    at_ms: int
    code: str
    detail: str
    times: int


def hold(connection: apsw.Connection, node: str, frame: bytes, code: str, detail: str, now_ms: int) -> None:
    """Keep a refused frame; the same frame again only counts. Beyond the bound the oldest of that node goes."""
    connection.execute(
        "INSERT INTO quarantine(node, at_ms, code, detail, frame, digest) VALUES(?,?,?,?,?,?)"
        " ON CONFLICT(digest) DO UPDATE SET times = times + 1, at_ms = excluded.at_ms, code = excluded.code",
        (node, now_ms, code, detail, frame, hashlib.sha256(node.encode() + frame).digest()),
    )
    connection.execute(
        "DELETE FROM quarantine WHERE node = ? AND id NOT IN (SELECT id FROM quarantine WHERE node = ? ORDER BY id DESC LIMIT ?)",
        (node, node, KEPT_FRAMES_PER_NODE),
    )


def held(connection: apsw.Connection, limit: int = 200) -> list[Held]:
    """The newest held frames."""
    rows = connection.execute(
        "SELECT id, node, at_ms, code, detail, times FROM quarantine ORDER BY id DESC LIMIT ?", (limit,)
    )
    return [Held(*row) for row in rows]
