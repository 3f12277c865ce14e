"""The hub's settings: one TOML file in the state folder, environment overrides, everything checked at the start."""

from __future__ import annotations

import re
from typing import Annotated, Final

import msgspec

from sync_protocol.adapters.backup.manifest import Keep

_S3_PLACE: Final = re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/[A-Za-z0-9._/-]*)?")
_OWN_MACHINE: Final = ("http://127.0.0.1:", "http://localhost:", "http://[::1]:")


class BusChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where nodes connect. `public_servers` are what enrolment files name; empty: this machine's own address.

    `servers`: addresses of message servers that IT runs (deploy/nats); the hub then starts none of its own.
    """

    host: str = "127.0.0.1"
    port: int = 4222
    monitor_port: int = 0
    names: tuple[str, ...] = ("localhost", "127.0.0.1")
    public_servers: tuple[str, ...] = ()
    servers: tuple[str, ...] = ()


class HubWeb(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pages are served, and which addresses may read the figures at `/metrics`.

    With a `name` the pages are served over TLS under it, and officers may use passkeys. Without `certificate_file` and `key_file` (relative to the state
    folder) the hub's own authority issues the certificate. `public_port` is what browsers see, 0: the same as `port`.
    """

    host: str = "127.0.0.1"
    port: int = 8030
    name: str = ""
    public_port: int = 0
    certificate_file: str = ""
    key_file: str = ""
    metrics_clients: tuple[str, ...] = ("127.0.0.1", "::1")


class BackupChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often the serving hub backs itself up (0: never), where to (empty: `backups` in the state folder), and what stays."""

    every_hours: float = 24
    folder: str = ""
    keep: Keep = Keep()


class SealsChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose signatures count (`trust_folder`, relative to the state folder: `*.root.der`, `*.issuer.der`, `*.crl`), and who stamps time.

    Without a trust folder no file is ever judged; without a time stamp authority accepted files stay at level B-B.
    """

    trust_folder: str = ""
    tsa_url: str = ""
    renew_before_days: int = 90


class StoreChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the hub's tables lie: empty: an encrypted file in the state folder; else a PostgreSQL address in libpq's words.

    PostgreSQL does not encrypt its files: its disk must be, and the way to it needs TLS (`sslmode=verify-full`).
    """

    postgres: str = ""


class FilesChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where files lie, sealed with the hub's own key: empty: in the state folder; else `s3://bucket/prefix` in an S3-compatible store.

    `endpoint` is the store's address (empty: Amazon's own of the region); `credentials_file`, relative to the state folder and for its owner only, is
    TOML with `access_key_id` and `secret_access_key`. Only this very machine may be reached without TLS.
    """

    s3: str = ""
    endpoint: str = ""
    region: str = "us-east-1"
    credentials_file: str = "s3.toml"

    def __post_init__(self) -> None:
        """Raises ValueError, which the loader reports with the setting's name."""
        if self.s3 and not _S3_PLACE.fullmatch(self.s3):
            raise ValueError("s3 must be s3://bucket or s3://bucket/prefix")
        if self.endpoint and not self.endpoint.startswith(("https://", *_OWN_MACHINE)):
            raise ValueError("endpoint must begin with https://")


class FeedChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The hub-ordered event feed for other systems, a JetStream stream of at most so many bytes (0: none), kept `replicas` times."""

    bytes: int = 0
    replicas: int = 1
    every_s: float = 1.0


class CasesChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """After how many days an open case is shown to leaders first."""

    escalate_after_days: int = 5


class ExistenceChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How often the serving hub publishes the country-wide existence index (0: never)."""

    every_hours: float = 24


Address = Annotated[
    str, msgspec.Meta(pattern=r"^(https://[^\s?#@]+|http://(127\.0\.0\.1|localhost)(:\d+)?(/[^\s?#@]*)?)?$")
]
"""Where an outside system answers: over TLS, or on this machine; empty: not used."""


class PortalChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The national portal: states go out, applications come in. `units`: what the portal calls an office → our office code."""

    address: Address = ""
    token_file: str = ""
    poll_every_s: Annotated[float, msgspec.Meta(gt=0)] = 60
    units: dict[str, str] = {}


class IdentityChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The check of accounts against the population database."""

    address: Address = ""
    token_file: str = ""


class GatewaysChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Outside systems; each is off until it has an address. Token files lie relative to the state folder."""

    portal: PortalChoice = PortalChoice()
    identity: IdentityChoice = IdentityChoice()


class HubSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything configurable at the hub. `anchor_file` (empty: in the state folder) best lies on another disk than the database."""

    name: str
    bus: BusChoice = BusChoice()
    web: HubWeb = HubWeb()
    store: StoreChoice = StoreChoice()
    files: FilesChoice = FilesChoice()
    feed: FeedChoice = FeedChoice()
    seals: SealsChoice = SealsChoice()
    backup: BackupChoice = BackupChoice()
    existence: ExistenceChoice = ExistenceChoice()
    cases: CasesChoice = CasesChoice()
    gateways: GatewaysChoice = GatewaysChoice()
    anchor_file: str = ""
