"""Subjects: no name becomes a wildcard, and what is built is read back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_protocol.subjects import (
    REQUEST_VERBS,
    NodeNameRefused,
    SubjectRefused,
    Verb,
    check_node_name,
    hint_subject,
    inbox_prefix,
    node_and_verb,
    request_subject,
    service_subject,
)

NAMES = st.from_regex(r"[a-z][a-z0-9]{3,15}", fullmatch=True)
HOSTILE = st.text(max_size=20) | st.text(alphabet="abn01.*>{}$ \r\n\t", max_size=20)


@given(NAMES, st.sampled_from(REQUEST_VERBS))
def test_what_is_built_is_read_back(name: str, verb: Verb) -> None:
    assert node_and_verb(request_subject(name, verb)) == (name, verb)


@given(HOSTILE)
def test_no_text_whatever_becomes_a_subject_with_a_wildcard_or_another_number_of_tokens(name: str) -> None:
    try:
        subjects = [request_subject(name, Verb.PUSH), hint_subject(name), inbox_prefix(name)]
    except NodeNameRefused:
        return
    assert [subject.count(".") for subject in subjects] == [2, 1, 1]
    assert name.isascii() and name.isalnum() and name == name.strip()
    for subject in subjects:
        assert not set(subject) & set("*> \t\r\n{}$")


@given(HOSTILE)
def test_no_text_whatever_is_read_as_a_node_that_could_not_be_enrolled(subject: str) -> None:
    try:
        node, _ = node_and_verb(subject)
    except (SubjectRefused, NodeNameRefused):
        return
    assert check_node_name(node) == node


@pytest.mark.parametrize("length,accepted", [(3, False), (4, True), (16, True), (17, False)])
def test_a_name_has_4_to_16_characters(length: int, accepted: bool) -> None:
    if accepted:
        assert check_node_name("n" * length)
    else:
        with pytest.raises(NodeNameRefused):
            check_node_name("n" * length)


def test_a_trailing_line_break_is_not_part_of_a_name() -> None:
    with pytest.raises(NodeNameRefused):
        check_node_name("n0001\n")


@pytest.mark.parametrize("verb", ["hint", "admin", "", "*", ">"])
def test_a_verb_outside_the_list_has_no_subject(verb: str) -> None:
    with pytest.raises(SubjectRefused):
        request_subject("n0001", verb)
    with pytest.raises(SubjectRefused):
        service_subject(verb)


@pytest.mark.parametrize("subject", ["s1.n0001", "s2.n0001.push", "s1.n0001.push.x", "s1.n0001.hint"])
def test_a_foreign_subject_is_refused(subject: str) -> None:
    with pytest.raises(SubjectRefused):
        node_and_verb(subject)
