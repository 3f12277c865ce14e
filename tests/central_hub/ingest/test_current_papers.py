"""Of two scans that people called one paper both stay and one is current, at both offices and at the hub, whoever judged and whatever came first."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from edge_node.resolution.settling import judge
from edge_node.store.ledger import Draft
from sync_protocol.bodies import AgencySigned, Revoked
from sync_protocol.ids import BlobDigest, DocumentId, OfficeCode
from sync_protocol.merge_pairs import key_of
from sync_protocol.view import DocumentView, encode_view
from tests.central_hub.ingest.papers_of_two import FORM, WORK, Scene
from tests.edge_node.resolution.settling_desk import desk_of
from tests.offices import rid

NUMBERED = {**FORM, "issuing_body": "UBND phường Ô"}


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def two(scene: Scene) -> tuple[DocumentId, DocumentId]:
    """The same paper in dossier 1 and, later, in dossier 2."""
    first, second = (scene.paper(number, symbol="12/KS", confirmed=NUMBERED) for number in (1, 2))
    exchange(scene)
    return first, second


def exchange(scene: Scene, order: tuple[int, ...] = (0, 1, 0, 1)) -> None:
    for which in order:
        scene.clock.ms += 1_000
        asyncio.run(scene.offices[which].exchange(scene.hub))


def say(scene: Scene, number: int, same: bool, other: int | None = None) -> None:
    """The officer of a dossier's office judges its first open pair of papers."""
    pairs = [one for one in scene.at_desk(number).suspicions if one.kind == "document" and not one.judged]
    for pair in pairs:
        if other is None or pair.other_rid == rid(other):
            judge(desk_of(scene.offices[number % 2]), "cb01", rid(number), key_of(pair), same=same, reason="đã so hai bản")


def sealed(scene: Scene, number: int, paper: DocumentId) -> None:
    held = scene.at_desk(number).document(paper)
    assert held is not None
    office = scene.offices[number % 2]
    body = AgencySigned(
        document_id=paper, pdf=BlobDigest(paper.ljust(32, b"s")), pdf_size=11, prefix=held.officer_pdf, prefix_size=9, form="1", agency="BHXH",
        office=office.office, officer="cb01", signed_ms=1,
    )  # fmt: skip
    office.ledger.save(WORK, [Draft(rid(number), body)])


def revoked(scene: Scene, number: int, paper: DocumentId) -> None:
    office = scene.offices[number % 2]
    body = Revoked(document_id=paper, authority=office.office, reason="sai", officer="cb01", at_ms=1)
    office.ledger.save(WORK, [Draft(rid(number), body)])


def papers(scene: Scene, *numbers: int) -> list[DocumentView]:
    """The papers of these dossiers as their desks show them; the hub must show the same."""
    for number in numbers:
        assert encode_view(scene.at_desk(number)) == encode_view(scene.at_hub(number))
    return [paper for number in numbers for paper in scene.at_desk(number).documents]


def currents(scene: Scene, *numbers: int) -> set[tuple[DocumentId, OfficeCode] | None]:
    return {(one.current.document_id, one.current.office) if one.current is not None else None for one in papers(scene, *numbers)}


def test_without_a_judgement_or_where_they_are_two_papers_none_is_called_current(scene: Scene) -> None:
    two(scene)
    assert currents(scene, 1, 2) == {None}
    say(scene, 1, same=False)
    exchange(scene)
    assert currents(scene, 1, 2) == {None}


@pytest.mark.parametrize("judging", [1, 2])
def test_the_earlier_complete_one_is_current_in_both_dossiers_and_both_stay(scene: Scene, judging: int) -> None:
    first, second = two(scene)
    say(scene, judging, same=True)
    exchange(scene)
    assert currents(scene, 1, 2) == {(first, OfficeCode("00101"))}
    assert [(one.document_id, one.is_superseded) for one in papers(scene, 1, 2)] == [(first, False), (second, True)]


def test_an_agency_signature_and_a_revocation_that_come_later_change_it_and_nothing_else_does(scene: Scene) -> None:
    first, second = two(scene)
    say(scene, 1, same=True)
    exchange(scene)
    sealed(scene, 2, second)
    exchange(scene)
    assert currents(scene, 1, 2) == {(second, OfficeCode("03401"))}
    events = scene.hub.store.readers.run(lambda c: c.execute("SELECT count(*) FROM event").fetchall())
    exchange(scene)
    assert scene.hub.store.readers.run(lambda c: c.execute("SELECT count(*) FROM event").fetchall()) == events, "nothing is told twice"
    revoked(scene, 2, second)
    exchange(scene)
    assert currents(scene, 1, 2) == {(first, OfficeCode("00101"))}


def test_officers_who_disagree_later_leave_no_current_one(scene: Scene) -> None:
    two(scene)
    say(scene, 1, same=True)
    say(scene, 2, same=False)  # neither knows of the other
    exchange(scene)
    assert currents(scene, 1, 2) == {None}


def test_three_of_one_paper_have_one_current_one_though_nobody_compared_the_first_with_the_last(scene: Scene) -> None:
    for number in (1, 2, 3):
        scene.paper(number, symbol="12/KS", confirmed=NUMBERED)
    exchange(scene)
    say(scene, 1, same=True, other=2)
    say(scene, 2, same=True, other=3)
    exchange(scene)
    assert len(currents(scene, 1, 2, 3)) == 1 and None not in currents(scene, 1, 2, 3)
    assert sum(not one.is_superseded for one in papers(scene, 1, 2, 3)) == 1


acts = st.lists(st.sampled_from(["seal 1", "seal 2", "revoke 1", "revoke 2", "same 1", "same 2", "line 0", "line 1"]), min_size=2, max_size=9)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(acts)
def test_whatever_is_done_in_whatever_order_all_name_the_same_one(tmp_path_factory: pytest.TempPathFactory, done: list[str]) -> None:
    scene = Scene(tmp_path_factory.mktemp("world"))
    try:
        both = two(scene)
        seals, calls, is_judged = set(), set(), False
        for what, number in ((one.split()[0], int(one.split()[1])) for one in done):
            if what == "line":
                exchange(scene, (number,))
            elif what == "same":
                say(scene, number, same=True)
                is_judged = True
            else:
                (sealed if what == "seal" else revoked)(scene, number, both[number - 1])
                (seals if what == "seal" else calls).add(both[number - 1])
        exchange(scene)
        best = min(both, key=lambda one: (one in calls, one not in seals, both.index(one)))
        wanted = {(best, OfficeCode("00101" if best == both[0] else "03401"))} if is_judged else {None}
        assert currents(scene, 1, 2) == wanted
    finally:
        scene.close()
