"""The diagnostic report: what a technician asks for first, in one file, without a citizen in it.

Only counts, states, versions and the check-up's lines; never a name, number, code of a dossier or purpose of a look-up.
"""

from __future__ import annotations

import importlib.metadata
import platform

import apsw
import msgspec

from edge_node.app import Node
from edge_node.operations.checkup import node_checks
from edge_node.operations.overview import overview
from edge_node.sync.queue import LineState
from sync_protocol.adapters.checkup import Line, examine


class Diagnostics(msgspec.Struct, frozen=True):
    """Times are ISO 8601, UTC. `line_reason` is the hub's or the network's, with its code."""

    made_at: str
    node: str
    office: str
    product: str
    python: str
    system: str
    sqlite: str
    catalogue: str
    line_phase: str
    line_reason: str
    counts: dict[str, int]
    stage_seconds: dict[str, float]
    officers: int
    lines: tuple[Line, ...]


def check_lines(node: Node, connection: apsw.Connection) -> list[Line]:
    """Every quick line of `edge-node doctor`."""
    return examine(node_checks(node.folder, node.identity, node.settings, connection, node.now(), full=False))


def diagnostics(node: Node, connection: apsw.Connection, line: LineState) -> Diagnostics:
    """The report as of now."""
    found = overview(connection)
    catalogue = node.catalogues.current()
    return Diagnostics(
        made_at=node.now().isoformat(timespec="seconds"), node=node.identity.node, office=node.identity.office,
        product=importlib.metadata.version("lienthong"), python=platform.python_version(), system=platform.platform(terse=True),
        sqlite=apsw.sqlite_lib_version(), catalogue=catalogue.version if catalogue else "", line_phase=line.phase, line_reason=line.reason,
        counts=found.counts, stage_seconds=found.stages, officers=len(node.settings.officers), lines=tuple(check_lines(node, connection)),
    )  # fmt: skip
