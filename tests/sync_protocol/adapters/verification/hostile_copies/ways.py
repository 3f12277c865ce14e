"""Ways to make a hostile copy of a genuine one: flip, append a revision, sign anew, write by hand."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Callable

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from edge_node.signing import pades, personal
from tests.edge_node.signing.material import CAPTURED_AT, World
from tests.sync_protocol.adapters.verification.hostile_copies.case import Maker


def signed(world: World) -> bytes:
    return world.signed.data


def sealed(world: World) -> bytes:
    return world.sealed.data


def flipped(before: bytes, offset: int) -> Maker:
    """Flip one bit, `offset` bytes after the first occurrence of `before` in the signed file."""

    def make(world: World) -> bytes:
        data = bytearray(signed(world))
        data[data.index(before) + len(before) + offset] ^= 0x04
        return bytes(data)

    return make


def updated(change: Callable[[IncrementalPdfFileWriter], None], source: Maker = signed) -> Maker:
    """Append a revision, as any editor would."""

    def make(world: World) -> bytes:
        writer = IncrementalPdfFileWriter(io.BytesIO(source(world)))
        change(writer)
        out = io.BytesIO()
        writer.write(out)
        return out.getvalue()

    return make


def resigned(change: Callable[[pikepdf.Pdf], None], who: str = "officer_rsa") -> Maker:
    """Put something into the copy before it is signed, then sign it properly, without the gate."""

    def make(world: World) -> bytes:
        with pikepdf.open(io.BytesIO(world.copy)) as pdf:
            change(pdf)
            out = io.BytesIO()
            pdf.save(out, compress_streams=False, stream_decode_level=pikepdf.StreamDecodeLevel.none)
        return certified(world, out.getvalue(), who)

    return make


def certified(world: World, pdf: bytes, who: str, at: dt.datetime = CAPTURED_AT) -> bytes:
    writer = pades.open_for_signing(pdf)
    return personal.certify(writer, world.key(who), at=at, typefaces_dir=world.typefaces)


def signed_by(who: str, at: dt.datetime = CAPTURED_AT) -> Maker:
    return lambda world: certified(world, world.copy, who, at)


def raw_update(body: bytes) -> Maker:
    """Append a hand-written revision that redefines object 1 (the catalogue) to `body`."""

    def make(world: World) -> bytes:
        data = signed(world)
        return data + b"1 0 obj\n" + body + b"\nendobj\n"

    return make


def changed_bytes(pattern: bytes, replacement: bytes) -> Maker:
    """Replace the last match of a pattern in the signed file with something of the same length."""

    def make(world: World) -> bytes:
        data = signed(world)
        found = list(re.finditer(pattern, data, re.DOTALL))[-1]
        return data[: found.start()] + replacement.ljust(found.end() - found.start()) + data[found.end() :]

    return make


def broken_tree(change: Callable[[pikepdf.Pdf], None]) -> Maker:
    """A page tree no signer would open: it is not signed, only served."""

    def make(world: World) -> bytes:
        with pikepdf.open(io.BytesIO(world.copy)) as pdf:
            change(pdf)
            out = io.BytesIO()
            pdf.save(out)
        return out.getvalue()

    return make
