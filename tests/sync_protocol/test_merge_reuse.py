"""A reuse whose paper was revoked is one case on every replica, whoever tells it and however often, and one decision closes it (domain.md D.4)."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.cases import RevokedReuse
from sync_protocol.envelope import Event
from sync_protocol.erasure import is_erasable, order_for
from sync_protocol.ids import HUB_NODE, ComponentId, DocumentId, OfficeCode, RecordId
from sync_protocol.merge import fold
from sync_protocol.merge_reuse import untold
from sync_protocol.merge_revoked import REASON_GONE
from sync_protocol.search_keys import REUSES, keys_of, paper_in
from sync_protocol.view import DossierView, encode_view
from tests.sync_protocol.event_sets import NODES, OTHER, RID, History, reception

HERE, THERE = OfficeCode("00101"), OfficeCode("03401")
PAPER, PART = DocumentId(b"p" * 16), ComponentId(b"k" * 16)
HOUR = 3_600_000 << 16
REVOKED = b.Revoked(document_id=PAPER, authority=THERE, reason="cấp sai", officer="ld02", at_ms=7)


def declared(source: RecordId | None = OTHER, paper: DocumentId = PAPER, part: ComponentId = PART) -> b.ComponentDeclared:
    held = None if source is None else b.ReuseSource(source, paper, "x")
    return b.ComponentDeclared(
        component_id=part, document_type="gks", name="GKS", decision="reused" if source else "digitize", office=HERE, source=held
    )  # fmt: skip


def telling(office: str = "", authority: OfficeCode = THERE, at_ms: int = 7) -> b.SourceRevoked:
    return b.SourceRevoked(source=OTHER, document_id=PAPER, authority=authority, officer="ld02", reason="cấp sai", at_ms=at_ms, office=OfficeCode(office))


def kept(case: bytes, reason: str = "đã xem bản gốc") -> b.ReuseKept:
    return b.ReuseKept(case=case, component_id=PART, reason=reason, officer="cb01", office=HERE, at_ms=9)


def begun() -> History:
    """A dossier that reuses a paper of another one."""
    history = History()
    history.add(NODES[0], HOUR, reception(HERE, "AN"))
    history.add(NODES[0], 2 * HOUR, declared())
    return history


def seen(history: History) -> DossierView:
    """The view, which is the same for any order of the events."""
    whole, shuffled = fold(RID, history.events), list(history.events)
    for seed in range(12):
        random.Random(seed).shuffle(shuffled)
        assert encode_view(fold(RID, shuffled)) == encode_view(whole)
    return whole


def the_case(history: History) -> RevokedReuse:
    (case,) = seen(history).open_reuses
    return case


def test_told_by_the_hub_twice_and_by_the_authority_itself_it_is_one_case() -> None:
    history = begun()
    history.add(HUB_NODE, 2 * HOUR, b.CustodyGranted(office=THERE, fence=1, previous_office=HERE, reason="x", officer="cb02", until=()))
    history.add("n03401a", 3 * HOUR, telling(office=THERE))  # it has the dossier in its own hands
    alone = the_case(history)
    history.add(HUB_NODE, 4 * HOUR, telling())
    history.add(HUB_NODE, 5 * HOUR, telling())  # a hub that was put back says it again
    assert the_case(history) == alone and alone.since_ms == 3 * 3_600_000


@pytest.mark.parametrize("office", [HERE, OfficeCode("07901"), OfficeCode("")])
def test_no_office_tells_of_another_s_revocation(office: OfficeCode) -> None:
    history = begun()
    history.add("n07901a", 3 * HOUR, telling(office=office))
    assert seen(history).reuses == ()


def test_what_the_dossier_does_not_reuse_is_no_case() -> None:
    history = begun()
    other = DocumentId(b"q" * 16)
    history.add(HUB_NODE, 3 * HOUR, b.SourceRevoked(source=OTHER, document_id=other, authority=THERE, officer="x", reason="x", at_ms=7))
    history.add(HUB_NODE, 3 * HOUR, b.SourceRevoked(source=RID, document_id=PAPER, authority=THERE, officer="x", reason="x", at_ms=7))
    assert seen(history).reuses == ()


def test_two_components_with_one_paper_are_two_cases_and_each_is_decided() -> None:
    history = begun()
    history.add(NODES[0], 2 * HOUR + 1, declared(part=ComponentId(b"l" * 16)))
    history.add(HUB_NODE, 3 * HOUR, telling())
    one, other = seen(history).open_reuses
    history.add(NODES[0], 4 * HOUR, kept(one.id))
    assert [case.id for case in seen(history).open_reuses] == [other.id]


def test_the_first_word_of_those_who_keep_it_stands_and_the_component_is_as_before() -> None:
    history = begun()
    history.add(HUB_NODE, 3 * HOUR, telling())
    case = the_case(history)
    component = seen(history).component(PART)
    assert component is not None and component.state == "revoked"
    history.add(NODES[0], 5 * HOUR, kept(case.id, "sau"))
    history.add("n00101b", 4 * HOUR, kept(case.id, "trước"))
    view = seen(history)
    component = view.component(PART)
    assert [one.kept_reason for one in view.reuses] == ["trước"] and view.open_reuses == ()
    assert component is not None and component.state == "reused"


@pytest.mark.parametrize("body", [
    b.ComponentWithdrawn(component_id=PART, reason="thu hồi", officer="cb01"), declared(source=None), declared(paper=DocumentId(b"q" * 16)),
])  # fmt: skip
def test_a_component_that_is_withdrawn_or_filled_otherwise_has_no_case(body: msgspec.Struct) -> None:
    history = begun()
    history.add(HUB_NODE, 3 * HOUR, telling())
    history.add(NODES[0], 4 * HOUR, body)
    view = seen(history)
    assert view.reuses == () and paper_in(REUSES, PAPER) not in set(keys_of(view))


def test_another_revocation_of_the_paper_is_another_case() -> None:
    history = begun()
    history.add(HUB_NODE, 3 * HOUR, telling())
    history.add(NODES[0], 4 * HOUR, kept(the_case(history).id))
    history.add(HUB_NODE, 5 * HOUR, telling(authority=HERE, at_ms=8))
    assert [(one.office, one.is_open) for one in sorted(seen(history).reuses, key=lambda one: one.at_ms)] == [(THERE, False), (HERE, True)]


def test_an_order_takes_the_reasons_and_leaves_what_was_told_and_decided() -> None:
    history = begun()
    events: list[Event] = [history.add(HUB_NODE, 3 * HOUR, telling())]
    events.append(history.add(NODES[0], 4 * HOUR, kept(the_case(history).id)))
    assert all(is_erasable(one) for one in events)
    for number, one in enumerate(events):
        history.add(HUB_NODE, (5 + number) * HOUR, order_for(one, number="12/QĐ", reason="x", asked_by="a"))
    (case,) = seen(history).reuses
    assert (case.reason, case.kept_reason, case.is_open) == (REASON_GONE, REASON_GONE, False)


def test_what_is_yet_to_be_said_is_said_once_and_not_in_a_dossier_that_is_over() -> None:
    history = begun()
    (said,) = untold(seen(history), OTHER, [REVOKED], OfficeCode(""))
    assert said == telling()
    history.add(HUB_NODE, 3 * HOUR, said)
    assert list(untold(seen(history), OTHER, [REVOKED], OfficeCode(""))) == []
    assert list(untold(seen(begun()), RID, [REVOKED], OfficeCode(""))) == [], "another dossier's paper"
    over = begun()
    over.add(NODES[0], 4 * HOUR, b.StatusMoved(move="withdraw", office=HERE, officer="cb01", at_ms=1), fence=0)
    assert list(untold(seen(over), OTHER, [REVOKED], OfficeCode(""))) == []


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(("hub", "authority", "keep", "withdraw", "declare")), max_size=8), st.randoms())
def test_any_order_and_any_repetition_gives_one_view(said: list[str], chance: random.Random) -> None:
    history = begun()
    history.add(HUB_NODE, 3 * HOUR, telling())
    case = fold(RID, history.events).open_reuses[0].id
    words = {
        "hub": (HUB_NODE, telling()), "authority": ("n03401a", telling(office=THERE)), "keep": (NODES[0], kept(case)),
        "withdraw": (NODES[0], b.ComponentWithdrawn(component_id=PART, reason="r", officer="cb01")), "declare": (NODES[0], declared()),
    }  # fmt: skip
    for at, one in enumerate(said):
        node, body = words[one]
        history.add(node, (4 + at) * HOUR, body)
    shuffled = [*history.events, *history.events[2:5]]
    chance.shuffle(shuffled)
    view = fold(RID, history.events)
    assert encode_view(fold(RID, shuffled)) == encode_view(view)
    assert len(view.reuses) == (0 if "withdraw" in said else 1) and bool(view.open_reuses) == ("withdraw" not in said and "keep" not in said)
