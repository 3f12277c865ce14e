"""An untrusted file: its kind by its first bytes, the limits it must keep, and what is left of it after decoding.

Pure values shared by both sides of the sandbox; nothing here opens or parses anything beyond the first bytes.
Invariant: a declared name or media type never decides anything.
"""

from __future__ import annotations

from typing import Literal

import msgspec

FileKind = Literal["pdf", "jpeg", "png", "tiff", "heic"]
PageOrigin = Literal["unchanged", "re-encoded", "rendered", "straightened"]
Reason = Literal[
    "empty",
    "unknown_kind",
    "too_large",
    "damaged",
    "encrypted",
    "active_content",
    "too_many_pages",
    "image_too_big",
    "too_complex",
    "mixed_kinds",
    "animated",
]

_HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1")


class DecodeLimits(msgspec.Struct, frozen=True):
    """What one file may be. Sides and pixels are per page; `render_dpi` is the scan profile's resolution."""

    file_mb: int = 100
    pages: int = 200
    page_megapixels: int = 80
    side_px: int = 20_000
    rendered_megapixels: int = 40
    render_dpi: int = 300
    stream_mb: int = 64
    all_streams_mb: int = 256
    jpeg_scans: int = 64
    pages_mb: int = 512


class DecodedPage(msgspec.Struct, frozen=True):
    """One page as a fresh image, upright, sRGB, 8 bits per channel, no metadata.

    `content` is a JPEG, or a PNG where the source was black and white; `cv2.imdecode` gives `(height_px, width_px, 3)`
    uint8 BGR. `dpi` is 0 where the source does not say. `source_frame` counts pages of the file from 0. `origin`
    tells whether the coded picture is the source's own (`unchanged`, only metadata dropped) or a photographed sheet seen from above.
    """

    content: bytes
    media_type: Literal["image/jpeg", "image/png"]
    width_px: int
    height_px: int
    dpi: int
    is_colour: bool
    source_frame: int
    origin: PageOrigin


class DecodedFile(msgspec.Struct, frozen=True):
    """All pages of one accepted file, in order, and what the clerk should know about it (warning words)."""

    kind: FileKind
    pages: tuple[DecodedPage, ...]
    warnings: tuple[str, ...] = ()


class DecodeReport(msgspec.Struct, frozen=True):
    """What the sandboxed side answers: a stretch of pages, or the reason for refusing the file."""

    refusal: Reason | None = None
    detail: str = ""
    page_count: int = 0
    pages: tuple[DecodedPage, ...] = ()
    warnings: tuple[str, ...] = ()


class Refusal(Exception):
    """Raised inside the sandbox only; crosses to the outside as a `DecodeReport`."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason, detail)
        self.reason: Reason = reason
        self.detail = detail


def kind_of(content: bytes) -> FileKind | None:
    """Tell the kind from the first bytes alone, None for anything we do not take.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"PK\\x03\\x04")
    ('pdf', None)
    """
    if content.startswith(b"\xff\xd8\xff"):
        return "jpeg"
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return "png"
    if content[:4] in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+"):
        return "tiff"
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC_BRANDS:
        return "heic"
    # Some producers write a byte order mark or a line break first; nothing else may precede the header.
    if content[:32].removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n\t ").startswith(b"%PDF-"):
        return "pdf"
    return None
