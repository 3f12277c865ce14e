"""Erasure in the fold: what goes, what stays, and that only the hub's word counts."""

from __future__ import annotations

import itertools

import msgspec
import pytest

from sync_protocol.acts import act_id
from sync_protocol.bodies import (
    BODY_TYPES,
    BodyErased,
    ComponentDeclared,
    ConflictResolved,
    DecisionMade,
    DocumentCoded,
    DossierReceived,
    DuplicateJudged,
    IdentityAsserted,
    NoteAdded,
    Party,
    StatusMoved,
    decode_body,
    encode_body,
    read_body,
)
from sync_protocol.envelope import Event, make_event
from sync_protocol.erasure import is_erasable, order_for, order_in, what_stays
from sync_protocol.ids import GENESIS, HUB_NODE, ComponentId, DocumentId, Incarnation, NodeId, OfficeCode, RecordId
from sync_protocol.merge import fold
from sync_protocol.search_keys import keys_of
from sync_protocol.view import encode_view
from tests.offices import reception
from tests.vectors.golden import filled

RID = RecordId(b"R" * 16)
PERSON = "Nguyễn Thị Ẩn"


def said(body: msgspec.Struct, type: str, *, node: str = "n00101a", seq: int = 1, inc: bytes = b"i") -> Event:
    return make_event(
        node=NodeId(node), inc=Incarnation(inc * 16), seq=seq, prev=GENESIS, type=type, tv=1, rid=RID, hlc=seq << 16, actor="cb01",
        body=encode_body(body),
    )  # fmt: skip


def ordered(target: Event, *, node: str = HUB_NODE, number: str = "12/QĐ-BHXH", seq: int = 90) -> Event:
    return said(
        order_for(target, number=number, reason="theo yêu cầu", asked_by="a"), "body.erased", node=node, seq=seq
    )


RECEIVED = said(reception(1, "00101", PERSON), "dossier.received")
NOTED = said(NoteAdded(text="điện thoại của bà Ẩn", officer="cb01", at_ms=1), "note.added", seq=2)


def test_an_order_takes_the_note_and_says_its_number() -> None:
    order = ordered(NOTED)
    view = fold(RID, [RECEIVED, NOTED, order])
    assert view.notes == () and view.unknown_events == 0
    line = next(one for one in view.history if one.type == "note.added")
    assert view.order_over(line.act) == "12/QĐ-BHXH" and view.order_over(view.history[0].act) == ""


def test_the_view_is_the_same_before_and_after_the_bytes_are_gone_and_in_any_order() -> None:
    order = ordered(NOTED)
    bare = msgspec.structs.replace(NOTED, body=None)
    wanted = encode_view(fold(RID, [RECEIVED, bare, order]))
    for events in itertools.permutations([RECEIVED, NOTED, order, bare]):
        assert encode_view(fold(RID, events)) == wanted


def test_a_copy_issued_again_under_another_incarnation_is_erased_with_it() -> None:
    again = said(NoteAdded(text="điện thoại của bà Ẩn", officer="cb01", at_ms=1), "note.added", seq=2, inc=b"j")
    assert again.id != NOTED.id
    assert fold(RID, [RECEIVED, again, ordered(NOTED)]).notes == ()


def test_of_an_erased_reception_the_course_stays_and_the_person_goes() -> None:
    view = fold(RID, [RECEIVED, ordered(RECEIVED)])
    assert (
        view.is_whole
        and view.code == "00101-261122-0001"
        and view.custody.office == "00101"
        and view.state == "received"
    )
    assert view.person("name") == "" and view.identity == () and view.erased[0].is_kept
    assert list(keys_of(view)) == ["code:00101-261122-0001"]


def test_an_erased_body_without_its_order_is_unknown_not_erased() -> None:
    view = fold(RID, [RECEIVED, msgspec.structs.replace(NOTED, body=None)])
    assert view.unknown_events == 1 and view.erased == ()


def test_nobody_but_the_hub_orders_and_nothing_the_hub_said_is_taken() -> None:
    assert order_in(ordered(NOTED, node="n00101a")) is None
    assert fold(RID, [RECEIVED, NOTED, ordered(NOTED, node="n00101a")]).notes == ("điện thoại của bà Ẩn",)
    word = said(NoteAdded(text="lời của trung tâm", officer="hub", at_ms=1), "note.added", node=HUB_NODE, seq=3)
    assert not is_erasable(word) and is_erasable(NOTED)
    assert fold(RID, [RECEIVED, word, ordered(word)]).notes == ("lời của trung tâm",)


def test_of_two_orders_over_one_act_the_earlier_is_shown() -> None:
    two = [ordered(NOTED, number="2", seq=95), ordered(NOTED, number="1", seq=91)]
    for orders in (two, two[::-1]):
        assert fold(RID, [RECEIVED, NOTED, *orders]).erased[0].order == "1"


def test_an_order_of_the_first_release_that_names_no_act_takes_nothing() -> None:
    old = said(BodyErased(event=NOTED.id, order="0"), "body.erased", node=HUB_NODE, seq=90)
    assert order_in(old) is None and fold(RID, [RECEIVED, NOTED, old]).notes


PRIVATE = "SECRET-NAME"


@pytest.mark.parametrize(
    ("body", "type"),
    [
        (reception(1, "00101", PRIVATE), "dossier.received"),
        (ComponentDeclared(component_id=ComponentId(b"c" * 16), document_type="G1", name="Giấy", decision="waived", reason=PRIVATE), "component.declared"),
        (StatusMoved(move="assign", office=OfficeCode("00101"), officer="cb01", at_ms=1, reason=PRIVATE), "status.moved"),
        (DecisionMade(outcome="refused", office=OfficeCode("00101"), officer="cb01", decided_ms=1, reason=PRIVATE), "decision.made"),
    ],
)  # fmt: skip
def test_what_stays_holds_nothing_about_the_person(body: msgspec.Struct, type: str) -> None:
    kept = what_stays(body)
    assert kept and PRIVATE.encode() not in kept and read_body(type, 1, kept) is not None
    assert PRIVATE.encode() in encode_body(body)


WORDS = ("reason", "text", "proof", "note", "explanation", "value", "former", "owner", "number_symbol")
"""Fields of bodies that hold what a person typed, or a number of the citizen."""
STRUCTURAL = {"dossier.recoded": {"former"}}  # a code of a dossier


@pytest.mark.parametrize("kind", sorted(BODY_TYPES), ids=lambda kind: kind[0])
def test_of_no_body_stays_what_a_person_typed(kind: tuple[str, int]) -> None:
    cls = BODY_TYPES[kind]
    fields = [one for one in cls.__struct_fields__ if one in WORDS and one not in STRUCTURAL.get(kind[0], ())]
    body = filled(cls)
    told = {one: PRIVATE for one in fields if isinstance(getattr(body, one), str)}
    assert PRIVATE.encode() not in what_stays(msgspec.structs.replace(body, **told))


OFFICER_OF_HUB = [
    (ConflictResolved(conflict=b"c", field="name", value=PERSON, reason="x", officer="mai"), "conflict.resolved"),
    (IdentityAsserted(field="personal_id", value="001185000777", proof="căn cước", officer="mai"), "identity.asserted"),
    (DuplicateJudged(other_rid=RID, same=False, reason="chồng của bà Ẩn", officer="mai"), "duplicate.judged"),
    (
        DocumentCoded(document_id=DocumentId(b"d" * 16), owner="001185000777", procedure="1", document_type="G1", number_symbol="7", code="x"),
        "document.coded",
    ),
]


@pytest.mark.parametrize(("body", "type"), OFFICER_OF_HUB, ids=[type for _, type in OFFICER_OF_HUB])
def test_an_order_reaches_what_an_officer_of_the_hub_said_of_a_person(body: msgspec.Struct, type: str) -> None:
    word = said(body, type, node=HUB_NODE, seq=3)
    assert is_erasable(word)
    view = fold(RID, [RECEIVED, word, ordered(word)])
    assert [one.act for one in view.erased] == [act_id(word.header)]
    assert PERSON.encode() not in encode_view(fold(RID, [said(reception(1, "00101", "x"), "dossier.received"), word, ordered(word)]))
    assert encode_view(view) == encode_view(fold(RID, [RECEIVED, msgspec.structs.replace(word, body=None), ordered(word)]))


def test_most_bodies_go_whole() -> None:
    assert what_stays(decode_body(NOTED)) == b"" and what_stays(None) == b""


def test_the_kinds_of_applicant_stay() -> None:
    firm = msgspec.structs.replace(
        reception(1, "00101"), applicant=Party(kind="organisation", name="Công ty Ộ", tax_code="1")
    )
    kept = read_body("dossier.received", 1, what_stays(firm))
    assert isinstance(kept, DossierReceived) and kept.applicant == Party(kind="organisation", name="")
