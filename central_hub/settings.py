"""The hub's settings: one TOML file in the state folder, environment overrides, everything checked at the start."""

from __future__ import annotations

import msgspec


class BusChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where nodes connect. `public_servers` are what enrolment files name; empty: this machine's own address."""

    host: str = "127.0.0.1"
    port: int = 4222
    monitor_port: int = 0
    names: tuple[str, ...] = ("localhost", "127.0.0.1")
    public_servers: tuple[str, ...] = ()


class HubWeb(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pages are served."""

    host: str = "127.0.0.1"
    port: int = 8030


class HubSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything configurable at the hub."""

    name: str
    bus: BusChoice = BusChoice()
    web: HubWeb = HubWeb()
