"""The papers of the story: the project's own with their ground truth, or a visitor's files."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

SUFFIXES = (".jpg", ".jpeg", ".png", ".tif", ".tiff", ".pdf", ".heic")


class Component(msgspec.Struct, frozen=True):
    """One component on the desk: its files in order, its counted pages."""

    document_type: str
    name: str
    files: tuple[Path, ...]
    pages: int
    note_pages: tuple[int, ...] = ()
    form: str = "original"
    truth: Mapping[str, str] = {}


class Case(msgspec.Struct, frozen=True):
    """What one person brings."""

    key: str
    procedure: str
    channel: str
    submitter: str
    applicant: Mapping[str, Any]
    components: tuple[Component, ...]
    adds_to: str = ""
    result_code: str = ""

    @property
    def truth(self) -> dict[str, Mapping[str, str]]:
        """Document type → field → value as printed."""
        return {one.document_type: one.truth for one in self.components}


_SUBMITTERS = {"direct_worker": "worker", "employer": "employer", "relative": "any"}


def own_cases(folder: Path) -> dict[str, Case]:
    """The project's own papers, generated once and cached."""
    from deploy.demo.papers.build import build

    build(folder)
    raw = msgspec.json.decode((folder / "dossiers.json").read_bytes())
    listed = raw if isinstance(raw, list) else raw["dossiers"]
    return {one["key"]: _case(folder, one) for one in listed}


def visitor_case(folder: Path) -> Case:
    """A visitor's files as one dossier: each file one component, its pages counted by looking (a person would count on the desk)."""
    files = sorted(path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES)
    applicant = {"kind": "person", "name": "Người nộp thử nghiệm", "birth_date": "1990-01-01"}
    components = tuple(
        Component("CV", f"Giấy tờ {number}", (path,), pages_of(path)) for number, path in enumerate(files, start=1)
    )
    return Case("visitor", "1.014178", "in_person", "any", applicant, components)


def pages_of(path: Path) -> int:
    """Pages of a file as a person would count them; 1 where it cannot be told."""
    try:
        if path.suffix.lower() == ".pdf":
            import pikepdf

            with pikepdf.open(path) as pdf:
                return len(pdf.pages)
        from PIL import Image

        with Image.open(path) as image:
            return int(getattr(image, "n_frames", 1))
    except Exception:  # the product itself will say what is wrong with the file
        return 1


def _case(folder: Path, raw: Mapping[str, Any]) -> Case:
    components = tuple(
        Component(
            document_type=one["doc_type"], name=one["name"], files=tuple(folder / one["folder"] / name for name in one["files"]),
            pages=one["declared_pages"], note_pages=tuple(one["note_pages"]), form=one["submitted_form"],
            truth={field["field"]: field["value"] for field in reversed(one["fields"])},
        )
        for one in raw["components"]
    )  # fmt: skip
    return Case(
        raw["key"], raw["procedure"], raw["channel"], _SUBMITTERS[raw["submitter_type"]], _applicant(raw["applicant"]), components,
        raw["adds_to"], raw["result_code"],
    )  # fmt: skip


def _applicant(raw: Mapping[str, Any]) -> dict[str, Any]:
    """As the counter takes it: ISO birth date, year as text."""
    day = "-".join(reversed(raw["birth_date"].split("/"))) if raw["birth_date"] else ""
    kept = {
        key: raw[key]
        for key in ("kind", "name", "personal_id", "bhxh_number", "tax_code", "unit_number", "sex", "address", "phone")
    }
    return {**kept, "birth_date": day, "founded_year": str(raw["founded_year"] or "")}
