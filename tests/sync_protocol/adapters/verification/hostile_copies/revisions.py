"""Copies with a later revision written by hand: tables that point elsewhere, hybrid tables, hidden appearances, mute rollbacks."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

import pikepdf
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD
from tests.edge_node.signing.material import CAPTURED_AT, World
from tests.sync_protocol.adapters.verification.hostile_copies.case import Maker
from tests.sync_protocol.adapters.verification.hostile_copies.edits import page_of
from tests.sync_protocol.adapters.verification.hostile_copies.ways import certified, sealed, signed

Name, Num, Arr, Dic = generic.pdf_name, generic.NumberObject, generic.ArrayObject, generic.DictionaryObject


def last_table(data: bytes) -> int:
    """Where the newest cross-reference table lies."""
    return int(re.findall(rb"startxref\s+(\d+)", data)[-1])


def root_and_size(data: bytes) -> tuple[bytes, int]:
    """The newest trailer's root and size."""
    return re.findall(rb"/Root (\d+ 0 R)", data)[-1], int(re.findall(rb"/Size (\d+)", data)[-1])


def table_only(entries: Callable[[bytes], list[tuple[int, int]]], extra: bytes = b"") -> Maker:
    """Append a revision that is nothing but a table: objects are said to lie elsewhere in the bytes that were signed."""

    def make(world: World) -> bytes:
        data = _classic(world)
        at = len(data)
        root, size = root_and_size(data)
        rows = b"".join(b"%d 1\n%010d 00000 n \n" % entry for entry in entries(data))
        return data + (
            b"xref\n" + rows + b"trailer\n<< /Size %d /Root %s /Prev %d %s>>\nstartxref\n%d\n%%%%EOF\n"
            % (size, root, last_table(data), extra, at)
        )  # fmt: skip

    return make


def _classic(world: World) -> bytes:
    """A signed copy with classic tables, in which two versions of the page's content lie, one of them used by nobody."""
    with pikepdf.open(io.BytesIO(world.copy)) as pdf:
        pdf.Root.PieceInfo = pdf.make_indirect(pikepdf.Stream(pdf, b"0 g 0 0 300 300 re f %shadow"))
        out = io.BytesIO()
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.disable, compress_streams=False)
    return certified(world, out.getvalue(), "officer_rsa")


def shadow_content(data: bytes) -> list[tuple[int, int]]:
    """Point the page's content at the shadow that was signed unseen."""
    shadow = [found for found in re.finditer(rb"(\d+) 0 obj\n", data) if b"%shadow" in data[found.end() : found.end() + 200]]
    page = re.search(rb"/Contents (\d+) 0 R", data)
    assert page and shadow
    return [(int(page[1]), shadow[-1].start())]


def shadow_field(data: bytes) -> list[tuple[int, int]]:
    """Point the officer's signature field at another object."""
    field = [found for found in re.finditer(rb"(\d+) 0 obj\n", data) if b"/T (" in data[found.end() : found.end() + 300]]
    return [(int(field[-1][1]), field[0].start())]


def rolled_back(world: World) -> bytes:
    """The pointer at the very end leads to the table before the signature."""
    data = signed(world)
    first = int(re.findall(rb"startxref\s+(\d+)", data)[0])
    return data + b"startxref\n%d\n%%%%EOF\n" % first


def looping_table(world: World) -> bytes:
    data = signed(world)
    root, size = root_and_size(data)
    at = len(data)
    return data + b"xref\n0 0\ntrailer\n<< /Size %d /Root %s /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % (size, root, at, at)


def hybrid(world: World) -> bytes:
    """A classic table that says nothing with a hidden stream table that changes the page: readers differ in which they follow."""
    with_change = _rewritten_content(world)
    data = signed(world)
    root, size = root_and_size(with_change)
    stream_at = last_table(with_change)
    at = len(with_change)
    return with_change + (
        b"xref\n0 0\ntrailer\n<< /Size %d /Root %s /Prev %d /XRefStm %d >>\nstartxref\n%d\n%%%%EOF\n"
        % (size, root, last_table(data), stream_at, at)
    )  # fmt: skip


def _rewritten_content(world: World) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(signed(world)))
    page = page_of(writer)
    page["/Contents"] = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
    writer.update_container(page)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def content_in_object_stream(writer: IncrementalPdfFileWriter) -> None:
    """The change hides in an object stream of the new revision."""
    page = page_of(writer)
    packed = writer.prepare_object_stream()
    moved = Dic({Name(key): value for key, value in page.items()})
    moved[Name("/Contents")] = writer.add_object(generic.StreamObject(stream_data=b"0 0 300 300 re f"))
    writer.root["/Pages"]["/Kids"][0] = writer.add_object(moved, obj_stream=packed)
    writer.update_container(writer.root["/Pages"])


def without_permissions(writer: IncrementalPdfFileWriter) -> None:
    del writer.root["/Perms"]
    writer.update_root()


def other_permissions(writer: IncrementalPdfFileWriter) -> None:
    """The document's permissions name a usage-rights signature too."""
    writer.root["/Perms"][Name("/UR3")] = writer.root["/Perms"].raw_get("/DocMDP")
    writer.update_container(writer.root["/Perms"])


def false_seal(writer: IncrementalPdfFileWriter) -> None:
    """The agency's empty field gets a picture as if it had been filled."""
    _set_appearance(writer, AGENCY_FIELD)


def other_appearance(writer: IncrementalPdfFileWriter) -> None:
    """The officer's stamp is exchanged, the signature stays."""
    _set_appearance(writer, OFFICER_FIELD)


def moved_field(writer: IncrementalPdfFileWriter) -> None:
    """The officer's stamp is moved over the text."""
    field = _field(writer, OFFICER_FIELD)
    field["/Rect"] = Arr([Num(side) for side in (0, 0, 590, 800)])
    writer.mark_update(field.container_ref)


def hidden_field(writer: IncrementalPdfFileWriter) -> None:
    field = _field(writer, OFFICER_FIELD)
    field["/F"] = Num(2)
    writer.mark_update(field.container_ref)


def cover_field(writer: IncrementalPdfFileWriter) -> None:
    """A second empty field with a picture lies over the officer's."""
    below = _field(writer, OFFICER_FIELD)
    cover = Dic({Name("/FT"): Name("/Sig"), Name("/T"): generic.pdf_string("DauThoiGian_99"), Name("/Type"): Name("/Annot")})
    cover |= {Name("/Subtype"): Name("/Widget"), Name("/Rect"): below["/Rect"], Name("/F"): Num(4), Name("/AP"): below["/AP"]}
    new = writer.add_object(Dic(cover))
    writer.root["/AcroForm"]["/Fields"].append(new)
    writer.update_container(writer.root["/AcroForm"]["/Fields"])
    page = page_of(writer)
    page["/Annots"] = Arr([*page["/Annots"], new])
    writer.update_container(page)


def copied_signature(writer: IncrementalPdfFileWriter) -> None:
    """The agency's field is said to be filled by the officer's signature object."""
    field = _field(writer, AGENCY_FIELD)
    field["/V"] = _field(writer, OFFICER_FIELD).raw_get("/V")
    writer.mark_update(field.container_ref)


def dead_lists(writer: IncrementalPdfFileWriter) -> None:
    """Validation data that is no validation data, with words in it."""
    keep_validation_data(writer, "/Certs", "Đã duyệt".encode())


def keep_validation_data(writer: IncrementalPdfFileWriter, kind: str, content: bytes) -> None:
    """Add a store of validation data with one entry."""
    entry = writer.add_object(generic.StreamObject(stream_data=content))
    writer.root["/DSS"] = writer.add_object(Dic({Name("/Type"): Name("/DSS"), Name(kind): Arr([entry])}))
    writer.update_root()


def _field(writer: IncrementalPdfFileWriter, name: str) -> Any:
    return next(one.get_object() for one in writer.root["/AcroForm"]["/Fields"] if one.get_object()["/T"] == name)


def _set_appearance(writer: IncrementalPdfFileWriter, name: str) -> None:
    field = _field(writer, name)
    box = Arr([Num(side) for side in (0, 0, 200, 45)])
    drawn = generic.StreamObject({Name("/Subtype"): Name("/Form"), Name("/BBox"): box}, stream_data=b"1 0 0 rg 0 0 200 45 re f")
    field["/AP"] = Dic({Name("/N"): writer.add_object(drawn)})
    writer.mark_update(field.container_ref)


def range_of(text: bytes) -> Maker:
    """Write any byte range over the signed one, in its room or at the price of the following spaces."""

    def make(world: World) -> bytes:
        data = signed(world)
        found = list(re.finditer(rb"/ByteRange\s*\[[^\]]*\] *", data))[-1]
        filled = text.ljust(found.end() - found.start())
        return data[: found.start()] + filled + data[found.start() + len(filled) :]

    return make


def hidden_in_padding(world: World) -> bytes:
    """Words in the room behind the CMS object, which no signature covers."""
    data = signed(world)
    found = list(re.finditer(rb"/Contents\s*<([0-9a-fA-F]+)>", data))[-1]
    words = "Đã duyệt chi 500 triệu".encode().hex().encode()
    at = found.end(1) - 200
    return data[:at] + words + data[at + len(words) :]


def saved_as(**options: Any) -> Maker:
    """An honest copy in another lawful form, then signed."""

    def make(world: World) -> bytes:
        with pikepdf.open(io.BytesIO(world.copy)) as pdf:
            out = io.BytesIO()
            pdf.save(out, **options)
        return certified(world, out.getvalue(), "officer_rsa", CAPTURED_AT)

    return make


def changed_first(change: Callable[[pikepdf.Pdf], None]) -> Maker:
    """An honest copy with an oddity in it, then signed."""

    def make(world: World) -> bytes:
        with pikepdf.open(io.BytesIO(world.copy)) as pdf:
            change(pdf)
            out = io.BytesIO()
            pdf.save(out)
        return certified(world, out.getvalue(), "officer_rsa", CAPTURED_AT)

    return make


def rolled_back_seal(world: World) -> bytes:
    """A sealed file whose end leads back to before the agency signed."""
    data = sealed(world)
    tables = re.findall(rb"startxref\s+(\d+)", data)
    return data + b"startxref\n%d\n%%%%EOF\n" % int(tables[-2])
