"""Further changes after the signature: turned and cropped pages, renamed fields, exchanged metadata."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.sync_protocol.adapters.verification.hostile_copies.edits import page_of


def turn_page(writer: IncrementalPdfFileWriter) -> None:
    _set_on_page(writer, "/Rotate", generic.NumberObject(180))


def crop_page(writer: IncrementalPdfFileWriter) -> None:
    _set_on_page(writer, "/CropBox", generic.ArrayObject([generic.NumberObject(side) for side in (0, 0, 100, 100)]))


def rename_field(writer: IncrementalPdfFileWriter) -> None:
    field = writer.root["/AcroForm"]["/Fields"][0].get_object()
    field["/T"] = generic.TextStringObject("KhachLa_1")
    writer.mark_update(field.container_ref)


def exchange_metadata(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/Metadata"] = writer.add_object(generic.StreamObject(stream_data=b"<x/>"))
    writer.update_root()


def add_private_data(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/PieceInfo"] = generic.DictionaryObject()
    writer.update_root()


def add_layers(writer: IncrementalPdfFileWriter) -> None:
    writer.root["/OCProperties"] = generic.DictionaryObject({generic.NameObject("/OCGs"): generic.ArrayObject()})
    writer.update_root()


def _set_on_page(writer: IncrementalPdfFileWriter, key: str, value: Any) -> None:
    page = page_of(writer).get_object()
    page[key] = value
    writer.mark_update(page.container_ref)
