"""The demo's story as data: which dossier holds which papers, who brings them where, and how each was scanned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec
import numpy as np

from deploy.demo.papers.health import Drawn
from deploy.demo.papers.people import Person, date_text
from deploy.demo.papers.scan import Look
from deploy.demo.papers.truth import FieldTruth


class Applicant(msgspec.Struct, frozen=True, kw_only=True):
    """Who the dossier is for; the fields of the other kind stay empty."""

    kind: Literal["person", "organisation"]
    name: str
    personal_id: str = ""
    birth_date: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""
    bhxh_number: str = ""
    unit_number: str = ""
    tax_code: str = ""
    founded_year: int = 0


class Component(msgspec.Struct, frozen=True, kw_only=True):
    """One paper: its folder, how many pages the officer counts, and what stands on it.

    `files` are the captures in page order; a page named in `note_pages` has two, first with the note, then without.
    """

    doc_type: str
    name: str
    folder: str
    declared_pages: int
    note_pages: list[int]
    submitted_form: str
    tags: list[str]
    files: list[str]
    fields: list[FieldTruth]


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """One visit to one office. `adds_to` names the dossier that a later paper belongs to."""

    key: str
    office: str
    office_code: str
    office_name: str
    procedure: str
    channel: Literal["in_person", "postal"]
    submitter_type: Literal["direct_worker", "employer", "relative"]
    applicant: Applicant
    components: list[Component]
    adds_to: str = ""
    result_code: str = ""
    reuses: list[str] = []


class Paper:
    """A paper to be printed; its drawer gets a generator of its own, so that papers do not depend on order."""

    def __init__(
        self,
        doc_type: str,
        name: str,
        draw: Callable[[np.random.Generator], list[Drawn]],
        *,
        form: str = "original",
        look: Look | None = None,
        note_pages: tuple[int, ...] = (),
        clean: bool = False,
    ) -> None:
        self.doc_type, self.name, self.draw, self.form = doc_type, name, draw, form
        self.look, self.note_pages, self.clean = look or Look(), note_pages, clean


def person_applicant(person: Person) -> Applicant:
    """The applicant's data as the form of intake asks for them."""
    return Applicant(
        kind="person",
        name=person.name,
        personal_id=person.personal_id,
        birth_date=date_text(person.birth_date),
        sex=person.sex,
        address=person.address,
        phone=person.phone,
        bhxh_number=person.bhxh_number,
    )
