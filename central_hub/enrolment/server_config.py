"""The message server's configuration as text. The server's syntax is a superset of JSON, so JSON is what we write: there
is then no quoting to get wrong. Every text is meant to be checked with `nats-server -t` before it is used.

The values were measured: with the default 10 s write deadline the server cut slow offices off; without
`sync_interval: always` it acknowledged 1,140 of 1,200 messages that a power cut then took.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec

from central_hub.enrolment.accounts import MAX_PAYLOAD_BYTES

# The server forgets a silent office's old connections after this; longer would keep an office with a flapping line
# counted against its own connection limit.
PING_INTERVAL: Final = "20s"
PING_MAX: Final = 3


class TlsFiles(msgspec.Struct, frozen=True):
    """Paths of PEM files. `authority` is used between the servers of a cluster."""

    certificate: Path
    key: Path
    authority: Path


class ClusterPeers(msgspec.Struct, frozen=True):
    """One server's view of its cluster: `routes` are the cluster addresses of all three, itself included."""

    name: str
    listen: str
    routes: tuple[str, ...]


class ServerConfig(msgspec.Struct, frozen=True, kw_only=True):
    """One server. `monitor_port` is always bound to loopback. `feed_bytes` 0 leaves JetStream off."""

    name: str
    host: str
    port: int
    monitor_port: int
    operator_file: Path
    system_account: str
    preload: Mapping[str, str]
    resolver_dir: Path
    feed_dir: Path
    feed_bytes: int
    tls: TlsFiles | None = None
    cluster: ClusterPeers | None = None
    max_connections: int = 6_000


def config_text(config: ServerConfig) -> bytes:
    """The whole configuration of one server."""
    body: dict[str, Any] = {
        "server_name": config.name,
        "host": config.host,
        "port": config.port,
        "http": f"127.0.0.1:{config.monitor_port}",
        "operator": str(config.operator_file),
        "system_account": config.system_account,
        "resolver": {"type": "full", "dir": str(config.resolver_dir), "allow_delete": True, "interval": "2m"},
        "resolver_preload": dict(config.preload),
        "ping_interval": PING_INTERVAL,
        "ping_max": PING_MAX,
        "write_deadline": "60s",
        "max_payload": MAX_PAYLOAD_BYTES,
        "max_connections": config.max_connections,
        "lame_duck_duration": "30s",
        "authorization": {"timeout": 30},
    }
    if config.tls is not None:
        body["tls"] = _tls(config.tls) | {"handshake_first": True}
    if config.feed_bytes:
        body["jetstream"] = {
            "store_dir": str(config.feed_dir),
            "sync_interval": "always",
            "max_file_store": config.feed_bytes,
            "max_memory_store": 0,
        }
    if config.cluster is not None:
        body["cluster"] = _cluster(config.cluster, config.tls)
    return msgspec.json.format(msgspec.json.encode(body), indent=2) + b"\n"


def external_notes(config: ServerConfig) -> bytes:
    """The same server for a machine that IT runs by itself: paths as IT will place them, nothing secret inside."""
    heading = (
        "# Máy chủ chuyển tin của Liên Thông, chạy ngoài central-hub.\n"
        "# Kiểm tra trước khi chạy:  nats-server -t -c tep-nay.conf\n"
        "# Tệp này không chứa khóa bí mật; khóa TLS nằm ở đường dẫn ghi bên dưới, quyền 0600.\n"
    )
    return heading.encode() + config_text(config)


def _tls(files: TlsFiles) -> dict[str, Any]:
    return {
        "cert_file": str(files.certificate),
        "key_file": str(files.key),
        "min_version": "1.3",
        "timeout": 30,
    }


def _cluster(peers: ClusterPeers, tls: TlsFiles | None) -> dict[str, Any]:
    body: dict[str, Any] = {"name": peers.name, "listen": peers.listen, "routes": list(peers.routes)}
    if tls is not None:
        # Routes carry every account's traffic: both ends must show a certificate of our own authority.
        body["tls"] = _tls(tls) | {"ca_file": str(tls.authority), "verify": True}
    return body
