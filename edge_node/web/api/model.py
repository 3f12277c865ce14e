"""What the interface says: one struct per answer; its schema is written from these. Identifiers are hexadecimal, times ISO 8601 with zone."""

from __future__ import annotations

import datetime as dt
from typing import Annotated

import msgspec

from edge_node.store.sync_words import ItemState
from edge_node.web.dossier_page import DossierPage
from sync_protocol.calendar import VIETNAM
from sync_protocol.glossary import label
from sync_protocol.lifecycle import DOSSIER_TRANSITIONS, DossierMove, DossierState, moves_from
from sync_protocol.view import ComponentView, DocumentView, DossierView, IntakeView


class ApiProblem(msgspec.Struct, frozen=True):
    """Why something was not done: a stable code, what happened, and what to do, in Vietnamese."""

    code: Annotated[str, msgspec.Meta(pattern="^[A-Z]{3}-[0-9]{3}$")]
    sentence: str
    next_step: str


class ApiSync(msgspec.Struct, frozen=True):
    """Where something is: a word of the five, its label, and the hub's number and time once it has acknowledged."""

    word: str
    label: str
    acknowledgement: int
    at: str | None


class ApiState(msgspec.Struct, frozen=True):
    """A dossier's state with the moves that the law knows from it."""

    state: str
    label: str
    moves: tuple[str, ...]


class ApiMove(msgspec.Struct, frozen=True):
    """One row of the state machine and the clause it rests on."""

    state: str
    move: str
    next: str
    basis: str


class ApiStates(msgspec.Struct, frozen=True):
    """The whole state machine of dossiers."""

    states: tuple[ApiState, ...]
    moves: tuple[ApiMove, ...]


class ApiPaper(msgspec.Struct, frozen=True):
    """One digitized paper. `sha256` is that of the signed file; `codes` newest last."""

    id: str
    document_type: str
    sha256: str
    size: int
    pages: int
    codes: tuple[str, ...]
    is_confirmed: bool
    has_legal_value: bool
    sync: ApiSync


class ApiComponent(msgspec.Struct, frozen=True):
    """One component with what became of it; `waiting_scans` are kept and not signed yet."""

    id: str
    document_type: str
    name: str
    required: bool
    state: str
    reused_code: str | None
    reuse_check: str
    waiting_scans: int
    papers: tuple[ApiPaper, ...]


class ApiIntake(msgspec.Struct, frozen=True):
    """An intake that ended without acceptance."""

    outcome: str
    office: str
    at: str
    requests: tuple[str, ...]
    reasons: tuple[str, ...]


class ApiDossier(msgspec.Struct, frozen=True):
    """One dossier as this office holds it. `code` is null before acceptance; `reference` is what its slips carry."""

    id: str
    code: str | None
    reference: str
    procedure: str
    applicant: str
    channel: str
    office: str
    custodian: str
    received_at: str | None
    due_date: str | None
    state: ApiState
    sync: ApiSync
    intakes: tuple[ApiIntake, ...]
    components: tuple[ApiComponent, ...]


class ApiScan(msgspec.Struct, frozen=True):
    """A scan that was taken in: durable here; read and signed as soon as the officer's key is open."""

    job: str
    dossier: str
    component: str
    files: int
    pages: int


def states() -> ApiStates:
    """The state machine as data. Pure."""
    rows = tuple(ApiMove(row.state.value, row.move.value, row.next.value, row.basis) for row in DOSSIER_TRANSITIONS)
    return ApiStates(tuple(state_of(one) for one in DossierState), rows)


def state_of(state: DossierState) -> ApiState:
    """One state. Pure."""
    return ApiState(
        state.value, state.label, tuple(one.value for one in moves_from(state) if isinstance(one, DossierMove))
    )


def dossier_of(page: DossierPage) -> ApiDossier:
    """A dossier as its page shows it. Pure."""
    view: DossierView = page.row.view
    components = tuple(
        _component(part.component, part.waiting, tuple(_paper(one.document, one.sync) for one in part.papers))
        for part in page.parts
    )
    return ApiDossier(
        view.rid.hex(), view.code or None, view.reference, view.procedure, view.person("name"), view.channel, view.office,
        view.custody.office, _moment(view.received_ms), view.due_date or None, state_of(DossierState(view.state)), _sync(page.row.sync),
        tuple(_intake(one) for one in view.intakes), components,
    )  # fmt: skip


def _component(one: ComponentView, waiting: int, papers: tuple[ApiPaper, ...]) -> ApiComponent:
    code = one.source.code if one.source else None
    return ApiComponent(
        one.component_id.hex(),
        one.document_type,
        one.name,
        one.required,
        one.state,
        code,
        one.reuse_check,
        waiting,
        papers,
    )


def _paper(one: DocumentView, sync: ItemState) -> ApiPaper:
    return ApiPaper(
        one.document_id.hex(), one.document_type, one.pdf.hex(), one.pdf_size, one.pages, one.codes, one.is_confirmed,
        one.has_legal_value, _sync(sync),
    )  # fmt: skip


def _intake(one: IntakeView) -> ApiIntake:
    return ApiIntake(
        one.outcome,
        one.office,
        _moment(one.at_ms) or "",
        one.requests,
        (*one.reasons, *((one.explanation,) if one.explanation else ())),
    )


def _sync(one: ItemState) -> ApiSync:
    return ApiSync(one.word.value, label("sync_word", one.word.value), one.acknowledgement, _moment(one.at_ms))


def _moment(at_ms: int) -> str | None:
    return dt.datetime.fromtimestamp(at_ms / 1000, VIETNAM).isoformat(timespec="seconds") if at_ms else None
