"""`/health/ready` and `/metrics` of the hub. Whether the process lives is answered by the kit's `/health/live`."""

from __future__ import annotations

from typing import Any

import apsw
from litestar import Request, Response, get
from litestar.datastructures import State

from central_hub.app import Hub
from central_hub.gateways.gauges import gateway_gauges
from central_hub.lookup.gauges import oversight_gauges
from central_hub.operations.alarms import count_open
from central_hub.operations.fleet import read_fleet
from central_hub.operations.overview import totals
from sync_protocol.adapters.backup.manifest import finished
from sync_protocol.adapters.disk import DiskCondition, disk_state
from sync_protocol.adapters.storage_errors import StorageReadOnly
from sync_protocol.adapters.web.figures import Gauge, exposition, readiness, require_client
from sync_protocol.errors import Problem


@get("/health/ready", opt={"public": True}, sync_to_thread=True)
def is_ready(state: State) -> Response[str]:
    """Whether the hub can take a record now: its database answers and its disk has room. Codes only."""
    hub: Hub = state.hub
    reasons = []
    try:
        hub.store.readers.run(lambda c: c.execute("SELECT 1").fetchone())
    except Problem as problem:
        reasons.append(problem.code)
    if disk_state(hub.folder.root).condition is DiskCondition.READ_ONLY:
        reasons.append(StorageReadOnly.code)
    return readiness(reasons)


@get("/metrics", opt={"public": True}, sync_to_thread=True)
def metrics(request: Request[Any, Any, Any], state: State) -> Response[bytes]:
    """The hub's figures. Raises PageUnknown for addresses outside `[web] metrics_clients`."""
    hub: Hub = state.hub
    require_client(request, hub.settings.web.metrics_clients)
    held = finished(hub.backups())
    gauges = hub.store.readers.run(
        lambda c: [
            *hub_gauges(c, hub.now_ms(), hub.totals or totals(c)),
            *oversight_gauges(c, hub.now_ms()),
            *gateway_gauges(c, hub.now_ms()),
        ]
    )
    free = float(disk_state(hub.folder.root).free_bytes)
    age = (hub.now_ms() - held[-1].manifest.made_ms) / 1000 if held else -1.0
    return exposition(
        [
            *gauges,
            Gauge("disk_free_bytes", "Free bytes on the disk of the state folder.", {"": free}),
            Gauge("backup_age_seconds", "Age of the newest finished backup, -1 without one.", {"": age}),
        ]
    )


def hub_gauges(connection: apsw.Connection, now_ms: int, counted: dict[str, int]) -> list[Gauge]:
    """Totals as last counted, and what operators watch of each node. Labels are node names, never people."""
    nodes = read_fleet(connection, now_ms)
    return [
        Gauge(
            "held",
            "What the hub holds, by kind.",
            {kind: float(count) for kind, count in counted.items()},
            "kind",
        ),
        Gauge(
            "alarms",
            "Alarms that hold now, by kind.",
            {kind: float(count) for kind, count in count_open(connection).items()},
            "kind",
        ),
        Gauge(
            "node_connected", "1 while a node holds a connection.", {n.node: float(n.is_here) for n in nodes}, "node"
        ),
        Gauge(
            "node_floor_lag_events",
            "Events a node wrote and the hub lacks, as of its last hello.",
            {n.node: float(n.floor_lag) for n in nodes},
            "node",
        ),
        Gauge(
            "node_disk_free_bytes",
            "Free bytes at a node.",
            {n.node: float(n.disk_free_bytes) for n in nodes if n.disk_free_bytes is not None},
            "node",
        ),
        Gauge(
            "certificate_days",
            "Days until the first certificate of a node's office ends.",
            {n.node: float(n.certificate_days) for n in nodes if n.certificate_days is not None},
            "node",
        ),
        Gauge("node_silent", "1 when a node missed three hellos.", {n.node: float(n.is_silent) for n in nodes}, "node"),
        Gauge("node_queue_events", "Events waiting at a node.", {n.node: float(n.queue_events) for n in nodes}, "node"),
        Gauge(
            "node_queue_age_seconds",
            "Age of the oldest waiting event at a node.",
            {n.node: (now_ms - n.queue_oldest_ms) / 1000 if n.queue_oldest_ms else 0.0 for n in nodes},
            "node",
        ),
        Gauge(
            "node_clock_offset_seconds",
            "A node's clock minus the hub's.",
            {n.node: n.clock_offset_ms / 1000 for n in nodes},
            "node",
        ),
        Gauge(
            "node_quarantined",
            "Frames of a node held for people.",
            {n.node: float(n.quarantined) for n in nodes},
            "node",
        ),
    ]


ROUTES = (is_ready, metrics)
