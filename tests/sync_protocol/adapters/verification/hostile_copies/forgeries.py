"""Copies forged in their signature: the gap, the signer, the words shown, the locks."""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from edge_node.signing import pades
from edge_node.signing.stamp import draw_stamp
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD
from tests.edge_node.signing.material import CAPTURED_AT, World
from tests.sync_protocol.adapters.verification.hostile_copies.case import Maker
from tests.sync_protocol.adapters.verification.hostile_copies.ways import signed


def big_object_stream(world: World) -> bytes:
    body = zlib.compress(bytes(80 << 20), 9)
    data = signed(world)
    head = b"900 0 obj\n<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length %d >>\nstream\n" % len(body)
    return data + head + body + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"


def wrapped_signature(world: World) -> bytes:
    """Enlarge the gap around the signature so that more bytes are left out of the digest."""
    data = signed(world)
    found = list(re.finditer(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", data))[-1]
    first, second, third = (int(number) for number in found.groups())
    forged = b"/ByteRange [0 %d %d %d]" % (first - 40, second + 40, third - 40)
    return data[: found.start()] + forged.ljust(found.end() - found.start()) + data[found.end() :]


def empty_contents(world: World) -> bytes:
    data = signed(world)
    found = list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]+)>", data))[-1]
    return data[: found.start(1)] + b"0" * (found.end(1) - found.start(1)) + data[found.end(1) :]


def encrypted(world: World) -> bytes:
    with pikepdf.open(io.BytesIO(world.copy)) as pdf:
        out = io.BytesIO()
        pdf.save(out, encryption=pikepdf.Encryption(owner="o", user=""))
    return out.getvalue()


def false_stamp(words: tuple[str, ...]) -> Maker:
    """Sign genuinely, but show other words."""

    def make(world: World) -> bytes:
        from edge_node.copies.typefaces import load_typeface
        from edge_node.signing.placement import place_on

        writer = pades.open_for_signing(world.copy)
        place = place_on(pades.first_page_shape(writer), "top-left")
        stamp = draw_stamp(words, place, load_typeface("stamp", world.typefaces), at=CAPTURED_AT)
        request = pades.SignatureRequest(OFFICER_FIELD, CAPTURED_AT, certify=True, box=place.box, appearance=stamp)
        return pades.append_signature(writer, world.key("officer_rsa"), request)

    return make


def second_officer_signature(world: World) -> bytes:
    writer = pades.open_for_signing(signed(world))
    return pades.append_signature(writer, world.key("officer_p256"), pades.SignatureRequest("KhachLa_1", CAPTURED_AT))


def sha1_signature(world: World) -> bytes:
    from pyhanko.sign.fields import SigSeedSubFilter
    from pyhanko.sign.signers import PdfSignatureMetadata, PdfSigner, SimpleSigner

    from deploy.demo.authority import PASSPHRASE

    person = world.authority.people["officer_rsa"]
    assert person.p12 is not None
    old: Any = SimpleSigner.load_pkcs12_data(person.p12.read_bytes(), [], PASSPHRASE)
    metadata = PdfSignatureMetadata(field_name=OFFICER_FIELD, md_algorithm="sha1", subfilter=SigSeedSubFilter.PADES)
    out = PdfSigner(metadata, old).sign_pdf(IncrementalPdfFileWriter(io.BytesIO(world.copy)))
    return bytes(out.getbuffer())


def moved_range(change: Callable[[int, int, int], tuple[int, int, int, int]]) -> Maker:
    """Write another byte range over the signed one, in the same room."""

    def make(world: World) -> bytes:
        data = signed(world)
        found = list(re.finditer(rb"/ByteRange\s*\[\s*0\s+(\d+)\s+(\d+)\s+(\d+)\s*\]", data))[-1]
        first, second, third = (int(number) for number in found.groups())
        forged = (b"/ByteRange [%d %d %d %d]" % change(first, second, third)).ljust(found.end() - found.start())
        return data[: found.start()] + forged[: found.end() - found.start()] + data[found.end() :]

    return make


def two_contents(world: World) -> bytes:
    """The signature's dictionary names its contents twice; readers differ in which they believe."""
    data = signed(world)
    at = list(re.finditer(rb"/Contents\s*<", data))[-1].start()
    return data[:at] + b"/Contents <00>" + data[at + 14 :]


def signed_for_the_agency_by_an_officer(world: World) -> bytes:
    writer = pades.open_for_signing(signed(world))
    request = pades.SignatureRequest(AGENCY_FIELD, CAPTURED_AT, existing_field_only=True)
    return pades.append_signature(writer, world.key("officer_p256"), request)
