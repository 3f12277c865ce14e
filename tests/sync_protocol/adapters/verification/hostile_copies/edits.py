"""Changes an editor can make to a signed copy, or to a copy before somebody signs it."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from sync_protocol.adapters.signature_names import AGENCY_FIELD


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


def cyclic_pages(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Pages.Kids = Array([pdf.Root.Pages])


def deep_pages(pdf: pikepdf.Pdf) -> None:
    page = pdf.pages[0].obj
    node = page
    for _ in range(2000):
        node = pdf.make_indirect(Dictionary(Type=Name.Pages, Kids=Array([node]), Count=1))
    pdf.Root.Pages = node
