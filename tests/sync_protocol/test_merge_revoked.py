"""Who may revoke a paper, and that a revocation stays, whatever order things arrive in (domain.md D.4)."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.acts import act_id
from sync_protocol.erasure import order_for
from sync_protocol.ids import HUB_NODE, BlobDigest, ComponentId, DocumentId, NodeId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.merge_revoked import REASON_GONE, may_revoke
from sync_protocol.view import DossierView, encode_view
from tests.sync_protocol.event_sets import NODES, RID, History, reception

HERE, THERE, THIRD = OfficeCode("00101"), OfficeCode("03401"), OfficeCode("07901")
PAPER, PART = DocumentId(b"p" * 16), ComponentId(b"k" * 16)
HOUR = 3_600_000 << 16


def scanned(history: History, node: str, office: OfficeCode, hour: int) -> None:
    """A component of an office, and its scan, at one of its nodes."""
    history.add(node, hour * HOUR, b.ComponentDeclared(component_id=PART, document_type="gks", name="GKS", decision="digitize", office=office))
    digest = BlobDigest(b"f" * 32)
    history.add(node, hour * HOUR + 1, b.CopyCaptured(
        component_id=PART, document_id=PAPER, pdf=digest, pdf_size=9, pages=1, images=1, officer="cb01", signer_name="x", captured_ms=1,
    ))  # fmt: skip


def revoked(office: OfficeCode, reason: str = "cấp sai") -> b.Revoked:
    return b.Revoked(document_id=PAPER, authority=office, reason=reason, officer="ld01", at_ms=7)


def granted(fence: int, office: OfficeCode, until: tuple[tuple[NodeId, bytes, int], ...] = ()) -> b.CustodyGranted:
    return b.CustodyGranted(office=office, fence=fence, previous_office=HERE, reason="x", officer="cb", until=until)


def seen(history: History) -> DossierView:
    """The view, which is the same for any order of the events."""
    whole = fold(RID, history.events)
    shuffled = list(history.events)
    for seed in range(12):
        random.Random(seed).shuffle(shuffled)
        assert encode_view(fold(RID, shuffled)) == encode_view(whole)
    return whole


def begun() -> History:
    """Received at the first office, whose second node scanned a paper."""
    history = History()
    history.add(NODES[0], HOUR, reception(HERE, "AN"))
    scanned(history, "n00101b", HERE, 2)
    return history


def test_the_office_that_digitized_a_paper_revokes_it_at_any_of_its_nodes_without_custody() -> None:
    history = begun()
    history.add(HUB_NODE, 3 * HOUR, granted(1, THERE))
    history.add(NODES[0], 4 * HOUR, revoked(HERE))
    paper = seen(history).documents[0]
    assert paper.office == HERE and paper.revoked_reason == "cấp sai"
    assert paper.revoked is not None and (paper.revoked.office, paper.revoked.officer, paper.revoked.at_ms) == (HERE, "ld01", 7)
    assert seen(history).component(PART).state == "revoked"  # type: ignore[union-attr]


def test_the_custodian_revokes_a_paper_that_another_office_digitized_under_its_fence() -> None:
    history = begun()
    history.add(HUB_NODE, 3 * HOUR, granted(1, THERE))
    history.add("n03401a", 4 * HOUR, revoked(THERE), fence=1)
    assert seen(history).documents[0].revoked is not None
    assert seen(history).proposals == ()


def test_an_office_without_the_right_changes_nothing_and_its_word_is_kept_as_a_proposal() -> None:
    history = begun()
    said = history.add("n07901a", 4 * HOUR, revoked(THIRD))
    under_a_foreign_fence = history.add("n07901a", 5 * HOUR, revoked(THIRD, "lại"), fence=0)
    view = seen(history)
    assert view.documents[0].revoked is None and view.documents[0].revoked_reason == ""
    told = {one.reason: one for one in view.proposals}
    assert set(told) == {"no_fence", "not_custodian"} and len({said.id, under_a_foreign_fence.id}) == 2
    assert {(one.move, one.office, one.document_id) for one in view.proposals} == {("revoke", THIRD, PAPER)}


def test_a_proposal_to_revoke_is_taken_up_by_a_revocation_that_names_it_or_dismissed_by_the_custodian() -> None:
    history = begun()
    one, other = (history.add("n07901a", hour * HOUR, revoked(THIRD, f"lúc {hour}")) for hour in (4, 5))
    history.add(NODES[0], 6 * HOUR, b.ProposalDismissed(act=act_id(other.header), office=HERE, officer="cb01", reason="sai giấy", at_ms=1), fence=0)
    assert {proposal.act: proposal.settled for proposal in seen(history).proposals} == {act_id(one.header): "", act_id(other.header): "dismissed"}
    history.add(NODES[0], 7 * HOUR, revoked(HERE), base=(act_id(one.header),))
    assert {proposal.act: proposal.settled for proposal in seen(history).proposals} == {act_id(one.header): "accepted", act_id(other.header): "dismissed"}


def test_a_custodian_that_had_let_go_comes_too_late_for_a_paper_of_another_office() -> None:
    history = History()
    history.add(NODES[0], HOUR, reception(HERE, "AN"))
    scanned(history, "n03401a", THERE, 2)
    history.add(HUB_NODE, 3 * HOUR, granted(1, THERE))
    history.add(NODES[0], 4 * HOUR, revoked(HERE), fence=0)
    view = seen(history)
    assert view.documents[0].revoked is None and [one.reason for one in view.proposals] == ["late"]


def test_what_is_edited_later_on_the_old_state_does_not_bring_a_revoked_paper_back() -> None:
    history = begun()
    history.add("n00101b", 3 * HOUR, revoked(HERE))
    history.add(NODES[0], 5 * HOUR, b.DocumentCoded(
        document_id=PAPER, owner="001185012345", procedure="1.014166", document_type="gks", number_symbol="1", code="001185012345.1"
    ))  # fmt: skip
    history.add(NODES[0], 6 * HOUR, b.AgencySigned(
        document_id=PAPER, pdf=BlobDigest(b"g" * 32), pdf_size=9, prefix=BlobDigest(b"f" * 32), prefix_size=9, form="SAO Y", agency="BHXH",
        office=HERE, officer="vt01", signed_ms=9,
    ))  # fmt: skip
    paper = seen(history).documents[0]
    assert paper.revoked is not None and not paper.has_legal_value


def test_of_two_revocations_the_first_in_the_agreed_order_is_shown() -> None:
    history = begun()
    history.add(NODES[0], 5 * HOUR, revoked(HERE, "lần hai"))
    history.add("n00101b", 4 * HOUR, revoked(HERE, "lần đầu"))
    assert seen(history).documents[0].revoked_reason == "lần đầu"


def test_a_revocation_whose_capture_is_not_here_yet_counts_once_it_is() -> None:
    history = begun()
    history.add("n00101b", 4 * HOUR, revoked(HERE))
    without = [event for event in history.events if event.header.type != "copy.captured"]
    assert fold(RID, without).documents == () and fold(RID, without).proposals == ()
    assert seen(history).documents[0].revoked is not None


def test_an_order_takes_the_reason_of_a_revocation_and_leaves_the_paper_revoked() -> None:
    history = begun()
    event = history.add("n00101b", 4 * HOUR, revoked(HERE, "của ông A"))
    history.add(HUB_NODE, 5 * HOUR, order_for(event, number="12/QĐ", reason="x", asked_by="a"))
    paper = seen(history).documents[0]
    assert paper.revoked is not None and paper.revoked_reason == REASON_GONE


def test_a_desk_is_offered_what_would_count() -> None:
    history = begun()
    history.add(HUB_NODE, 3 * HOUR, granted(1, THERE))
    view = fold(RID, history.events)
    assert may_revoke(view, PAPER, HERE, NodeId("n00101z"))
    assert may_revoke(view, PAPER, THERE, NodeId("n03401a"))
    assert not may_revoke(view, PAPER, THIRD, NodeId("n07901a"))
    assert not may_revoke(view, DocumentId(b"?" * 16), HERE, NodeId("n00101b"))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from((HERE, THERE, THIRD)), st.sampled_from((None, 0, 1, 2)), st.integers(3, 9)), max_size=6), st.randoms())
def test_any_order_of_revocations_and_grants_gives_one_view(said: list[tuple[OfficeCode, int | None, int]], chance: random.Random) -> None:
    history = begun()
    history.add(HUB_NODE, 5 * HOUR, granted(1, THERE))
    history.add(HUB_NODE, 7 * HOUR, granted(2, THIRD))
    for office, fence, hour in said:
        history.add(f"n{office}a", hour * HOUR, revoked(office, f"lúc {hour}"), fence=fence)
    shuffled = [*history.events, *history.events[:3]]
    chance.shuffle(shuffled)
    one, other = fold(RID, history.events), fold(RID, shuffled)
    assert encode_view(one) == encode_view(other)
    refused = {proposal.act for proposal in one.proposals}
    for event in history.events:
        body = b.decode_body(event)
        if isinstance(body, b.Revoked):  # who digitized it always counts, who never held that fence never does
            assert (act_id(event.header) in refused) <= (body.authority != HERE)
            assert act_id(event.header) in refused or body.authority == HERE or (body.authority, event.header.fence) in {(THERE, 1), (THIRD, 2)}
