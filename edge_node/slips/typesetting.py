"""Typesetting: facts → a PDF/A-2b slip, with the dossier's and the survey's QR codes.

Facts reach the template as data, never as markup, so a name cannot change the page. The same facts give the same bytes.
"""

from __future__ import annotations

import datetime as dt
import io
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any

import msgspec
import pikepdf
import segno
import typst
from fontTools.ttLib import TTFont

from edge_node.copies import archival
from edge_node.copies.archival import VIETNAM
from edge_node.slips.errors import FactMissing, SlipNotDrawn
from edge_node.slips.forms import Form, FormVersion, form_on, published_form
from edge_node.slips.model import SlipFacts
from sync_protocol.catalogue import Catalogue

UNDRAWABLE = "?"


def make_slip(form: Form, facts: SlipFacts, fonts_dir: Path | None = None, catalogue: Catalogue | None = None) -> bytes:
    """Return a slip as PDF/A-2b: A5 upright, the register A4 across.

    Args:
        form: its number in today's set; the version in force on the day of issue is used.
        facts: what it says.
        catalogue: says number, title and regulation of the form; without one, this release does.
        fonts_dir: a folder with Be Vietnam Pro; `None` takes it from its package.

    Raises:
        FormNotInForce: no version of the form on that day.
        FactMissing: the form cannot do without a fact that is empty.
        SlipNotDrawn: the typesetter refused.
        NotArchival: the slip did not pass the PDF/A-2b gate.
    """
    day = facts.issued_at.astimezone(VIETNAM).date()
    version = form_on(form, day) if catalogue is None else published_form(form, day, catalogue)
    for fact, label in version.required:
        if not getattr(facts, fact):
            raise FactMissing(form=form, fact=fact, title=version.title, label=label)
    fonts = fonts_dir or packaged_fonts()
    told = msgspec.json.encode(_drawable(_told(version, facts), _letters_of(fonts))).decode()
    try:
        with as_file(files("edge_node.slips") / "templates") as templates:
            slip = typst.compile(
                templates / f"{version.template}.typ",
                root=templates,
                font_paths=[fonts],
                ignore_system_fonts=True,
                format="pdf",
                pdf_standards=["a-2b"],
                sys_inputs={"facts": told},
                timestamp=int(facts.issued_at.timestamp()),
            )
    except (RuntimeError, OSError, ValueError) as error:
        raise SlipNotDrawn(form=form, found=type(error).__name__) from error
    archived = _archived(slip, version.title, facts.issued_at)
    archival.require_archival(archived)
    return archived


def _drawable(value: Any, letters: frozenset[str]) -> Any:
    """The facts with a question mark for every letter that has no glyph: an emoji, another script.

    The typesetter would refuse it, or draw it in a face of its own that the archival gate does not take: no slip at all for one letter.
    """
    if isinstance(value, str):
        return "".join(one if one in letters or one.isspace() else UNDRAWABLE for one in value)
    if isinstance(value, list):
        return [_drawable(one, letters) for one in value]
    if isinstance(value, dict):
        return {name: _drawable(one, letters) for name, one in value.items()}
    return value


@cache
def _letters_of(fonts: Path) -> frozenset[str]:
    """Every letter that the regular face draws."""
    with TTFont(fonts / "BeVietnamPro-Regular.ttf", lazy=True) as face:
        return frozenset(map(chr, face.getBestCmap()))


def _archived(slip: bytes, title: str, at: dt.datetime) -> bytes:
    """Return the slip with our own metadata and without `/CIDSet`.

    The typesetter's file is meant as PDF/A-2b, but its metadata use schemas and its fonts carry glyph lists that the gate
    does not know; both are optional in part 2.
    """
    with pikepdf.open(io.BytesIO(slip)) as pdf:
        for one in pdf.objects:
            if isinstance(one, pikepdf.Dictionary) and "/CIDSet" in one:
                del one["/CIDSet"]
        del pdf.Root.Metadata
        del pdf.docinfo
        archival.describe(pdf, title=title, made_at=at)
        return archival.save(pdf)


def _told(version: FormVersion, facts: SlipFacts) -> dict[str, Any]:
    """Return the facts as the template reads them: times as Vietnamese text, QR codes as drawings."""
    told = {name: _shown(getattr(facts, name)) for name in facts.__struct_fields__}
    issued = facts.issued_at.astimezone(VIETNAM)
    return told | {
        "printed_number": version.printed_number,
        "title": version.title,
        "source": version.source,
        "issued_line": f"{facts.place}, ngày {issued:%d} tháng {issued:%m} năm {issued:%Y}",
        "dossier_qr": _qr(facts.tracking_url or facts.dossier_code),
        "survey_qr": _qr(facts.survey_url),
    }


def _shown(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(VIETNAM).strftime("%H:%M ngày %d/%m/%Y")
    if isinstance(value, tuple):
        return [_shown(one) for one in value]
    if isinstance(value, msgspec.Struct):
        return {name: _shown(getattr(value, name)) for name in value.__struct_fields__}
    return value


def _qr(content: str) -> str:
    """Return the code as SVG, or an empty text when there is nothing to say."""
    if not content:
        return ""
    drawing = io.BytesIO()
    segno.make(content, error="m", micro=False).save(drawing, kind="svg", border=2, xmldecl=False)
    return drawing.getvalue().decode()


def packaged_fonts() -> Path:
    """The folder with Be Vietnam Pro, from its package."""
    import fontpkg  # type: ignore[import-untyped]

    return Path(fontpkg.path("be-vietnam-pro")).parent
