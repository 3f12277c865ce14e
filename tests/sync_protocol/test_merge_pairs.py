"""Pairs: a judgement closes the one pair it names, counts once however often it is told, and is overruled by no clock."""

from __future__ import annotations

import itertools
import random

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.acts import act_id
from sync_protocol.cases import Suspicion
from sync_protocol.envelope import Event
from sync_protocol.ids import HUB_NODE, ActId, DocumentId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.merge_pairs import PairKey, key_of, pair_id, seen_from_there
from sync_protocol.view import encode_view
from tests.sync_protocol.event_sets import NODES, OTHER, RID, History

A, B, C, D = (DocumentId(letter * 16) for letter in (b"a", b"b", b"c", b"d"))
PAIRS: tuple[PairKey, ...] = (
    ("dossier", OTHER, None, None), ("code", OTHER, None, None), ("document", OTHER, A, C), ("document", OTHER, A, D), ("document", OTHER, B, C),
)  # fmt: skip
ALL = {key: "" for key in PAIRS}


def suspected(history: History, keys: tuple[PairKey, ...] = PAIRS) -> History:
    for number, (kind, other, mine, theirs) in enumerate(keys):
        body = b.DuplicateSuspected(
            kind=kind, other_rid=other, other_office=OfficeCode("03401"), tier=1, document_id=mine, other_document_id=theirs  # type: ignore[arg-type]
        )  # fmt: skip
        history.add(HUB_NODE, (number + 1) << 16, body)
    return history


def judging(key: PairKey, same: bool, of: ActId | None = None, *, old: bool = False) -> b.DuplicateJudged:
    kind, other, mine, theirs = key
    return b.DuplicateJudged(
        other_rid=other, same=same, reason="x", officer="cb01", document_id=mine, other_document_id=theirs, kind="" if old else kind, of=of  # type: ignore[arg-type]
    )  # fmt: skip


def words(history: History) -> dict[PairKey, str]:
    return {key_of(one): one.judged for one in fold(RID, history.events).suspicions}


def pair(history: History, key: PairKey) -> Suspicion:
    return next(one for one in fold(RID, history.events).suspicions if key_of(one) == key)


def act(event: Event) -> ActId:
    return act_id(event.header)


def test_a_judgement_closes_exactly_the_pair_that_it_names() -> None:
    for key in PAIRS:
        history = suspected(History())
        history.add(NODES[0], 99 << 16, judging(key, True))
        assert words(history) == {**ALL, key: "same"}


def test_a_paper_that_was_issued_again_is_neither_the_same_nor_another() -> None:
    history = suspected(History())
    again = msgspec.structs.replace(judging(PAIRS[2], False), reissue=True)
    history.add(NODES[0], 99 << 16, again)
    assert words(history) == {**ALL, PAIRS[2]: "reissue"}
    history.add(NODES[1], 98 << 16, judging(PAIRS[2], False))
    assert words(history) == ALL, "another officer said: not the same, not knowing of the first"
    history.add(NODES[0], 100 << 16, again, base=tuple(one.act for one in pair(history, PAIRS[2]).heads))
    assert words(history) == {**ALL, PAIRS[2]: "reissue"}


def test_only_papers_are_issued_again() -> None:
    history = suspected(History())
    for key, same in ((PAIRS[0], False), (PAIRS[3], True)):
        history.add(NODES[0], 99 << 16, msgspec.structs.replace(judging(key, same), reissue=True))
    assert words(history) == {**ALL, PAIRS[0]: "not_same", PAIRS[3]: "same"}


def test_what_an_older_program_wrote_closes_what_it_closed_then_or_less() -> None:
    history = suspected(History())
    history.add(NODES[0], 98 << 16, judging(PAIRS[2], False, old=True))
    assert words(history) == {**ALL, PAIRS[2]: "not_same"}  # it closed the paper's other pair as well
    history.add(NODES[0], 99 << 16, judging(PAIRS[0], True, old=True))
    assert words(history) == {**ALL, PAIRS[2]: "not_same", PAIRS[0]: "same", PAIRS[1]: "same"}


def test_the_hubs_telling_counts_as_the_act_it_tells_however_often_and_under_whatever_place() -> None:
    history = suspected(History())
    told = ActId(b"t" * 32)  # type: ignore[arg-type]
    copy = history.add(HUB_NODE, 50 << 16, judging(PAIRS[0], True, told))
    once = fold(RID, history.events)
    history.add(HUB_NODE, 70 << 16, judging(PAIRS[0], True, told))  # by a hub that was put back
    history.again(copy)
    assert fold(RID, history.events).suspicions == once.suspicions
    assert [(one.act, one.is_copy) for one in pair(history, PAIRS[0]).judgements] == [(told, True)]


def test_only_the_hub_may_say_that_it_tells_of_another_act() -> None:
    history = suspected(History())
    said = history.add(NODES[0], 50 << 16, judging(PAIRS[0], True, ActId(b"t" * 32)))  # type: ignore[arg-type]
    assert [(one.act, one.is_copy) for one in pair(history, PAIRS[0]).judgements] == [(act(said), False)]


def test_two_who_did_not_know_of_each_other_and_disagree_leave_the_pair_open_under_another_id() -> None:
    history = suspected(History())
    before = pair_id(RID, pair(history, PAIRS[0]))
    first = history.add(NODES[0], 50 << 16, judging(PAIRS[0], True))
    second = history.add(NODES[2], 900 << 16, judging(PAIRS[0], False))  # its clock is far ahead, which decides nothing
    open_again = pair(history, PAIRS[0])
    assert open_again.judged == "" and {one.act for one in open_again.heads} == {act(first), act(second)}
    assert pair_id(RID, open_again) != before
    history.add(NODES[1], 60 << 16, judging(PAIRS[0], False), base=(act(first), act(second)))
    assert pair(history, PAIRS[0]).judged == "not_same"


def test_two_who_agree_close_it() -> None:
    history = suspected(History())
    for node in NODES[:2]:
        history.add(node, 50 << 16, judging(PAIRS[4], True))
    assert pair(history, PAIRS[4]).judged == "same"


def test_the_id_of_a_pair_is_the_same_from_both_sides() -> None:
    one = Suspicion("document", OTHER, OfficeCode("03401"), 1, "", "", A, C)
    kind, rid, mine, theirs = seen_from_there(RID, one)
    twin = Suspicion(kind, rid, OfficeCode("00101"), 1, "", "", mine, theirs)  # type: ignore[arg-type]
    assert pair_id(RID, one) == pair_id(OTHER, twin) != pair_id(RID, msgspec.structs.replace(one, other_document_id=D))


judgements = st.lists(
    st.tuples(st.sampled_from(PAIRS), st.booleans(), st.sampled_from((*NODES, HUB_NODE)), st.integers(1, 500), st.integers(0, 3), st.booleans()),
    max_size=9,
)  # fmt: skip


def grown(said: list[tuple[PairKey, bool, str, int, int, bool]]) -> History:
    """Suspicions, and judgements some of which saw earlier ones, are told by the hub, or come from an older program."""
    history = suspected(History())
    acts: list[ActId] = []
    for key, same, node, clock, seen, old in said:
        base = tuple(acts[-seen:]) if seen else ()
        of = acts[-1] if node == HUB_NODE and acts else None
        acts.append(act(history.add(node, clock << 16, judging(key, same, of, old=old), base=base)))
    return history


@settings(max_examples=200, deadline=None)
@given(judgements, st.integers(0, 2**32))
def test_pairs_do_not_depend_on_order_repetition_or_re_issue(
    said: list[tuple[PairKey, bool, str, int, int, bool]], seed: int
) -> None:
    history = grown(said)
    whole = encode_view(fold(RID, history.events))
    shuffled = [*history.events, *random.Random(seed).choices(history.events, k=4)]
    random.Random(seed).shuffle(shuffled)
    assert encode_view(fold(RID, shuffled)) == whole
    once = fold(RID, history.events).suspicions
    for event in list(history.events):
        history.again(event)
    assert fold(RID, history.events).suspicions == once


@settings(max_examples=200, deadline=None)
@given(judgements)
def test_no_judgement_is_dropped_and_none_touches_a_pair_it_does_not_name(
    said: list[tuple[PairKey, bool, str, int, int, bool]],
) -> None:
    history = grown([(key, same, node, clock, seen, False) for key, same, node, clock, seen, _ in said])
    shown = {key_of(one): one for one in fold(RID, history.events).suspicions}
    assert set(shown) == set(PAIRS)
    for key, named in itertools.groupby(sorted(said, key=lambda one: PAIRS.index(one[0])), key=lambda one: one[0]):
        assert {one.same for one in shown[key].judgements} <= {same for _, same, *_ in named}
    for key, one in shown.items():
        assert bool(one.judgements) == any(named == key for named, *_ in said)
        if one.judged:
            assert {head.same for head in one.heads} == {one.judged == "same"}
