"""The decoding task, as the sandbox runs it: untrusted bytes in, a `DecodeReport` out, nothing else.

Registered as `DECODE_TASK` by the node's composition root. Importing this module loads Pillow, pikepdf and pdfium;
only the sandboxed process does.
"""

from __future__ import annotations

from typing import Any

import msgspec

from edge_node.capture import pdf_pages, raster
from edge_node.capture.foreign_tail import refuse_second_kind
from edge_node.capture.untrusted import DecodedPage, DecodeLimits, DecodeReport, Refusal, kind_of


def run(content: bytes, arguments: dict[str, Any]) -> bytes:
    """Decode the stretch of pages `first` … `first + count - 1`; every refusal is an ordinary answer.

    Args:
        content: the whole file.
        arguments: `limits` (fields of `DecodeLimits`), `first` and `count` (pages).
    """
    limits = msgspec.convert(arguments["limits"], DecodeLimits)
    try:
        page_count, pages, warnings = read_frames(content, limits, int(arguments["first"]), int(arguments["count"]))
        report = DecodeReport(page_count=page_count, pages=tuple(pages), warnings=tuple(sorted(warnings)))
    except Refusal as refusal:
        report = DecodeReport(refusal=refusal.reason, detail=refusal.detail)
    return msgspec.msgpack.encode(report)


def read_frames(
    content: bytes, limits: DecodeLimits, first: int, count: int
) -> tuple[int, list[DecodedPage], set[str]]:
    """Up to `count` pages from page `first`: (pages in the file, pages, warning words). Raises Refusal."""
    kind = kind_of(content)
    if kind is None:
        raise Refusal("unknown_kind")
    refuse_second_kind(content, kind)
    if kind == "pdf":
        return pdf_pages.read_pages(content, limits, first, count)
    return raster.read_pages(content, kind, limits, first, count)
