"""`/health/ready` and `/metrics` of the node. Whether the process lives is answered by the kit's `/health/live`."""

from __future__ import annotations

from typing import Any

import apsw
from litestar import Request, Response, get
from litestar.datastructures import State

from edge_node.app import Node
from edge_node.operations.overview import oldest_waiting_ms, overview
from sync_protocol.adapters.disk import DiskCondition, disk_state
from sync_protocol.adapters.storage_errors import StorageReadOnly
from sync_protocol.adapters.web.figures import Gauge, exposition, readiness, require_client
from sync_protocol.errors import Problem


@get("/health/ready", opt={"public": True}, sync_to_thread=True)
def is_ready(state: State) -> Response[str]:
    """Whether the desk can save now: database, disk, and rules of law at hand. Being offline is no reason."""
    node: Node = state.office.node
    reasons = []
    try:
        node.store.readers.run(lambda c: c.execute("SELECT 1").fetchone())
        if node.catalogues.current() is None:
            reasons.append("LAW-020")
    except Problem as problem:
        reasons.append(problem.code)
    if disk_state(node.folder.root).condition is DiskCondition.READ_ONLY:
        reasons.append(StorageReadOnly.code)
    return readiness(reasons)


@get("/metrics", opt={"public": True}, sync_to_thread=True)
def metrics(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """The node's figures. Raises PageUnknown for addresses outside `[web] metrics_clients`."""
    node: Node = state.office.node
    require_client(request, node.settings.web.metrics_clients)
    now_ms = int(node.now().timestamp() * 1000)
    free = float(disk_state(node.folder.root).free_bytes)
    gauges = node.store.readers.run(lambda c: node_gauges(c, now_ms))
    return exposition([*gauges, Gauge("disk_free_bytes", "Free bytes on the disk of the state folder.", {"": free})])


def node_gauges(connection: apsw.Connection, now_ms: int) -> list[Gauge]:
    """Counts, the queue's age, and seconds per stage of reading. Labels are kinds, never people."""
    found, oldest_ms = overview(connection), oldest_waiting_ms(connection)
    age = 0.0 if oldest_ms is None else (now_ms - oldest_ms) / 1000
    return [
        Gauge(
            "held",
            "What the node holds and what waits, by kind.",
            {k: float(v) for k, v in found.counts.items()},
            "kind",
        ),
        Gauge("queue_age_seconds", "Age of the oldest event or file the hub has not.", {"": age}),
        Gauge("stage_seconds", "CPU seconds spent per stage of a paper's way.", dict(found.stages), "stage"),
    ]


ROUTES = (is_ready, metrics)
