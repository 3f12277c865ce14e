"""How far the first filling is: nothing said before the first greeting, then running, then complete for good."""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from edge_node.store.node_store import read_number, read_state, write_number, write_state
from sync_protocol.snapshot import Manifest

MANIFEST = "bootstrap_manifest"
PART = "bootstrap_part"
STATE = "bootstrap"

Phase = Literal["", "running", "complete"]


class Progress(msgspec.Struct, frozen=True):
    """Parts loaded of all, and what that means. `as_of_ms` is the hub time (UTC) of the snapshot, 0 without one."""

    phase: Phase
    done: int = 0
    parts: int = 0
    as_of_ms: int = 0


def read_progress(connection: apsw.Connection) -> Progress:
    """Where the filling stands, from the database alone."""
    state, manifest = read_state(connection, STATE), held_manifest(connection)
    phase: Phase = "complete" if state == b"complete" else "running" if state == b"running" else ""
    if manifest is None:
        return Progress(phase)
    return Progress(phase, read_number(connection, PART), len(manifest.parts), manifest.as_of_ms)


def is_empty(connection: apsw.Connection) -> bool:
    """Whether nothing of the office's feed was ever taken here: only such a node begins from a snapshot."""
    return (
        read_number(connection, "cursor") == 0
        and connection.execute("SELECT 1 FROM page_proof LIMIT 1").fetchone() is None
    )


def held_manifest(connection: apsw.Connection) -> Manifest | None:
    """The snapshot that is being loaded, or was."""
    raw = read_state(connection, MANIFEST)
    return None if raw is None else msgspec.msgpack.decode(raw, type=Manifest)


def begin(connection: apsw.Connection, manifest: Manifest) -> None:
    """Load this snapshot from its first part. What an earlier one brought stays: its events are recognised."""
    write_state(connection, MANIFEST, msgspec.msgpack.encode(manifest))
    write_number(connection, PART, 0)
    write_state(connection, STATE, b"running")


def complete(connection: apsw.Connection) -> None:
    """Everything up to the feed's head was taken. Idempotent."""
    write_state(connection, STATE, b"complete")
