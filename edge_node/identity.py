"""Who this node is: taken once from the enrolment file, kept beside the database, and the keys opened at the start."""

from __future__ import annotations

from pathlib import Path

import msgspec

from edge_node.errors import NotInitialised
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.ids import NodeId, OfficeCode


class Identity(msgspec.Struct, frozen=True, kw_only=True):
    """What the hub told this node about both. The credentials are secret; the file has mode 0600."""

    node: NodeId
    office: OfficeCode
    hub: str
    hub_public_key: bytes
    servers: tuple[str, ...]
    server_name: str | None
    authority_pem: bytes
    credentials: str
    bundle: bytes
    hub_stick_key: bytes = b""  # to which sticks are sealed; none: enrolled by a hub of the version before


class StateFolder:
    """Names of everything in a node's state folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.identity = root / "identity.json"
        self.keys = root / "keys.json"
        self.raw_key = root / "unattended.key"
        self.database = root / "node.db"
        self.files = root / "files"
        self.anchor = root / "anchor.json"
        self.settings = root / "node.toml"
        self.catalogues = root / "catalogues"
        self.typefaces = root / "typefaces"
        self.lock = root / "serve.pid"

    def read_identity(self) -> Identity:
        """The identity. Raises NotInitialised."""
        try:
            return msgspec.json.decode(self.identity.read_bytes(), type=Identity)
        except OSError as error:
            raise NotInitialised() from error

    def write_identity(self, identity: Identity) -> None:
        """Keep the identity durably, readable by this account only."""
        write_durably(self.identity, msgspec.json.encode(identity))
