"""What a bus needs to know: where the hub is, who we are, how patient we are.

Every time is in seconds. The defaults were measured on a 256 kbit/s line with 300 ms round trip and 5 to 20 % loss:
a 2 s connect time-out failed 14 of 40 times there, 15 s failed once; with the client's own 120 s pings a frozen peer
went unnoticed for minutes.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit

import msgspec

from sync_protocol.adapters.bus.credentials import Credentials
from sync_protocol.adapters.bus.errors import PlaintextRefused


class BusTiming(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long each wait may last (seconds). `beat_s`: how often a node's lane of records says that it is there; 0 for never."""

    connect_timeout_s: float = 12.0
    beat_s: float = 1.0
    ping_interval_s: float = 15.0
    pings_unanswered: int = 3
    backoff_first_s: float = 2.0
    backoff_max_s: float = 30.0
    refused_wait_s: float = 120.0
    stall_s: float = 120.0
    files_pause_max_s: float = 60.0
    close_s: float = 3.0

    @property
    def silence_budget_s(self) -> float:
        """A peer that says nothing and takes nothing for this long is gone."""
        return self.ping_interval_s * self.pings_unanswered


class BusSettings(msgspec.Struct, frozen=True, kw_only=True):
    """One participant's way to the hub.

    `name` is the node's (or worker's) name shown in the server's monitoring. `ca_pem` is the only authority trusted for
    the server's certificate; without it every server must be on this machine. `server_name` overrides the name that
    the certificate must carry (a tunnel, a proxy, a test).

    Raises:
        PlaintextRefused: a server outside this machine and no certificate authority.
    """

    name: str
    servers: tuple[str, ...]
    credentials: Credentials
    ca_pem: bytes | None = None
    server_name: str | None = None
    timing: BusTiming = BusTiming()

    def __post_init__(self) -> None:
        if self.ca_pem is None:
            for server in self.servers:
                if not _is_loopback(server):
                    raise PlaintextRefused(server=server)


def _is_loopback(server: str) -> bool:
    host = urlsplit(server).hostname or ""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
