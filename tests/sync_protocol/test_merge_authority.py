"""What only the custodian may say has no effect from an office that never had custody, whatever it writes and in whatever order it comes (design.md §5)."""

from __future__ import annotations

import random

import msgspec
import pytest

from sync_protocol import bodies as b
from sync_protocol.acts import act_id
from sync_protocol.ids import HUB_NODE, BlobDigest, ComponentId, DocumentId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.view import DossierView, encode_view
from tests.sync_protocol.event_sets import NODES, OTHER, RID, History, reception

HERE, THERE = OfficeCode("00101"), OfficeCode("03401")
STRANGER = "n03401a"
PAPER, PART = DocumentId(b"p" * 16), ComponentId(b"k" * 16)
HOUR = 3_600_000 << 16


def seen(history: History) -> DossierView:
    """The view, which is the same for any order of the events."""
    whole, shuffled = fold(RID, history.events), list(history.events)
    for seed in range(12):
        random.Random(seed).shuffle(shuffled)
        assert encode_view(fold(RID, shuffled)) == encode_view(whole)
    return whole


def told(office: str = "", authority: str = THERE) -> b.SourceRevoked:
    return b.SourceRevoked(
        source=OTHER, document_id=PAPER, authority=OfficeCode(authority), officer="x", reason="cấp sai", at_ms=7, office=OfficeCode(office)
    )  # fmt: skip


@pytest.fixture
def history() -> History:
    """A dossier of HERE that reuses a paper, which the hub says was revoked, and in which the stranger wrote a note."""
    begun = History()
    begun.add(NODES[0], HOUR, reception(HERE, "AN"))
    begun.add(NODES[0], 2 * HOUR, b.ComponentDeclared(
        component_id=PART, document_type="gks", name="GKS", decision="reused", office=HERE, source=b.ReuseSource(OTHER, PAPER, "x")
    ))  # fmt: skip
    begun.add(HUB_NODE, 3 * HOUR, told())
    begun.add(STRANGER, 4 * HOUR, b.NoteAdded(text="x", officer="cb09", at_ms=1, office=THERE))
    return begun


def grant(history: History) -> None:
    history.add(HUB_NODE, 5 * HOUR, b.CustodyGranted(office=THERE, fence=1, previous_office=HERE, reason="x", officer="cb02", until=()))


def words(history: History, office: OfficeCode) -> list[msgspec.Struct]:
    (case,) = fold(RID, history.events).reuses
    return [
        b.ReuseKept(case=case.id, component_id=PART, reason="x", officer="cb09", office=office, at_ms=9),
        b.VersionKept(case=b"c" * 32, procedure="p", version="1", reason="x", office=office, officer="cb09", at_ms=9),
        b.ComponentWithdrawn(component_id=ComponentId(b"\x01" * 16), reason="x", officer="cb09", office=office),
    ]  # fmt: skip


@pytest.mark.parametrize("kind", range(3), ids=["reuse.kept", "version.kept", "component.withdrawn"])
def test_the_custodian_s_word_of_an_office_that_never_had_custody_changes_nothing_but_the_history(history: History, kind: int) -> None:
    before = seen(history)
    history.add(STRANGER, 6 * HOUR, words(history, THERE)[kind])
    after = seen(history)
    assert len(after.history) == len(before.history) + 1
    assert msgspec.structs.replace(after, history=before.history) == before


def test_a_withdrawal_that_names_no_office_is_that_of_its_node_s_office(history: History) -> None:
    said = b.ComponentWithdrawn(component_id=PART, reason="x", officer="cb")
    history.add(STRANGER, 6 * HOUR, said)
    history.add("n07901a", 6 * HOUR, said)
    part = seen(history).component(PART)
    assert part is not None and not part.withdrawn_reason
    history.add(NODES[0], 7 * HOUR, said)
    part = seen(history).component(PART)
    assert part is not None and part.withdrawn_reason == "x"


@pytest.mark.parametrize("when", [4, 9], ids=["before", "after"])
def test_the_same_words_count_from_an_office_that_has_or_had_custody_also_where_the_grant_comes_later(history: History, when: int) -> None:
    for said in words(history, THERE):
        history.add(STRANGER, when * HOUR, said)
    grant(history)
    view = seen(history)
    assert view.open_reuses == () and view.versions_kept == (b"c" * 32,)
    assert [one.withdrawn_reason for one in view.components if one.withdrawn_reason] == ["x"]


@pytest.mark.parametrize(("office", "authority"), [("", ""), (THERE, THERE), ("", THERE)])
def test_nobody_but_the_hub_tells_another_office_s_dossier_of_a_revocation(office: str, authority: str) -> None:
    begun = History()
    begun.add(NODES[0], HOUR, reception(HERE, "AN"))
    begun.add(NODES[0], 2 * HOUR, b.ComponentDeclared(
        component_id=PART, document_type="gks", name="GKS", decision="reused", office=HERE, source=b.ReuseSource(OTHER, PAPER, "x")
    ))  # fmt: skip
    begun.add(STRANGER, 3 * HOUR, told(office, authority))
    view = seen(begun)
    part = view.component(PART)
    assert view.reuses == () and part is not None and part.state == "reused"


def test_a_proposed_revocation_is_not_closed_by_one_of_another_paper(history: History) -> None:
    history.add(NODES[0], 5 * HOUR, b.CopyCaptured(
        component_id=ComponentId(b"\x01" * 16), document_id=PAPER, pdf=BlobDigest(b"d" * 32), pdf_size=9, pages=1, images=1, officer="cb01",
        signer_name="x", captured_ms=1,
    ))  # fmt: skip
    proposed = history.add("n07901a", 6 * HOUR, b.Revoked(document_id=PAPER, authority=OfficeCode("07901"), reason="x", officer="cb", at_ms=2))
    history.add(STRANGER, 7 * HOUR, b.Revoked(
        document_id=DocumentId(b"z" * 16), authority=THERE, reason="x", officer="cb", at_ms=3
    ), base=(act_id(proposed.header),))  # fmt: skip
    assert [(one.office, one.settled) for one in seen(history).proposals] == [("07901", "")]
