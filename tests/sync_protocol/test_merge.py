"""The fold is a function of the set of acts: order, repetition, batching and re-issue change nothing (I4)."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol import merge
from sync_protocol.acts import acts_of
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import GENESIS, HUB_NODE, Incarnation, NodeId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.view import DossierView, decode_view, encode_view
from tests.sync_protocol.event_sets import NAMES, NODES, RID, History, histories, reception


def folded(events: list[Event]) -> bytes:
    return encode_view(fold(RID, events))


@settings(max_examples=250, deadline=None)
@given(histories(), st.integers(0, 2**32))
def test_any_order_and_any_repetition_give_the_same_bytes(history: History, seed: int) -> None:
    shuffled = [*history.events, *random.Random(seed).choices(history.events, k=5)]
    random.Random(seed).shuffle(shuffled)
    assert folded(shuffled) == folded(history.events)


@settings(max_examples=60, deadline=None)
@given(histories(), st.data())
def test_a_replica_that_folds_after_every_batch_ends_where_all_end(history: History, data: st.DataObject) -> None:
    held: list[Event] = []
    view = b""
    rest = list(history.events)
    while rest:
        cut = data.draw(st.integers(1, len(rest)))
        held, rest = held + rest[:cut], rest[cut:]
        view = folded(held)
    assert view == folded(history.events)
    assert encode_view(decode_view(view)) == view


@settings(max_examples=120, deadline=None)
@given(histories())
def test_a_log_issued_again_after_a_restore_doubles_nothing_that_people_see(history: History) -> None:
    once = fold(RID, history.events)
    for event in list(history.events):
        history.again(event)
    twice = fold(RID, history.events)
    assert twice.notes == once.notes and twice.slips == once.slips and twice.history == once.history
    assert twice.identity == once.identity and twice.documents == once.documents and twice.conflicts == once.conflicts


@settings(max_examples=120, deadline=None)
@given(histories())
def test_a_replica_with_only_the_copies_sees_what_a_replica_with_only_the_originals_sees(history: History) -> None:
    originals = [event for event in history.events if event.header.node != "hub"]
    start = len(history.events)
    for event in originals:
        history.again(event)
    assert _but_lateness(fold(RID, history.events[start:])) == _but_lateness(fold(RID, originals))


def _but_lateness(view: DossierView) -> tuple[object, ...]:
    return view.notes, view.slips, view.identity, view.documents, view.history, view.components


@pytest.mark.parametrize("broken", ["order", "copies"])
def test_the_harness_sees_a_fold_that_looks_at_order_or_counts_copies(
    broken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    history = History()
    history.add(NODES[0], 1 << 16, reception("00101", NAMES[0]))
    for n in range(3):
        history.add(NODES[n], (5 - n) << 16, b.NoteAdded(text=f"{n}", officer="cb01", at_ms=n))
    events = list(history.events)
    if broken == "order":
        monkeypatch.setattr(merge, "acts_of", lambda found: [acts_of([event])[0] for event in found])
        assert folded(events) != folded(events[::-1])
    else:
        monkeypatch.setattr(merge, "acts_of", lambda found: [acts_of([event])[0] for event in found])
        again = history.again(events[-1])
        assert fold(RID, [*events, again]).notes != fold(RID, events).notes


def test_a_wrong_clock_does_not_choose_the_winner_of_an_identity_field() -> None:
    views = []
    for skew_days in (0, 400):
        history = History()
        first = history.add(NODES[0], 10 << 16, reception("00101", NAMES[0]))
        seen = acts_of([first])[0].id
        for node, hlc, value in ((HUB_NODE, 20 + skew_days * 86_400_000, "Trần Thị B"), (NODES[1], 30, "Trần Thị C")):
            said = b.ConflictResolved(conflict=b"", field="name", value=value, reason="x", officer="x", office=OfficeCode("" if node == HUB_NODE else "00101"))
            history.add(node, hlc << 16, said, base=(seen,))
        view = fold(RID, history.events)
        views.append(
            (
                sorted(head.value for head in next(f for f in view.identity if f.field == "name").settled.heads),
                len(view.conflicts),
            )
        )
    assert views[0] == views[1] == (["Trần Thị B", "Trần Thị C"], 1)


def test_two_values_nobody_based_on_each_other_are_both_kept_until_a_person_settles_them() -> None:
    history = History()
    first = history.add(NODES[0], 1 << 16, reception("00101", NAMES[0]))
    other = history.add(NODES[2], 2 << 16, b.IdentityAsserted(field="name", value=NAMES[2], proof="", officer="x"))
    view = fold(RID, history.events)
    assert [one.values for one in view.conflicts] == [tuple(sorted((NAMES[0], NAMES[2])))]
    base = tuple(act.id for act in acts_of([first, other]))
    settled = b.ConflictResolved(conflict=view.conflicts[0].id, field="name", value=NAMES[2], reason="x", officer="x", office=OfficeCode("00101"))
    history.add(NODES[0], 3 << 16, settled, base=base)
    assert fold(RID, history.events).conflicts == () and fold(RID, history.events).person("name") == NAMES[2]
    history.add(
        NODES[1],
        4 << 16,
        b.ConflictResolved(conflict=b"", field="name", value=NAMES[3], reason="x", officer="x", office=OfficeCode("00101")),
        base=base,
    )
    assert len(fold(RID, history.events).conflicts) == 1


def test_a_decision_absorbs_what_comes_after_it() -> None:
    history = History()
    history.add(NODES[0], 1 << 16, reception("00101", NAMES[0]))
    office = OfficeCode("00101")
    history.add(NODES[0], 2 << 16, b.DecisionMade(outcome="granted", office=office, officer="x", decided_ms=2), fence=0)
    history.add(NODES[0], 3 << 16, b.StatusMoved(move="hand_over", office=office, officer="x", at_ms=3), fence=0)
    view = fold(RID, history.events)
    assert view.state == "result_ready" and [one.reason for one in view.proposals] == ["illegal"]


@settings(max_examples=400, deadline=None)
@given(
    st.sampled_from(sorted(kind for kind in b.BODY_TYPES if kind[0] not in b.BESIDE_DOSSIERS)),
    st.binary(max_size=60),
    st.integers(0, 2**62),
    st.data(),
)
def test_no_body_however_broken_stops_the_fold(
    kind: tuple[str, int], raw: bytes, hlc: int, data: st.DataObject
) -> None:
    import msgspec

    body = data.draw(st.one_of(st.just(raw), st.builds(msgspec.msgpack.encode, _anything())))
    event = make_event(
        node=NodeId("n1"), inc=Incarnation(b"i" * 16), seq=1, prev=GENESIS, type=kind[0], tv=kind[1], rid=RID, hlc=hlc, actor="a",
        body=body, fence=data.draw(st.one_of(st.none(), st.integers(0, 2**62))),
    )  # fmt: skip
    assert fold(RID, [event]).history[0].type == kind[0]


def _anything() -> st.SearchStrategy[object]:
    leaf = st.one_of(
        st.none(), st.booleans(), st.integers(-(2**62), 2**64 - 1), st.text(max_size=5), st.binary(max_size=40)
    )
    keys = st.sampled_from(
        [
            "code",
            "office",
            "received_ms",
            "pdf",
            "pdf_size",
            "values",
            "document_id",
            "fence",
            "until",
            "move",
            "applicant",
        ]
    )
    return st.dictionaries(
        keys, st.recursive(leaf, lambda inner: st.lists(inner, max_size=3), max_leaves=6), max_size=6
    )
