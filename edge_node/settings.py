"""The node's settings: one TOML file in the state folder, environment overrides, everything checked at the start."""

from __future__ import annotations

from typing import Annotated

import msgspec

from edge_node.counter.ticket import SERIES_PATTERN
from edge_node.people.officers import Officer
from edge_node.recognition.model import DEBIAN_TESSDATA, RecogniserKind
from edge_node.signing.place import TokenPlace, require_one_place
from sync_protocol.adapters.backup.manifest import Keep


class WebSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pages are served, and which addresses may read the figures at `/metrics`."""

    host: str = "127.0.0.1"
    port: int = 8040
    metrics_clients: tuple[str, ...] = ("127.0.0.1", "::1")


class ReadingChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which reader this office uses: two_readers, fast, lines (Tesseract) or manual; `tessdata` is the folder with `vie.traineddata` for `lines`.

    While more than `fast_above` papers wait, two readers give way to the fast one; 0 means never, for the fast one is below
    what is asked of a reading and leaves every value to a person: 16 more looks a page for 0.8 s of the machine (0022, 2026-11-30).
    """

    kind: RecogniserKind = RecogniserKind.TWO_READERS
    tessdata: str = DEBIAN_TESSDATA
    fast_above: Annotated[int, msgspec.Meta(ge=0)] = 0


class AgencySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The agency's name in its signature, its key file or token (kept by the clerk), and whether its signature closes a file for ever.

    `seal_is_final` counts for papers captured from then on; validation data and time stamps may still follow a final seal.
    """

    name: str = ""
    key_file: str | None = None
    token: TokenPlace | None = None
    seal_is_final: bool = False

    def __post_init__(self) -> None:
        """Refuse two places for one key."""
        require_one_place(self.key_file, self.token)


class TrustSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose signatures count here: a folder with `*.root.der`, `*.issuer.der` and `*.crl` files (DER), relative to the state folder."""

    folder: str | None = None


class BackupChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where `edge-node backup` writes to (relative to the state folder; best another disk), and what stays."""

    folder: str = "backups"
    keep: Keep = Keep()


class ScannerSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A network scanner: what the desk calls it, and its eSCL address such as `http://192.0.2.9:8080/eSCL`."""

    name: str
    address: str


class CaptureSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where scans come from: a folder that scanners write to, network scanners, and the address under which phones reach the pages."""

    watch_folder: str | None = None
    scanners: tuple[ScannerSettings, ...] = ()
    phone_address: str = ""


class CounterSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The series of this node's tickets (`A` in `A-012`): up to three letters, other than those of the office's other nodes.

    Empty takes the letters that end the node's id, so that two nodes of one office never call the same number.
    """

    series: Annotated[str, msgspec.Meta(pattern=SERIES_PATTERN)] = ""


class NodeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything configurable at an office."""

    office_name: str
    # where the hub's pages for citizens are; the survey's code on slips leads there, empty: no such code
    citizen_address: str = ""
    parent_name: str = "Bảo hiểm xã hội Việt Nam"
    place: str = ""
    web: WebSettings = WebSettings()
    reading: ReadingChoice = ReadingChoice()
    agency: AgencySettings = AgencySettings()
    trust: TrustSettings = TrustSettings()
    backup: BackupChoice = BackupChoice()
    capture: CaptureSettings = CaptureSettings()
    counter: CounterSettings = CounterSettings()
    officers: tuple[Officer, ...] = ()
    passphrase_file: str | None = None  # for officers' key files on an unattended machine; a desk asks instead, and a token always asks for its PIN
