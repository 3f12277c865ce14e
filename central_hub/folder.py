"""Names of everything in the hub's state folder, and the few things that are read from it without a running hub."""

from __future__ import annotations

from pathlib import Path

import msgspec

from central_hub.errors import HubNotInitialised, HubNotRunning
from sync_protocol.adapters.durable_file import write_durably


class Running(msgspec.Struct, frozen=True):
    """What a serving hub tells other commands on this machine."""

    pid: int
    server: str
    web: str


class HubFolder:
    """Paths of the hub's state."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.keys = root / "keys.json"
        self.raw_key = root / "unattended.key"
        self.database = root / "hub.db"
        self.files = root / "files"
        self.bus = root / "bus"
        self.trust = root / "trust"
        self.settings = root / "hub.toml"
        self.catalogues = root / "catalogues"
        self.backups = root / "backups"
        self.authority = root / "trust" / "authority.pem"
        self.authority_key = root / "trust" / "authority.key"
        self.running = root / "running.json"
        self.anchor = root / "epoch.json"

    def require(self) -> None:
        """Raises HubNotInitialised when no hub was made here."""
        if not self.keys.exists():
            raise HubNotInitialised()

    def read_running(self) -> Running:
        """Where the serving hub is. Raises HubNotRunning."""
        try:
            return msgspec.json.decode(self.running.read_bytes(), type=Running)
        except (OSError, msgspec.MsgspecError) as error:
            raise HubNotRunning() from error

    def write_running(self, running: Running) -> None:
        """Tell other commands on this machine."""
        write_durably(self.running, msgspec.json.encode(running))
