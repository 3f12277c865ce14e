"""PDFs that do something when opened, and locked ones."""

from __future__ import annotations

from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from tests.edge_node.capture.hostile.blocks import (
    CATALOGUE,
    PAGE,
    PAGES,
    pdf_of,
    raw_pdf,
    raw_stream,
    with_annotation,
    with_root,
    zip_of,
)
from tests.edge_node.capture.hostile.case import add, case


def _script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS="app.alert(1)")


def _launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F="cmd.exe")


ACTIVE = "CAP-006"
add("script_on_opening", "active", lambda: with_root(OpenAction=_script()), ACTIVE)
add("launch_on_opening", "active", lambda: with_root(OpenAction=_launch()), ACTIVE)
add("link_on_opening", "active", lambda: with_root(OpenAction=Dictionary(S=Name.URI, URI="http://a.invalid")), ACTIVE)
add(
    "named_scripts",
    "active",
    lambda: with_root(Names=Dictionary(JavaScript=Dictionary(Names=Array(["a", _script()])))),
    ACTIVE,
)
add("additional_actions", "active", lambda: with_root(AA=Dictionary(WC=_script())), ACTIVE)
add("embedded_files", "active", lambda: with_root(Names=Dictionary(EmbeddedFiles=Dictionary(Names=Array([])))), ACTIVE)
add("portfolio", "active", lambda: with_root(Collection=Dictionary(View=Name.D)), ACTIVE)
add("xfa_form", "active", lambda: with_root(AcroForm=Dictionary(Fields=Array([]), XFA="x")), ACTIVE)
add(
    "link_annotation",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.URI, URI="http://a.invalid")),
    ACTIVE,
)
add("launch_annotation", "active", lambda: with_annotation(Subtype=Name.Link, A=_launch()), ACTIVE)
add(
    "second_action_in_chain",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoTo, D="a", Next=_script())),
    ACTIVE,
)
add(
    "submit_form",
    "active",
    lambda: with_annotation(Subtype=Name.Widget, A=Dictionary(S=Name.SubmitForm, F="http://a.invalid")),
    ACTIVE,
)
add(
    "other_file",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.GoToR, F="\\\\a.invalid\\b.pdf")),
    ACTIVE,
)
add(
    "import_data",
    "active",
    lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.ImportData, F="a.fdf")),
    ACTIVE,
)
add("attachment_annotation", "active", lambda: with_annotation(Subtype=Name.FileAttachment), ACTIVE)
add("rich_media", "active", lambda: with_annotation(Subtype=Name.RichMedia), ACTIVE)
add("movie", "active", lambda: with_annotation(Subtype=Name.Movie), ACTIVE)
add("sound", "active", lambda: with_annotation(Subtype=Name.Sound), ACTIVE)
add("screen_rendition", "active", lambda: with_annotation(Subtype=Name.Link, A=Dictionary(S=Name.Rendition)), ACTIVE)
add("three_d", "active", lambda: with_annotation(Subtype=Name("/3D")), ACTIVE)
add(
    "script_behind_escaped_name",
    "active",
    lambda: with_root(OpenAction=_script()).replace(b"/JavaScript", b"/J#61vaScript").replace(b"/JS ", b"/#4aS "),
    ACTIVE,
    "CAP-004",
)
add(
    "page_action",
    "active",
    lambda: pdf_of(lambda pdf: pdf.pages[0].obj.__setitem__("/AA", Dictionary(O=_script()))),
    ACTIVE,
)
add(
    "unreachable_script",
    "active",
    lambda: raw_pdf(CATALOGUE, PAGES, PAGE, raw_stream(b""), b"<</S/JavaScript/JS(app.alert(1))>>"),
    ACTIVE,
)


@case("active", ACTIVE)
def script_inside_object_stream() -> bytes:
    def change(pdf: Pdf) -> None:
        pdf.Root.OpenAction = pdf.make_indirect(_script())

    return pdf_of(change, object_stream_mode=pikepdf.ObjectStreamMode.generate)


@case("active", ACTIVE)
def embedded_file_stream() -> bytes:
    def change(pdf: Pdf) -> None:
        held = Stream(pdf, zip_of(), Type=Name.EmbeddedFile)
        pdf.Root.Extra = Dictionary(EF=Dictionary(F=pdf.make_indirect(held)))

    return pdf_of(change)


def _locked(**options: Any) -> bytes:
    return pdf_of(encryption=pikepdf.Encryption(**options))


add("password_aes", "encrypted", lambda: _locked(user="a", owner="b"), "CAP-005")
add("owner_password_only", "encrypted", lambda: _locked(user="", owner="b"), "CAP-005")
add("password_rc4", "encrypted", lambda: _locked(user="a", owner="b", R=3, aes=False, metadata=False), "CAP-005")
