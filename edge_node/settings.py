"""The node's settings: one TOML file in the state folder, environment overrides, everything checked at the start."""

from __future__ import annotations

import msgspec

from edge_node.people.officers import Officer


class WebSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where the pages are served."""

    host: str = "127.0.0.1"
    port: int = 8040


class ReadingChoice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Which reader this office uses: two_readers, fast, lines (Tesseract) or manual."""

    kind: str = "two_readers"


class AgencySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The agency's name in its signature, and its key file (kept by the clerk)."""

    name: str = ""
    key_file: str | None = None


class TrustSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Whose signatures count here: a folder with `*.root.der`, `*.issuer.der` and `*.crl` files (DER), relative to the state folder."""

    folder: str | None = None


class NodeSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Everything configurable at an office."""

    office_name: str
    parent_name: str = "Bảo hiểm xã hội Việt Nam"
    place: str = ""
    web: WebSettings = WebSettings()
    reading: ReadingChoice = ReadingChoice()
    agency: AgencySettings = AgencySettings()
    trust: TrustSettings = TrustSettings()
    officers: tuple[Officer, ...] = ()
    passphrase_file: str | None = None  # for officers' keys on an unattended machine; a desk asks instead
