"""Glossary: complete, single-valued, whole diacritics."""

from __future__ import annotations

import typing
import unicodedata
from collections import Counter

import pytest

from sync_protocol.catalogue import DeadlineUnit, DigitizeRule, SubmittedForm, Submitter, Trust
from sync_protocol.custody import _OUTCOME_MOVE, ProposalReason
from sync_protocol.glossary import TERMS, english, label, term
from sync_protocol.glossary_states import VALUE_LABELS
from sync_protocol.law_problems import UnknownWord
from sync_protocol.lifecycle import ComponentState, DossierMove, DossierState

CLOSED_LISTS: dict[str, tuple[str, ...]] = {
    "dossier_state": tuple(DossierState),
    "component_state": tuple(ComponentState),
    "decision_outcome": tuple(_OUTCOME_MOVE),
    "dossier_move": tuple(DossierMove),
    "proposal_reason": typing.get_args(ProposalReason),
    "submitted_form": typing.get_args(SubmittedForm),
    "digitize_rule": typing.get_args(DigitizeRule),
    "deadline_unit": typing.get_args(DeadlineUnit),
    "submitter": typing.get_args(Submitter),
    "trust": typing.get_args(Trust),
}


@pytest.mark.parametrize("group", CLOSED_LISTS)
def test_every_value_of_a_closed_list_has_exactly_one_label(group: str) -> None:
    assert set(VALUE_LABELS[group]) == set(CLOSED_LISTS[group])
    assert max(Counter(pair[0] for pair in VALUE_LABELS[group].values()).values()) == 1


def test_an_identifier_stands_in_one_row() -> None:
    assert max(Counter(row.identifier for row in TERMS).values()) == 1
    assert term("repository").label == "Kho"


def test_the_five_words_of_synchronisation_are_the_agreed_ones() -> None:
    words = [label("sync_word", word) for word in ("saved_here", "sending", "at_hub", "backed_up", "needs_you")]
    agreed = ["Đã lưu tại đây", "Đang gửi", "Trung tâm đã nhận", "Đã có bản dự phòng", "Cần bạn xem"]
    assert words == agreed
    assert english("sync_word", "needs_you") == "Needs you"


def test_labels_are_composed_unicode() -> None:
    texts = [row.label for row in TERMS] + [pair[0] for group in VALUE_LABELS.values() for pair in group.values()]
    assert [text for text in texts if text != unicodedata.normalize("NFC", text)] == []


def test_an_unknown_word_is_our_own_bug() -> None:
    for ask in (lambda: term("ho_so"), lambda: label("dossier_state", "gone"), lambda: label("mood", "good")):
        with pytest.raises(UnknownWord):
            ask()
