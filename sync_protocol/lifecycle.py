"""Lifecycle: the states of a dossier and of a component, and the moves the law allows between them.

A dossier belongs to one owner per stage: the receiving office owns intake, the competent office owns resolution. A
supplement is an addition, so a late one changes no state by itself. `extended` may be entered once in the life of a
dossier; that is a count, kept by `deadlines.apologise`, not a state. A component walks sao chụp → ký số cá nhân →
bóc tách → xác nhận → cấp mã → ký số cơ quan → Kho in this order only, and each step that skips the scan (dùng lại,
chỉ xuất trình, không phải số hóa, lãnh đạo quyết định) can be undone by scanning the paper after all, because paper prevails.

Invariant: one table per machine; a pair absent from it is no move. `revoked` is absorbing. What an authority ended it may take up again, and nobody else
may (custody.py); what was refused at intake, or what the person withdrew, begins anew.

Source: Nghị định 61/2018/NĐ-CP, Điều 17–20; Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 4–11, 13; Thông tư 03/2025/TT-VPCP.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple, overload

from sync_protocol.glossary import label


class DossierState(StrEnum):
    """Where a dossier stands."""

    DRAFT = "draft"
    RECEIVED = "received"
    REFUSED = "refused"
    SUPPLEMENT_AT_INTAKE = "supplement_at_intake"
    HANDED_OVER = "handed_over"
    IN_PROCESSING = "in_processing"
    CONSULTING = "consulting"
    SUPPLEMENT_REQUESTED = "supplement_requested"
    EXTENDED = "extended"
    RESULT_READY = "result_ready"
    RESULT_RETURNED = "result_returned"
    ARCHIVED = "archived"
    RETURNED_WITH_NOTICE = "returned_with_notice"
    STOPPED = "stopped"
    WITHDRAWN = "withdrawn"

    @property
    def label(self) -> str:
        """The Vietnamese label of the state."""
        return label("dossier_state", self.value)


OVER: frozenset[str] = frozenset({
    DossierState.RESULT_RETURNED, DossierState.ARCHIVED, DossierState.RETURNED_WITH_NOTICE, DossierState.REFUSED, DossierState.WITHDRAWN,
    DossierState.STOPPED,
})  # fmt: skip
"""Nothing is decided about a dossier in these states any more."""

RESOLVED: frozenset[str] = OVER | {DossierState.RESULT_READY}
"""Nor is anything owed by a day: the result at most waits to be handed over."""


class ComponentState(StrEnum):
    """Where a component stands."""

    REQUIRED = "required"
    REUSED = "reused"
    PRESENTED_ONLY = "presented_only"
    EXEMPT = "exempt"
    WAIVED = "waived"
    CAPTURED = "captured"
    PERSONAL_SIGNED = "personal_signed"
    EXTRACTED = "extracted"
    CONFIRMED = "confirmed"
    CODED = "coded"
    AGENCY_SIGNED = "agency_signed"
    IN_REPOSITORY = "in_repository"
    SUPERSEDED = "superseded"
    REVOKED = "revoked"

    @property
    def label(self) -> str:
        """The Vietnamese label of the state."""
        return label("component_state", self.value)


class DossierMove(StrEnum):
    """What an officer does with a dossier."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    ASK_SUPPLEMENT = "ask_supplement"
    COMPLETE_SUPPLEMENT = "complete_supplement"
    HAND_OVER = "hand_over"
    TAKE_UP = "take_up"
    CONSULT = "consult"
    ANSWER = "answer"
    EXTEND = "extend"
    DECIDE = "decide"
    RETURN_RESULT = "return_result"
    ARCHIVE = "archive"
    RETURN_WITH_NOTICE = "return_with_notice"
    STOP = "stop"
    WITHDRAW = "withdraw"
    REOPEN = "reopen"

    @property
    def label(self) -> str:
        """The Vietnamese label of the move."""
        return label("dossier_move", self.value)


class ComponentMove(StrEnum):
    """What an officer or the agency does with a component."""

    REUSE = "reuse"
    PRESENT = "present"
    EXEMPT = "exempt"
    WAIVE = "waive"
    CAPTURE = "capture"
    SIGN_PERSONALLY = "sign_personally"
    EXTRACT = "extract"
    CONFIRM = "confirm"
    ISSUE_CODE = "issue_code"
    SIGN_AS_AGENCY = "sign_as_agency"
    STORE = "store"
    SUPERSEDE = "supersede"
    REVOKE = "revoke"


class DossierTransition(NamedTuple):
    """One row: from a state, by a move, to a state, because of a clause."""

    state: DossierState
    move: DossierMove
    next: DossierState
    basis: str


class ComponentTransition(NamedTuple):
    """One row: from a state, by a move, to a state, because of a clause."""

    state: ComponentState
    move: ComponentMove
    next: ComponentState
    basis: str


def _dossier_rows() -> tuple[DossierTransition, ...]:
    s, m, row = DossierState, DossierMove, DossierTransition
    intake = (
        row(s.DRAFT, m.ACCEPT, s.RECEIVED, "NĐ 61/2018 Điều 17.1c"),
        row(s.DRAFT, m.REFUSE, s.REFUSED, "NĐ 61/2018 Điều 17.1b"),
        row(s.DRAFT, m.ASK_SUPPLEMENT, s.SUPPLEMENT_AT_INTAKE, "NĐ 61/2018 Điều 17.1a"),
        row(s.SUPPLEMENT_AT_INTAKE, m.ACCEPT, s.RECEIVED, "NĐ 61/2018 Điều 17.1c"),
        row(s.SUPPLEMENT_AT_INTAKE, m.REFUSE, s.REFUSED, "NĐ 61/2018 Điều 17.1b"),
        row(s.RECEIVED, m.HAND_OVER, s.HANDED_OVER, "NĐ 61/2018 Điều 18.2–18.3"),
        row(s.RECEIVED, m.DECIDE, s.RESULT_READY, "NĐ 61/2018 Điều 17.4"),
        row(s.HANDED_OVER, m.HAND_OVER, s.HANDED_OVER, "NĐ 61/2018 Điều 18.3, 19.6–19.7"),
        row(s.HANDED_OVER, m.TAKE_UP, s.IN_PROCESSING, "NĐ 61/2018 Điều 19.1"),
    )
    consulting = (row(s.CONSULTING, m.ANSWER, s.IN_PROCESSING, "NĐ 61/2018 Điều 19.3, 19.5"),)
    waiting = (row(s.SUPPLEMENT_REQUESTED, m.COMPLETE_SUPPLEMENT, s.IN_PROCESSING, "NĐ 61/2018 Điều 19.4"),)
    extended = tuple(
        row(state, m.EXTEND, s.EXTENDED, "NĐ 61/2018 Điều 19.9") for state in (s.IN_PROCESSING, s.CONSULTING)
    )
    working = tuple(
        one
        for state in (s.IN_PROCESSING, s.EXTENDED)
        for one in (
            row(state, m.CONSULT, s.CONSULTING, "NĐ 61/2018 Điều 19.3, 19.5"),
            row(state, m.HAND_OVER, s.HANDED_OVER, "NĐ 61/2018 Điều 19.6–19.7"),
            row(state, m.ASK_SUPPLEMENT, s.SUPPLEMENT_REQUESTED, "NĐ 61/2018 Điều 19.4"),
            row(state, m.DECIDE, s.RESULT_READY, "QĐ 1333/QĐ-BHXH Điều 13.4b"),
        )
    )
    resolving = (s.HANDED_OVER, s.IN_PROCESSING, s.CONSULTING, s.SUPPLEMENT_REQUESTED, s.EXTENDED)
    ends = tuple(
        one
        for state in resolving
        for one in (
            row(state, m.RETURN_WITH_NOTICE, s.RETURNED_WITH_NOTICE, "NĐ 61/2018 Điều 19.8; QĐ 1333 Điều 13.4a"),
            row(state, m.STOP, s.STOPPED, "TT 03/2025/TT-VPCP mẫu 05"),
        )
    )
    withdrawn = tuple(
        row(state, m.WITHDRAW, s.WITHDRAWN, "chưa kiểm chứng: người nộp rút hồ sơ")
        for state in (s.SUPPLEMENT_AT_INTAKE, s.RECEIVED, *resolving)
    )
    result = (
        row(s.RESULT_READY, m.RETURN_RESULT, s.RESULT_RETURNED, "QĐ 1333/QĐ-BHXH Điều 13.5"),
        row(s.RESULT_RETURNED, m.ARCHIVE, s.ARCHIVED, "QĐ 1333/QĐ-BHXH Điều 11.4"),
    )
    reopened = tuple(
        row(state, m.REOPEN, s.IN_PROCESSING, "NĐ 61/2018 Điều 21 (tự sửa sai); domain.md D.6 (bổ sung tới sau)")
        for state in (s.RESULT_READY, s.RESULT_RETURNED, s.ARCHIVED, s.RETURNED_WITH_NOTICE, s.STOPPED)
    )
    return (*intake, *working, *consulting, *waiting, *extended, *ends, *withdrawn, *result, *reopened)


def _component_rows() -> tuple[ComponentTransition, ...]:
    s, m, row = ComponentState, ComponentMove, ComponentTransition
    without_scan = (
        row(s.REQUIRED, m.REUSE, s.REUSED, "QĐ 1333/QĐ-BHXH Điều 13.3b"),
        row(s.REQUIRED, m.PRESENT, s.PRESENTED_ONLY, "QĐ 1333/QĐ-BHXH Điều 5.3"),
        row(s.REQUIRED, m.EXEMPT, s.EXEMPT, "QĐ 1333/QĐ-BHXH Điều 5"),
        row(s.REQUIRED, m.WAIVE, s.WAIVED, "QĐ 1333/QĐ-BHXH Điều 13.3b"),
        row(s.REQUIRED, m.CAPTURE, s.CAPTURED, "QĐ 1333/QĐ-BHXH Điều 8.1"),
    )
    scanned_after_all = tuple(
        row(state, m.CAPTURE, s.CAPTURED, "QĐ 1333/QĐ-BHXH Điều 4.1d, 13.3b")
        for state in (s.REUSED, s.PRESENTED_ONLY, s.EXEMPT, s.WAIVED)
    )
    steps = (
        row(s.CAPTURED, m.CAPTURE, s.CAPTURED, "QĐ 1333/QĐ-BHXH Điều 8.2b: quét lại trước khi ký"),
        row(s.CAPTURED, m.SIGN_PERSONALLY, s.PERSONAL_SIGNED, "QĐ 1333/QĐ-BHXH Điều 8.1"),
        row(s.PERSONAL_SIGNED, m.EXTRACT, s.EXTRACTED, "QĐ 1333/QĐ-BHXH Điều 9.1"),
        row(s.EXTRACTED, m.CONFIRM, s.CONFIRMED, "QĐ 1333/QĐ-BHXH Điều 9.3"),
        row(s.CONFIRMED, m.ISSUE_CODE, s.CODED, "QĐ 1333/QĐ-BHXH Điều 10"),
        row(s.CODED, m.SIGN_AS_AGENCY, s.AGENCY_SIGNED, "QĐ 1333/QĐ-BHXH Điều 9.4"),
        row(s.AGENCY_SIGNED, m.STORE, s.IN_REPOSITORY, "QĐ 1333/QĐ-BHXH Điều 11.1–11.2"),
    )
    signed = (s.PERSONAL_SIGNED, s.EXTRACTED, s.CONFIRMED, s.CODED, s.AGENCY_SIGNED, s.IN_REPOSITORY)
    superseded = tuple(
        row(state, m.SUPERSEDE, s.SUPERSEDED, "NĐ 61/2018 Điều 5.1c: thay bằng bản mới, không xóa") for state in signed
    )
    revoked = tuple(
        row(state, m.REVOKE, s.REVOKED, "NĐ 30/2020 Phụ lục VI: thu hồi, giữ thông tin")
        for state in (s.REUSED, *signed, s.SUPERSEDED)
    )
    return (*without_scan, *scanned_after_all, *steps, *superseded, *revoked)


DOSSIER_TRANSITIONS: tuple[DossierTransition, ...] = _dossier_rows()
COMPONENT_TRANSITIONS: tuple[ComponentTransition, ...] = _component_rows()

_DOSSIER: Mapping[tuple[DossierState, DossierMove], DossierState] = MappingProxyType(
    {(row.state, row.move): row.next for row in DOSSIER_TRANSITIONS}
)
_COMPONENT: Mapping[tuple[ComponentState, ComponentMove], ComponentState] = MappingProxyType(
    {(row.state, row.move): row.next for row in COMPONENT_TRANSITIONS}
)


@overload
def next_state(state: DossierState, move: DossierMove) -> DossierState | None: ...
@overload
def next_state(state: ComponentState, move: ComponentMove) -> ComponentState | None: ...
def next_state(
    state: DossierState | ComponentState, move: DossierMove | ComponentMove
) -> DossierState | ComponentState | None:
    """Return the state after a move, or None where the law knows no such move from here.

    >>> next_state(DossierState.DRAFT, DossierMove.ACCEPT)
    <DossierState.RECEIVED: 'received'>
    >>> next_state(DossierState.ARCHIVED, DossierMove.DECIDE) is None
    True
    """
    if isinstance(state, DossierState) and isinstance(move, DossierMove):
        return _DOSSIER.get((state, move))
    if isinstance(state, ComponentState) and isinstance(move, ComponentMove):
        return _COMPONENT.get((state, move))
    return None


def moves_from(state: DossierState | ComponentState) -> tuple[DossierMove | ComponentMove, ...]:
    """Return the moves a state allows, in table order."""
    if isinstance(state, DossierState):
        return tuple(row.move for row in DOSSIER_TRANSITIONS if row.state == state)
    return tuple(row.move for row in COMPONENT_TRANSITIONS if row.state == state)


def is_terminal(state: DossierState | ComponentState) -> bool:
    """True where no move leads out of the state."""
    return not moves_from(state)
