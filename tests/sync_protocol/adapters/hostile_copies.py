"""Hostile copies: files that somebody made to be believed, generated afresh from a genuine one.

Each maker takes the world (authority, genuine copy) and returns the bytes. The table `CASES` says what the verifier must
answer: the verdict and one reason that must be among those given.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from edge_node.signing import pades, personal
from edge_node.signing.stamp import draw_stamp
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD
from sync_protocol.adapters.verification_report import Expectation, Trust
from tests.edge_node.signing.material import CAPTURED_AT, NOW, World

Maker = Callable[[World], bytes]


@dataclass(frozen=True)
class Case:
    """One hostile (or honest) file. `code` is empty where nothing may be said against it."""

    name: str
    make: Maker
    verdict: str
    code: str = ""
    sealed: bool = False
    bound: bool = False
    trust: Callable[[World], Trust] = lambda world: world.trust
    expect: Callable[[Expectation], Expectation] = lambda expected: expected


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


def page_of(writer: IncrementalPdfFileWriter) -> Any:
    return writer.root["/Pages"]["/Kids"][0]


def overwrite_content(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
    writer.update_container(page)


def add_note(writer: IncrementalPdfFileWriter) -> None:
    page = page_of(writer)
    note = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Annot"),
            generic.pdf_name("/Subtype"): generic.pdf_name("/FreeText"),
            generic.pdf_name("/Rect"): generic.ArrayObject(generic.NumberObject(n) for n in (50, 50, 200, 100)),
            generic.pdf_name("/Contents"): generic.pdf_string("Đã duyệt"),
        }
    )
    page["/Annots"] = generic.ArrayObject([*page["/Annots"], writer.add_object(note)])
    writer.update_container(page)


def swap_image(writer: IncrementalPdfFileWriter) -> None:
    forms = page_of(writer)["/Resources"]["/XObject"]
    forms["/Im0"] = writer.add_object(
        generic.StreamObject(
            {
                generic.pdf_name("/Subtype"): generic.pdf_name("/Form"),
                generic.pdf_name("/BBox"): generic.ArrayObject(generic.NumberObject(n) for n in (0, 0, 1, 1)),
            },
            stream_data=b"0 g 0 0 1 1 re f",
        )
    )
    writer.update_container(forms)


def swap_catalogue(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Pages"] = writer.add_object(
        generic.DictionaryObject(
            {
                generic.pdf_name("/Type"): generic.pdf_name("/Pages"),
                generic.pdf_name("/Kids"): generic.ArrayObject([writer.root.raw_get("/Pages")]),
                generic.pdf_name("/Count"): generic.NumberObject(1),
            }
        )
    )
    writer.update_root()


def drop_agency_signature(writer: IncrementalPdfFileWriter) -> None:
    for one in writer.root["/AcroForm"]["/Fields"]:
        field = one.get_object()
        if field["/T"] == AGENCY_FIELD:
            del field["/V"]
            writer.update_container(field)


def add_page(writer: IncrementalPdfFileWriter) -> None:
    pages = writer.root["/Pages"]
    copied = generic.DictionaryObject(page_of(writer))
    copied["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
    del copied["/Annots"]
    pages["/Kids"] = generic.ArrayObject([*pages["/Kids"], writer.add_object(copied)])
    pages["/Count"] = generic.NumberObject(2)
    writer.update_container(pages)


def javascript_later(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OpenAction"] = generic.DictionaryObject(
        {
            generic.pdf_name("/S"): generic.pdf_name("/JavaScript"),
            generic.pdf_name("/JS"): generic.pdf_string("app.alert(1)"),
        }
    )
    writer.update_root()


def active(**entries: Any) -> Callable[[pikepdf.Pdf], None]:
    """Put entries into the catalogue."""

    def change(pdf: pikepdf.Pdf) -> None:
        for name, value in entries.items():
            pdf.Root[f"/{name}"] = value(pdf) if callable(value) else value

    return change


def annotated(action: Dictionary) -> Callable[[pikepdf.Pdf], None]:
    def change(pdf: pikepdf.Pdf) -> None:
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(link)])

    return change


def embedded_file(pdf: pikepdf.Pdf) -> None:
    pdf.attachments["virus.exe"] = b"MZ"


def many_pages(pdf: pikepdf.Pdf) -> None:
    for _ in range(520):
        pdf.pages.append(pdf.pages[0])


def double_bomb(pdf: pikepdf.Pdf) -> None:
    inner = zlib.compress(bytes(8 << 20), 9)
    bomb = Stream(pdf, b"")
    bomb.write(zlib.compress(inner), filter=Array([Name.FlateDecode, Name.FlateDecode]))
    pdf.pages[0].obj.Contents = pdf.make_indirect(bomb)


def raw_update(body: bytes) -> Maker:
    """Append a hand-written revision that redefines object 1 (the catalogue) to `body`."""

    def make(world: World) -> bytes:
        data = signed(world)
        return data + b"1 0 obj\n" + body + b"\nendobj\n"

    return make


def big_object_stream(world: World) -> bytes:
    body = zlib.compress(bytes(80 << 20), 9)
    data = signed(world)
    head = b"900 0 obj\n<< /Type /ObjStm /N 1 /First 5 /Filter /FlateDecode /Length %d >>\nstream\n" % len(body)
    return data + head + body + b"\nendstream\nendobj\nstartxref\n0\n%%EOF\n"


def changed_bytes(pattern: bytes, replacement: bytes) -> Maker:
    """Replace the last match of a pattern in the signed file with something of the same length."""

    def make(world: World) -> bytes:
        data = signed(world)
        found = list(re.finditer(pattern, data, re.DOTALL))[-1]
        return data[: found.start()] + replacement.ljust(found.end() - found.start()) + data[found.end() :]

    return make


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


def cyclic_pages(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids = Array([pdf.Root.Pages])


def deep_pages(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    node = page
    for _ in range(2000):
        node = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([node]), Count=1))
    pdf.Root.Pages = node


def broken_tree(change: Callable[[pikepdf.Pdf], None]) -> Maker:
    """A page tree no signer would open: it is not signed, only served."""

    def make(world: World) -> bytes:
        with pikepdf.open(io.BytesIO(world.copy)) as pdf:
            change(pdf)
            out = io.BytesIO()
            pdf.save(out)
        return out.getvalue()

    return make


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


def without_lists(world: World) -> Trust:
    return replace_trust(world, crls=())


def stale_lists(world: World) -> Trust:
    from deploy.demo.authority import revocation_list

    return replace_trust(
        world, crls=(world.authority.crls[0], revocation_list(world.authority, NOW - dt.timedelta(days=30)))
    )


def replace_trust(world: World, **changes: Any) -> Trust:
    import msgspec

    return msgspec.structs.replace(world.trust, **changes)


def only(**changes: Any) -> Callable[[Expectation], Expectation]:
    import msgspec

    return lambda expected: msgspec.structs.replace(expected, **changes)


def stranger(expected: Expectation) -> Expectation:
    return only(signers={OFFICER_FIELD: frozenset({"0" * 64})})(expected)


_JS = Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))
_LAUNCH = Dictionary(S=Name.Launch, F=String("cmd.exe"))
_URI = Dictionary(S=Name.URI, URI=String("http://evil.example/"))
_BACKDATED = CAPTURED_AT - dt.timedelta(days=200)

CASES: tuple[Case, ...] = (
    Case("00a officer", signed, "valid", bound=True),
    Case("00b officer and agency", sealed, "valid", sealed=True, bound=True),
    Case("00c officer with P-256", signed_by("officer_p256"), "valid"),
    Case("01 flipped image byte", flipped(b"JFIF", 600), "invalid", "VER-010"),
    Case("01b flipped image byte, bound", flipped(b"JFIF", 600), "invalid", "VER-003", bound=True),
    Case("02 flipped byte of the CMS object", flipped(b"/Contents <", 2500), "invalid"),
    Case("03 overwritten content", updated(overwrite_content), "valid_but_modified", "VER-011"),
    Case("04 added note", updated(add_note), "valid_but_modified", "VER-011"),
    Case("05 exchanged picture", updated(swap_image), "valid_but_modified", "VER-011"),
    Case("06 exchanged page tree", updated(swap_catalogue), "valid_but_modified", "VER-011"),
    Case("07 enlarged gap", wrapped_signature, "invalid"),
    Case("08 byte range null", changed_bytes(rb"/ByteRange\s*\[[^\]]*\]", b"/ByteRange null"), "invalid"),
    Case("09 empty signature", empty_contents, "invalid"),
    Case("10 added page", updated(add_page), "valid_but_modified", "VER-011"),
    Case("11 truncated to the officer's revision", signed, "invalid", "VER-007", sealed=True),
    Case("12 agency signature taken out", updated(drop_agency_signature, sealed), "invalid", "VER-007", sealed=True),
    Case("13 expired certificate", signed_by("expired"), "invalid", "VER-012"),
    Case("13b expired, back-dated claim", signed_by("expired", NOW - dt.timedelta(days=500)), "invalid", "VER-012"),
    Case("14 issuer of the same name", signed_by("false_issuer"), "invalid", "VER-014"),
    Case("15 SHA-1", sha1_signature, "invalid", "VER-016", expect=only(visible=False)),
    Case("16 truncated", lambda world: signed(world)[:-500], "invalid", "VER-001"),
    Case("16b half a file", lambda world: signed(world)[: len(signed(world)) // 2], "invalid"),
    Case("17 empty", lambda world: b"", "invalid", "VER-001"),
    Case("18 no PDF", lambda world: b"MZ\x90\x00" * 100, "invalid", "VER-001"),
    Case("19 encrypted", encrypted, "invalid", "VER-004"),
    Case("20 JavaScript, signed", resigned(active(OpenAction=_JS)), "invalid", "VER-005"),
    Case("20b JavaScript, added later", updated(javascript_later), "invalid", "VER-005"),
    Case("21 Launch, signed", resigned(annotated(_LAUNCH)), "invalid", "VER-005"),
    Case("21b address, signed", resigned(annotated(_URI)), "invalid", "VER-005"),
    Case("21c additional actions", resigned(active(AA=Dictionary(WC=_JS))), "invalid", "VER-005"),
    Case("21d embedded file", resigned(embedded_file), "invalid", "VER-005"),
    Case("22 doubly deflated bomb", resigned(double_bomb), "invalid", "VER-006"),
    Case("23 object stream bomb", big_object_stream, "invalid", "VER-002"),
    Case("24 too many pages", resigned(many_pages), "invalid", "VER-002"),
    Case("25 revoked", signed_by("revoked"), "invalid", "VER-013"),
    Case("25b no revocation list", signed, "invalid", "VER-017", trust=without_lists),
    Case("25c stale revocation list", signed, "invalid", "VER-017", trust=stale_lists),
    Case("26 no non-repudiation", signed_by("no_nonrepudiation"), "invalid", "VER-015"),
    Case(
        "27 back-dated claim",
        signed_by("officer_rsa", _BACKDATED),
        "invalid",
        "VER-023",
        expect=only(not_before=CAPTURED_AT - dt.timedelta(days=1)),
    ),
    Case(
        "27b claim from the future",
        signed,
        "invalid",
        "VER-023",
        expect=only(not_after=CAPTURED_AT - dt.timedelta(hours=1)),
    ),
    Case(
        "28 another name shown",
        false_stamp(("Người quét: Lãnh Đạo", "22-11-2026 09:15:03 +07:00")),
        "invalid",
        "VER-021",
    ),
    Case(
        "28b another time shown",
        false_stamp(("Người quét: Nguyễn Thị Ẵm", "01-01-2020 09:15:03 +07:00")),
        "invalid",
        "VER-022",
    ),
    Case("29 deep page tree", broken_tree(deep_pages), "invalid"),
    Case("30 cyclic page tree", broken_tree(cyclic_pages), "invalid", "VER-006"),
    Case(
        "31 bytes after the end mark", lambda world: signed(world) + b"PK\x03\x04" * 9, "valid_but_modified", "VER-020"
    ),
    Case(
        "31b an unlisted object after the end mark",
        raw_update(b"<< /Type /Catalog >>"),
        "valid_but_modified",
        "VER-020",
    ),
    Case("32 bytes before the header", lambda world: b"GIF89a" + signed(world), "invalid", "VER-001"),
    Case("33 unsigned", lambda world: world.copy, "invalid", "VER-007"),
    Case("34 a signature nobody expects", second_officer_signature, "invalid", "VER-007"),
    Case("35 a signer nobody registered", signed, "invalid", "VER-024", expect=stranger),
    Case("36 another genuine file", signed_by("officer_rsa", CAPTURED_AT), "invalid", "VER-003", bound=True),
)


def expectation(case: Case, world: World) -> Expectation:
    """Return what the step of this case expects."""
    return case.expect(world.expected(sealed=case.sealed, bound=case.bound))


__all__ = ["CASES", "Case", "expectation", "replace"]
