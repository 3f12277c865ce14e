"""What only the custodian may say has no effect from an office that never had custody, whatever it writes and in whatever order it comes (design.md §5)."""

from __future__ import annotations

import random

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol import merge, merge_identity
from sync_protocol.acts import act_id
from sync_protocol.data_tasks import DONE, TOLD
from sync_protocol.ids import HUB_NODE, ActId, BlobDigest, ComponentId, DocumentId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.view import DossierView, encode_view
from tests.sync_protocol.event_sets import NODES, OTHER, RID, History, histories, reception

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


def settling(view: DossierView, value: str, office: str, field: str = "name") -> tuple[b.ConflictResolved, tuple[ActId, ...]]:
    """The word that settles a register, and all that it names as seen."""
    case = next((one.id for one in view.conflicts if one.field == field), b"")
    heads = tuple(head.id for one in view.identity if one.field == field for head in one.settled.heads)
    return b.ConflictResolved(conflict=case, field=field, value=value, reason="x", officer="cb09", office=OfficeCode(office)), heads


@settings(max_examples=120, deadline=None)
@given(histories(), st.sampled_from(["", "07901"]), st.integers(1, 400), st.booleans())
def test_no_word_of_an_office_that_never_had_custody_settles_anything(history: History, office: str, at: int, of_paper: bool) -> None:
    before = fold(RID, history.events)
    body, base = settling(before, "Kẻ Lạ", office)
    paper = next(iter(before.documents), None) if of_paper else None
    if paper is not None:
        body = msgspec.structs.replace(body, field="number_symbol", document_id=paper.document_id)
        base = tuple(head.id for one in paper.fields if one.field == "number_symbol" for head in one.settled.heads)
    history.add("n07901a", at << 16, body, base=base)
    after = fold(RID, history.events)
    assert msgspec.structs.replace(after, history=before.history) == before


@settings(max_examples=120, deadline=None)
@given(histories(), st.integers(0, 2), st.integers(1, 400), st.booleans())
def test_what_a_desk_alone_asserts_waits_beside_the_value_in_force(history: History, who: int, at: int, awaits: bool) -> None:
    before = fold(RID, history.events)
    base = tuple(head.id for one in before.identity if one.field == "name" for head in one.settled.heads)
    said = history.add(NODES[who], at << 16, b.IdentityAsserted(field="name", value="Kẻ Lạ", proof="", officer="cb09", awaits=awaits), base=base)
    after = fold(RID, history.events)
    assert after.person("name") == before.person("name") and after.applicant == before.applicant
    (field,) = [one for one in after.identity if one.field == "name"]
    assert field.settled.conflict is not None and act_id(said.header) in {head.id for head in field.settled.heads}


def test_a_word_without_authority_leaves_the_case_open_and_the_custodian_s_closes_it(history: History) -> None:
    history.add(STRANGER, 5 * HOUR, b.IdentityAsserted(field="name", value="B", proof="", officer="cb09"))
    for office in ("", THERE):
        body, base = settling(seen(history), "B", office)
        history.add(STRANGER, 6 * HOUR, body, base=base)
        assert [one.values for one in seen(history).conflicts] == [("AN", "B")] and seen(history).person("name") == "AN"
    body, base = settling(seen(history), "B", HERE)
    history.add(NODES[1], 7 * HOUR, body, base=base)
    assert seen(history).conflicts == () and seen(history).person("name") == "B"


@pytest.mark.parametrize("office", ["", THERE], ids=["written by an older program", "with its office"])
@pytest.mark.parametrize("when", [4, 9], ids=["before", "after"])
def test_who_had_custody_settles_also_where_the_grant_comes_later(history: History, office: str, when: int) -> None:
    body, base = settling(seen(history), "B", office)
    history.add(STRANGER, when * HOUR, body, base=base)
    assert seen(history).person("name") == "AN"
    grant(history)
    assert seen(history).person("name") == "B"


def test_the_hub_s_people_settle_and_assert_at_once(history: History) -> None:
    body, base = settling(seen(history), "B", "")
    history.add(HUB_NODE, 5 * HOUR, body, base=base)
    assert seen(history).person("name") == "B"
    _, base = settling(seen(history), "C", "")
    history.add(HUB_NODE, 6 * HOUR, b.IdentityAsserted(field="name", value="C", proof="x", officer="lan+minh"), base=base)
    assert seen(history).person("name") == "C" and seen(history).conflicts == ()


def test_each_of_the_two_safeguards_is_noticed_when_it_is_missing(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    body, base = settling(seen(history), "B", THERE)
    with monkeypatch.context() as without:
        without.setattr(merge, "of_hub_or_custodians", lambda said, holders, acts: list(said))
        with pytest.raises(AssertionError):
            test_no_word_of_an_office_that_never_had_custody_settles_anything()
    with monkeypatch.context() as without:
        without.setattr(merge_identity, "waits", lambda act, said: said.awaits)
        with pytest.raises(AssertionError):
            test_what_a_desk_alone_asserts_waits_beside_the_value_in_force()
    history.add(STRANGER, 6 * HOUR, body, base=base)
    assert seen(history).person("name") == "AN"


def declaring(decision: str, office: str, part: ComponentId = PART, name: str = "GKS") -> b.ComponentDeclared:
    return b.ComponentDeclared(component_id=part, document_type="gks", name=name, decision=decision, office=OfficeCode(office))  # type: ignore[arg-type]


@settings(max_examples=120, deadline=None)
@given(histories(), st.sampled_from(["", "07901"]), st.integers(1, 400), st.integers(0, 3), st.booleans())
def test_a_stranger_s_declaration_replaces_no_custodian_s_and_adds_what_nobody_declared(
    history: History, office: str, at: int, n: int, is_declared: bool
) -> None:
    part = ComponentId(bytes([n]) * 16)
    if is_declared:
        history.add(NODES[0], 200 << 16, declaring("digitize", HERE, part))
    before, held = fold(RID, history.events), {"00101", *(one.office for one in _grants(history))}
    declared = [one for one in _bodies(history) if isinstance(one, b.ComponentDeclared) and one.component_id == part]
    theirs = any(one.office in held for one in declared)
    history.add("n07901a", at << 16, declaring("exempt", office, part, "Kẻ Lạ"))
    after = fold(RID, history.events)
    shown = after.component(part)
    if theirs:
        assert msgspec.structs.replace(after, history=before.history) == before
    else:  # of several strangers the last in the agreed order
        assert shown is not None and (shown.name == "Kẻ Lạ" or shown.name in [one.name for one in declared])
        assert declared or shown.name == "Kẻ Lạ"


def _bodies(history: History) -> list[msgspec.Struct | None]:
    return [b.decode_body(one) for one in history.events]


def _grants(history: History) -> list[b.CustodyGranted]:
    return [one for one in _bodies(history) if isinstance(one, b.CustodyGranted)]


@pytest.mark.parametrize("when", [1, 9], ids=["before", "after"])
def test_what_another_office_adds_stands_until_a_custodian_declares_the_same_component(history: History, when: int) -> None:
    extra = ComponentId(b"z" * 16)
    history.add(STRANGER, when * HOUR, declaring("digitize", THERE, extra))
    part = seen(history).component(extra)
    assert part is not None and part.decision == "digitize"
    history.add(NODES[0], 5 * HOUR, declaring("waived", HERE, extra))
    part = seen(history).component(extra)
    assert part is not None and part.decision == "waived"
    grant_at = History()
    grant_at.events, grant_at.heads = [*history.events], {**history.heads}
    grant(grant_at)
    part = seen(grant_at).component(extra)
    assert part is not None and part.decision == ("digitize" if when == 9 else "waived")


@pytest.mark.parametrize("office", ["", THERE])
def test_only_a_custodian_s_note_opens_or_closes_a_task_to_correct_data(history: History, office: str) -> None:
    def note(text: str, by: str) -> b.NoteAdded:
        return b.NoteAdded(text=text, officer="cb", at_ms=1, office=OfficeCode(by))

    history.add(STRANGER, 5 * HOUR, note(f"{TOLD} giả", office))
    assert seen(history).to_correct == ""
    history.add(NODES[0], 5 * HOUR, note(f"{TOLD} Họ tên", office and HERE))
    assert seen(history).to_correct == f"{TOLD} Họ tên"
    history.add(STRANGER, 6 * HOUR, note(f"{DONE} xong", office))
    assert seen(history).to_correct == f"{TOLD} Họ tên" and len(seen(history).remarks) == 4
    history.add(NODES[0], 7 * HOUR, note(f"{DONE} xong", HERE))
    assert seen(history).to_correct == ""


def test_the_other_two_safeguards_are_noticed_when_they_are_missing(history: History, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as without:
        without.setattr(merge, "standing_declarations", lambda said, holders, acts: list(said))
        with pytest.raises(AssertionError):
            test_a_stranger_s_declaration_replaces_no_custodian_s_and_adds_what_nobody_declared()
    with monkeypatch.context() as without:
        without.setattr(merge, "of_custodians", lambda said, holders, acts: list(said))
        with pytest.raises(AssertionError):
            test_only_a_custodian_s_note_opens_or_closes_a_task_to_correct_data(history, "")
