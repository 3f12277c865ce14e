"""What an eSCL scanner says and is asked: its capabilities and the settings of a scan, as XML.

Pure. Scanners are devices on the office network, not trusted ones: documents with a DOCTYPE or beyond 256 KiB are
refused before parsing.
"""

from __future__ import annotations

from typing import Literal
from xml.etree import ElementTree

import msgspec

from edge_node.capture.source_errors import ScannerNotUnderstood

Source = Literal["platen", "feeder"]
DOCUMENT_BYTES_MAX = 256 * 1024
SCAN = "http://schemas.hp.com/imaging/escl/2011/05/03"
PWG = "http://www.pwg.org/schemas/2010/12/sm"
# eSCL measures in 1/300 inch; A4 is 210 × 297 mm.
A4_UNITS = (2480, 3508)


class ScannerCapabilities(msgspec.Struct, frozen=True):
    """What the scanner can do. Resolutions in dpi; sizes in 1/300 inch (width, height)."""

    name: str
    has_platen: bool
    has_feeder: bool
    has_duplex: bool
    resolutions: tuple[int, ...]
    colour_modes: tuple[str, ...]
    formats: tuple[str, ...]
    largest: tuple[int, int]


class ScanProfile(msgspec.Struct, frozen=True):
    """A scan as the clerk names it: "Giấy A4 hai mặt", "Thẻ căn cước"."""

    name: str
    source: Source = "feeder"
    is_duplex: bool = False
    dpi: int = 300
    size_units: tuple[int, int] = A4_UNITS
    format: Literal["image/jpeg", "application/pdf"] = "image/jpeg"


def read_capabilities(document: bytes) -> ScannerCapabilities:
    """Parse `ScannerCapabilities`.

    Raises:
        ScannerNotUnderstood: CAP-033.
    """
    root = _parse(document)
    feeder = root.find(f".//{{{SCAN}}}Adf")
    widths = _numbers(root, SCAN, "MaxWidth")
    heights = _numbers(root, SCAN, "MaxHeight")
    return ScannerCapabilities(
        name=(root.findtext(f"{{{PWG}}}MakeAndModel") or "").strip()[:80],
        has_platen=root.find(f".//{{{SCAN}}}Platen") is not None,
        has_feeder=feeder is not None,
        has_duplex=feeder is not None and feeder.find(f".//{{{SCAN}}}AdfDuplexInputCaps") is not None,
        resolutions=tuple(sorted(set(_numbers(root, SCAN, "XResolution")))),
        colour_modes=tuple(sorted(set(_texts(root, SCAN, "ColorMode")))),
        formats=tuple(sorted(set(_texts(root, PWG, "DocumentFormat") + _texts(root, SCAN, "DocumentFormatExt")))),
        largest=(max(widths, default=0), max(heights, default=0)),
    )


def read_state(document: bytes) -> str:
    """The scanner's state word (`Idle`, `Processing`, `Stopped`…) and, after a slash, the feeder's, if told.

    Raises:
        ScannerNotUnderstood: CAP-033.
    """
    root = _parse(document)
    state = (root.findtext(f"{{{PWG}}}State") or "Unknown").strip()
    feeder = (root.findtext(f"{{{SCAN}}}AdfState") or "").strip()
    return f"{state}/{feeder}" if feeder else state


def nearest_dpi(capabilities: ScannerCapabilities, wanted: int) -> int:
    """The wanted resolution, or the lowest the scanner has above it, or its highest."""
    above = [dpi for dpi in capabilities.resolutions if dpi >= wanted]
    return min(above) if above else max(capabilities.resolutions, default=wanted)


def write_settings(profile: ScanProfile) -> bytes:
    """The `ScanSettings` document for one job: colour always, because the law asks for it."""
    width, height = profile.size_units
    source = "Feeder" if profile.source == "feeder" else "Platen"
    duplex = f"<scan:Duplex>{'true' if profile.is_duplex else 'false'}</scan:Duplex>" if source == "Feeder" else ""
    return (
        '<?xml version="1.0" encoding="UTF-8"?>'
        f'<scan:ScanSettings xmlns:scan="{SCAN}" xmlns:pwg="{PWG}">'
        "<pwg:Version>2.6</pwg:Version><scan:Intent>Document</scan:Intent>"
        '<pwg:ScanRegions pwg:MustHonor="true"><pwg:ScanRegion>'
        f"<pwg:Height>{height}</pwg:Height><pwg:Width>{width}</pwg:Width>"
        "<pwg:XOffset>0</pwg:XOffset><pwg:YOffset>0</pwg:YOffset>"
        "<pwg:ContentRegionUnits>escl:ThreeHundredthsOfInches</pwg:ContentRegionUnits>"
        "</pwg:ScanRegion></pwg:ScanRegions>"
        f"<pwg:InputSource>{source}</pwg:InputSource>{duplex}"
        "<scan:ColorMode>RGB24</scan:ColorMode>"
        f"<scan:XResolution>{profile.dpi}</scan:XResolution><scan:YResolution>{profile.dpi}</scan:YResolution>"
        f"<pwg:DocumentFormat>{profile.format}</pwg:DocumentFormat>"
        f"<scan:DocumentFormatExt>{profile.format}</scan:DocumentFormatExt>"
        "</scan:ScanSettings>"
    ).encode()


def _parse(document: bytes) -> ElementTree.Element:
    if len(document) > DOCUMENT_BYTES_MAX or b"<!DOCTYPE" in document or b"<!ENTITY" in document:
        raise ScannerNotUnderstood(what="document refused before parsing")
    try:
        return ElementTree.fromstring(document)
    except (ElementTree.ParseError, ValueError, LookupError) as cause:
        raise ScannerNotUnderstood(what=type(cause).__name__) from cause


def _texts(root: ElementTree.Element, space: str, name: str) -> list[str]:
    return [(element.text or "").strip() for element in root.iter(f"{{{space}}}{name}")]


def _numbers(root: ElementTree.Element, space: str, name: str) -> list[int]:
    return [int(text) for text in _texts(root, space, name) if text.isascii() and text.isdigit() and len(text) < 7]
