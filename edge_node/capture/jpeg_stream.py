"""A JPEG's own structure: how many scans it has, where it ends, and the same picture without its metadata.

Runs inside the sandbox. The coded picture is never touched: only application and comment segments are dropped and
everything after the end marker is cut off, so a scan stays the bytes the scanner made.
"""

from __future__ import annotations

from dataclasses import dataclass

from edge_node.capture.untrusted import Refusal

_START, _END, _SCAN, _COMMENT = 0xD8, 0xD9, 0xDA, 0xFE
_JFIF, _ADOBE = 0xE0, 0xEE
_TABLES = (0xC4, 0xC8, 0xCC)
# baseline, extended and progressive, in Huffman code; no arithmetic code, nothing lossless
_COMMON = (0xC0, 0xC1, 0xC2)
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))


@dataclass(frozen=True)
class JpegStream:
    """A JPEG with metadata dropped, what followed its end, its number of scans, and whether every reader of PDF can draw it."""

    clean: bytes
    tail: bytes
    scans: int
    is_common: bool = True


def read_jpeg_stream(content: bytes, *, scans_max: int) -> JpegStream:
    """Walk the markers of one JPEG.

    Raises:
        Refusal: `damaged` where a marker is missing or a segment runs past the end; `too_complex` for a scan bomb (a
            progressive picture may repeat its scans thousands of times at a few bytes each).
    """
    kept = bytearray(b"\xff\xd8")
    at, scans, is_common = 2, 0, True
    while True:
        at, marker = _marker_at(content, at)
        if marker == _END:
            return JpegStream(bytes(kept + b"\xff\xd9"), content[at:], scans, is_common)
        if marker in _STANDALONE:
            continue
        if 0xC0 <= marker <= 0xCF and marker not in _TABLES:
            is_common = is_common and marker in _COMMON
        length = int.from_bytes(content[at : at + 2], "big")
        if length < 2 or at + length > len(content):
            raise Refusal("damaged", "jpeg segment runs past the end")
        end = at + length
        if marker == _SCAN:
            scans += 1
            if scans > scans_max:
                raise Refusal("too_complex", f"more than {scans_max} jpeg scans")
            end = _end_of_scan(content, end)
        if marker in (_JFIF, _ADOBE) or not (0xE0 <= marker <= 0xEF or marker == _COMMENT):
            kept += bytes((0xFF, marker)) + content[at:end]
        at = end


def _marker_at(content: bytes, at: int) -> tuple[int, int]:
    """Return (position after the marker, marker); fill bytes before it are skipped."""
    if at >= len(content) or content[at] != 0xFF:
        raise Refusal("damaged", "jpeg marker expected")
    while at < len(content) and content[at] == 0xFF:
        at += 1
    if at >= len(content):
        raise Refusal("damaged", "jpeg ends early")
    return at + 1, content[at]


def _end_of_scan(content: bytes, at: int) -> int:
    """Position of the first marker after entropy-coded data (stuffed and restart bytes belong to the data)."""
    while True:
        at = content.find(b"\xff", at)
        if at < 0 or at + 1 >= len(content):
            raise Refusal("damaged", "jpeg ends inside a scan")
        follower = content[at + 1]
        if follower == 0xFF:
            at += 1
        elif follower == 0 or 0xD0 <= follower <= 0xD7:
            at += 2
        else:
            return at
