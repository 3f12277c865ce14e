"""Walking the hub: every lane's chain, every body's hash, every projected view, every file, every signature, the audit chain.

A single flipped byte anywhere shows up as one finding; finding nothing is only said after everything was read.
"""

from __future__ import annotations

from collections.abc import Callable

import apsw
import msgspec

from central_hub.figures import snapshots
from central_hub.lookup import audit
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.log_walk import ErasedByOrder, Finding, walk_erased, walk_files, walk_lanes, walk_views


class HubWalk(msgspec.Struct, frozen=True):
    """What was read and what was wrong with it."""

    lanes: int
    events: int
    dossiers: int
    files: int
    findings: tuple[Finding, ...]
    erased: tuple[ErasedByOrder, ...] = ()


def walk(
    connection: apsw.Connection, files: FileStore, progress: Callable[[str, int], None] = lambda *_: None
) -> HubWalk:
    """Read everything the hub holds and check it against itself."""
    lanes, events, findings = walk_lanes(connection)
    progress("lanes", lanes)
    dossiers, wrong_views = walk_views(connection)
    progress("dossiers", dossiers)
    digests = [bytes(digest) for (digest,) in connection.execute("SELECT digest FROM blob ORDER BY digest")]
    count, wrong_files = walk_files(files, digests)
    progress("files", count)
    findings += wrong_views + wrong_files
    broken = audit.broken_at(connection)
    if broken is not None:
        findings.append(Finding("audit", str(broken), "VER-101", "row does not follow from its predecessor"))
    changed = snapshots.broken_at(connection)
    if changed is not None:
        findings.append(
            Finding("report", str(changed), "VER-101", "frozen report does not follow from its predecessor")
        )
    return HubWalk(lanes, events, dossiers, count, tuple(findings), walk_erased(connection))
