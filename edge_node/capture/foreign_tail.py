"""What else a file might be: a second kind hidden behind or around the first one.

Runs inside the sandbox. Phones append harmless things to pictures (a second preview, a depth map, vendor notes), so an
unknown tail is only cut off; a tail that another program would open is refused.
"""

from __future__ import annotations

from edge_node.capture.untrusted import FileKind, Refusal

_SIGNS = {
    b"PK\x03\x04": "zip",
    b"%PDF-": "pdf",
    b"MZ\x90": "program",
    b"\x7fELF": "program",
    b"Rar!\x1a": "rar",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"<html": "html",
    b"<script": "html",
    b"<!doctype html": "html",
    b"<svg": "svg",
    b"<?php": "php",
    b"#!/": "script",
}
_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22


def refuse_foreign_tail(tail: bytes) -> bool:
    """Check what follows the end of a picture or document; True where a harmless tail was there to cut off.

    Raises:
        Refusal: `mixed_kinds` when the tail holds another kind of file.
    """
    lowered = tail.lower()
    for sign, name in _SIGNS.items():
        if sign.lower() in lowered:
            raise Refusal("mixed_kinds", name)
    return bool(tail.strip(b"\0\r\n\t "))


def refuse_archive(content: bytes) -> None:
    """Refuse a file whose end makes it a ZIP as well, wherever the archive lies inside it.

    Raises:
        Refusal: `mixed_kinds`.
    """
    at = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_END_BYTES - 0xFFFF))
    while at >= 0:
        record = content[at : at + _ZIP_END_BYTES]
        # Four equal bytes occur by chance in a compressed scan; a directory that fits before them does not.
        directory_bytes, directory_at = int.from_bytes(record[12:16], "little"), int.from_bytes(record[16:20], "little")
        entries = int.from_bytes(record[10:12], "little")
        is_directory = len(record) == _ZIP_END_BYTES and at >= directory_bytes >= 46 * entries > 0
        if is_directory and directory_at <= len(content) and b"PK\x01\x02" in content:
            raise Refusal("mixed_kinds", "zip")
        at = content.rfind(_ZIP_END, max(0, len(content) - _ZIP_END_BYTES - 0xFFFF), at)


def tail_after_png(content: bytes) -> bytes:
    """Bytes after the end chunk of a PNG.

    Raises:
        Refusal: `damaged` when there is no end chunk.
    """
    at = 8
    while at + 12 <= len(content):
        length = int.from_bytes(content[at : at + 4], "big")
        name = content[at + 4 : at + 8]
        at += 12 + length
        if name == b"IEND":
            return content[at:]
        if name == b"acTL":
            raise Refusal("animated", "png")
    raise Refusal("damaged", "png without its end chunk")


def tail_after_pdf(content: bytes) -> bytes:
    """Bytes after the last end mark of a PDF.

    Raises:
        Refusal: `damaged` when the end mark is missing: the copy is not complete.
    """
    at = content.rfind(b"%%EOF")
    if at < 0:
        raise Refusal("damaged", "pdf without its end mark")
    return content[at + 5 :]


def refuse_second_kind(content: bytes, kind: FileKind) -> None:
    """Archive and tail checks for the kinds whose end is known without decoding.

    Raises:
        Refusal: `mixed_kinds`, `damaged` or `animated`.
    """
    refuse_archive(content)
    if kind == "png":
        refuse_foreign_tail(tail_after_png(content))
    elif kind == "pdf":
        refuse_foreign_tail(tail_after_pdf(content))
