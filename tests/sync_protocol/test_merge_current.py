"""Which digitization of a paper is current: one answer for any order of them, and the hub's word for whoever holds only one (D.1)."""

from __future__ import annotations

import random
from itertools import permutations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.ids import (
    HUB_NODE,
    ActId,
    BlobDigest,
    ComponentId,
    DocumentId,
    EventId,
    NodeId,
    OfficeCode,
    RecordId,
)
from sync_protocol.merge import fold
from sync_protocol.merge_current import Copy, current_of
from sync_protocol.merge_pairs import key_of
from sync_protocol.view import DocumentView, encode_view
from tests.sync_protocol.event_sets import NODES, OTHER, RID, History

PAPER, TWIN = DocumentId(b"p" * 16), DocumentId(b"t" * 16)
HERE, THERE = b.CurrentCopy(RID, PAPER, OfficeCode("00101"), 1), b.CurrentCopy(OTHER, TWIN, OfficeCode("03401"), 1)


def copy(at: int, *, coded: bool = True, sealed: bool = False, revoked: bool = False, quarantined: bool = False, name: int = 0) -> Copy:
    """A digitization captured at `at`."""
    digest = BlobDigest(bytes([at % 256]) * 32)
    paper = DocumentView(
        document_id=DocumentId(bytes([name or at % 256]) * 16), component_id=ComponentId(b"c" * 16), pdf=digest, pdf_size=1, officer_pdf=digest,
        officer_pdf_size=1, pages=1, images=1, signer_name="x", captured_ms=at, node=NodeId("n00101a"), captured_by=ActId(EventId(b"a" * 32)),
        codes=("1.2",) if coded else (), confirmed_by="cb01" if coded else "", agency_form="1" if sealed else "",
        revoked_reason="sai" if revoked else "", examined="quarantined" if quarantined else "",
    )  # fmt: skip
    return Copy(RecordId(bytes([name or at % 256]) * 16), OfficeCode("00101"), paper)


def test_signed_by_the_agency_before_unsigned_then_complete_then_earlier_and_what_was_called_in_last() -> None:
    in_order = [
        copy(50, sealed=True), copy(60, sealed=True, coded=False), copy(2), copy(3), copy(1, coded=False), copy(4, sealed=True, quarantined=True),
        copy(5, revoked=True),
    ]  # fmt: skip
    for better in range(len(in_order)):
        for some in permutations(in_order[better:], 2):
            assert current_of(some) == min(some, key=in_order.index)


copies = st.lists(
    st.builds(copy, st.integers(1, 4), coded=st.booleans(), sealed=st.booleans(), revoked=st.booleans(), quarantined=st.booleans(), name=st.integers(1, 250)),
    min_size=1, max_size=6, unique_by=lambda one: one.rid,
)  # fmt: skip


@given(copies, st.integers(0, 2**32))
def test_the_current_one_does_not_depend_on_the_order_in_which_they_are_met(found: list[Copy], seed: int) -> None:
    shuffled = [*found, *found[:1]]
    random.Random(seed).shuffle(shuffled)
    assert current_of(shuffled) == current_of(found)
    assert current_of([current_of(found[:1]), current_of(found)]) == current_of(found)


def suspected(current: b.CurrentCopy | None = None) -> b.DuplicateSuspected:
    return b.DuplicateSuspected(
        kind="document", other_rid=OTHER, other_office=OfficeCode("03401"), tier=1, document_id=PAPER, other_document_id=TWIN, current=current
    )  # fmt: skip


def judged(same: bool) -> b.DuplicateJudged:
    return b.DuplicateJudged(
        kind="document", other_rid=OTHER, same=same, reason="x", officer="cb01", document_id=PAPER, other_document_id=TWIN
    )  # fmt: skip


def captured() -> History:
    history = History()
    history.add(NODES[0], 1 << 16, b.CopyCaptured(
        component_id=ComponentId(b"c" * 16), document_id=PAPER, pdf=BlobDigest(b"f" * 32), pdf_size=1, pages=1, images=1, officer="cb01",
        signer_name="x", captured_ms=1,
    ))  # fmt: skip
    history.add(HUB_NODE, 2 << 16, suspected())
    return history


def current(history: History) -> b.CurrentCopy | None:
    (paper,) = fold(RID, history.events).documents
    return paper.current


def test_what_the_hub_names_counts_while_the_pair_is_the_same_and_no_longer() -> None:
    history = captured()
    history.add(HUB_NODE, 9 << 16, suspected(THERE))
    assert current(history) is None, "nobody said yet that they are one"
    history.add(NODES[0], 10 << 16, judged(True))
    (paper,) = fold(RID, history.events).documents
    assert paper.current == THERE and paper.is_superseded
    history.add(NODES[1], 11 << 16, judged(False))
    assert current(history) is None, "two officers disagree: the pair is open again"


def test_naming_changes_nothing_of_the_pair() -> None:
    history = captured()
    history.add(NODES[0], 10 << 16, judged(True))
    before = fold(RID, history.events).suspicions
    history.add(HUB_NODE, 90 << 16, suspected(HERE))
    assert fold(RID, history.events).suspicions == before


named = st.lists(
    st.tuples(st.sampled_from([HERE, THERE]), st.integers(1, 4), st.integers(3, 500)), min_size=1, max_size=7
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(named, st.booleans(), st.integers(0, 2**32))
def test_the_highest_turn_counts_in_any_order_under_any_clock_and_however_often(
    words: list[tuple[b.CurrentCopy, int, int]], is_same: bool, seed: int
) -> None:
    history = captured()
    for word, turn, clock in words:
        history.add(HUB_NODE, clock << 16, suspected(msgspec.structs.replace(word, turn=turn)))
    history.add(NODES[0], 10 << 16, judged(is_same))
    whole = fold(RID, history.events)
    told = current(history)
    highest = max(turn for _, turn, _ in words)
    assert told is None if not is_same else told is not None and told.turn == highest
    assert all(key_of(one) == ("document", OTHER, PAPER, TWIN) for one in whole.suspicions)
    shuffled = [*history.events, *random.Random(seed).choices(history.events, k=4)]
    random.Random(seed).shuffle(shuffled)
    assert encode_view(fold(RID, shuffled)) == encode_view(whole)
