"""A cluster of three message servers as IT runs it beside the hub, rendered by the code that renders the embedded one."""

from __future__ import annotations

from pathlib import Path

from central_hub.enrolment.server_config import ClusterPeers, ServerConfig, TlsFiles, external_notes

SERVERS = ("nats-1", "nats-2", "nats-3")
FEED_BYTES = 10 * 2**30
"""Room of the event feed on each server. The hub opens the feed only where `feed.bytes` is set; until then nothing is written."""

_CONFIG = Path("/etc/lienthong/nats")
_STATE = Path("/var/lib/lienthong-nats")


def example(name: str) -> bytes:
    """The configuration of one of the three. Site names and the system account are to be put in by IT."""
    return external_notes(server_of(name))


def server_of(name: str) -> ServerConfig:
    """One of the three, at the places where the packages put things."""
    return ServerConfig(
        name=name,
        host="0.0.0.0",
        port=4222,
        monitor_port=8222,
        operator_file=_CONFIG / "operator.jwt",
        system_account="SYSTEM_ACCOUNT_PUBLIC_KEY",
        preload={},
        resolver_dir=_STATE / "accounts",
        feed_dir=_STATE / "feed",
        feed_bytes=FEED_BYTES,
        tls=TlsFiles(_CONFIG / "server.crt", _CONFIG / "server.key", _CONFIG / "authority.crt"),
        cluster=ClusterPeers("lienthong", "0.0.0.0:6222", tuple(f"nats-route://{one}.example:6222" for one in SERVERS)),
    )
