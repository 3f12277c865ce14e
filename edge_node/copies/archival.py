"""Archival form: what makes a PDF a PDF/A-2b (colour intent, metadata, saving) and the gate that proves it.

The sRGB profile is the version 2 one that `pikepdf` ships; version 4 profiles are refused by older validators.
"""

from __future__ import annotations

import datetime as dt
import io
from functools import lru_cache
from importlib.resources import files

import pikepdf
from pikepdf import Array, Dictionary, Name, Stream, String

from edge_node.copies.errors import NotArchival, TimeWithoutZone

VIETNAM = dt.timezone(dt.timedelta(hours=7))
SRGB = "sRGB IEC61966-2.1"
CREATOR = "Liên Thông"


@lru_cache(maxsize=1)
def srgb_profile() -> bytes:
    """Return the sRGB ICC profile, version 2."""
    return (files("pikepdf.pdfa") / "data" / "sRGB.icc").read_bytes()


def add_colour_intent(pdf: pikepdf.Pdf) -> pikepdf.Object:
    """Declare sRGB as the output intent and return the ICC stream for the images to share."""
    profile = Stream(pdf, srgb_profile())
    profile.N = 3
    shared = pdf.make_indirect(profile)
    intent = Dictionary(
        Type=Name.OutputIntent,
        S=Name.GTS_PDFA1,
        OutputConditionIdentifier=String(SRGB),
        RegistryName=String("http://www.color.org"),
        Info=String(SRGB),
        DestOutputProfile=shared,
    )
    pdf.Root.OutputIntents = Array([intent])
    return shared


def describe(pdf: pikepdf.Pdf, *, title: str, made_at: dt.datetime, subject: str = "") -> None:
    """Write document information and XMP that agree with each other; the clock is `made_at`, never the machine's.

    Raises:
        TimeWithoutZone: `made_at` is naive.
    """
    if made_at.tzinfo is None:
        raise TimeWithoutZone()
    stamp = String(made_at.astimezone(VIETNAM).strftime("D:%Y%m%d%H%M%S") + "+07'00'")
    pdf.Root.Lang = String("vi-VN")
    pdf.docinfo["/Title"] = String(title)
    if subject:
        pdf.docinfo["/Subject"] = String(subject)
    pdf.docinfo["/Creator"] = String(CREATOR)
    pdf.docinfo["/Producer"] = String(f"pikepdf {pikepdf.__version__}")
    pdf.docinfo["/CreationDate"] = stamp
    pdf.docinfo["/ModDate"] = stamp
    with pdf.open_metadata(set_pikepdf_as_editor=False, update_docinfo=False) as metadata:
        metadata.load_from_docinfo(pdf.docinfo)
        metadata["pdfaid:part"] = "2"
        metadata["pdfaid:conformance"] = "B"


def save(pdf: pikepdf.Pdf) -> bytes:
    """Return the file; the same content gives the same bytes."""
    written = io.BytesIO()
    pdf.save(
        written,
        min_version="1.7",
        force_version="1.7",
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        compress_streams=True,
        deterministic_id=True,
    )
    return written.getvalue()


def require_archival(data: bytes) -> None:
    """Let only PDF/A-2b pass: the gate before every signature.

    Raises:
        NotArchival: the validator did not approve the file, for whatever reason.
    """
    from pikepdf import pdfa

    try:
        report = pdfa.validate_written(io.BytesIO(data), "2b")
    except Exception as error:  # a validator that stumbles has not approved
        raise NotArchival(count=1, rule=type(error).__name__) from error
    if report.findings:
        first = report.findings[0]
        raise NotArchival(count=len(report.findings), rule=getattr(first, "rule", None) or first.kind)
