"""One judgement closes a case at both offices and at the hub, whoever gives it, whatever is lost or repeated on the way (I7, I18)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from central_hub.cases import decisions
from central_hub.cases.decisions import Decider
from central_hub.cases.errors import ChoiceUnknown
from central_hub.cases.model import read_cases
from central_hub.ingest.commit import place_hub_events
from central_hub.store.hub_store import HubStore
from edge_node.resolution.errors import NothingToSettle
from edge_node.resolution.settling import judge
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import NodeStore
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import DossierReceived, DuplicateJudged, DuplicateSuspected, decode_body
from sync_protocol.cases import Suspicion
from sync_protocol.ids import DocumentId, HubEpoch, OfficeCode, RecordId
from sync_protocol.merge_pairs import key_of, pair_id
from tests.edge_node.resolution.settling_desk import desk_of
from tests.offices import Office, reception, rid
from tests.two_offices import TwoOffices

PERSON = "001185012345"


class Scene(TwoOffices):
    """The same person files the same procedure at two offices, and both know of it."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        for number, office in enumerate(self.offices, start=1):
            body = reception(number, office.office, "Lê Thị Ổn", PERSON)
            office.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(number), body)])
        self.exchange()

    def pair(self, office: Office, kind: str = "dossier") -> Suspicion:
        """The pair as this office's own dossier shows it."""
        return next(one for one in self.at(office, self.own(office)).suspicions if one.kind == kind)

    def own(self, office: Office) -> RecordId:
        return rid(self.offices.index(office) + 1)

    def words(self) -> list[str]:
        """What the pair is at both offices, and at the hub from both sides."""
        return [*(self.pair(one).judged for one in self.offices), *(self.at(self.hub, rid(number)).suspicions[0].judged for number in (1, 2))]

    def judge(self, office: Office, *, same: bool, kind: str = "dossier") -> None:
        pair = self.pair(office, kind)
        judge(desk_of(office), "cb01", self.own(office), key_of(pair), same=same, reason="đã gọi hỏi người nộp")

    def cases(self) -> list[bytes]:
        return [one.id for one in self.hub.store.readers.run(read_cases)]


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def test_a_case_has_one_id_at_both_offices_and_at_the_hub(scene: Scene) -> None:
    assert scene.words() == [""] * 4
    assert {pair_id(scene.own(one), scene.pair(one)) for one in scene.offices} == set(scene.cases()) and len(scene.cases()) == 1


def test_an_office_that_has_both_dossiers_settles_both_without_a_line_and_the_hub_adds_nothing_else(scene: Scene) -> None:
    scene.hanoi.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(3), reception(3, "00101", "Lê Thị Ổn", PERSON))])
    scene.exchange()

    def seen(store: NodeStore | HubStore) -> list[str]:
        views = [store.readers.run(lambda c, n=n: projection.view_of(c, rid(n))) for n in (1, 3)]  # type: ignore[misc]
        return [one.judged for view in views if view is not None for one in view.suspicions if one.other_rid in (rid(1), rid(3))]

    view = scene.hanoi.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    assert view is not None and seen(scene.hanoi.store) == ["", ""]
    pair = next(one for one in view.suspicions if one.other_rid == rid(3))
    judge(desk_of(scene.hanoi), "cb01", rid(1), key_of(pair), same=False, reason="hai con")
    assert seen(scene.hanoi.store) == ["not_same", "not_same"], "no line yet"
    scene.exchange()
    assert seen(scene.hanoi.store) == seen(scene.hub.store) == ["not_same", "not_same"]


def test_what_one_desk_judges_is_closed_at_the_other_and_at_the_hub(scene: Scene) -> None:
    scene.judge(scene.hanoi, same=False)
    scene.exchange()
    assert scene.words() == ["not_same"] * 4 and scene.cases() == []
    here, there = (scene.pair(one).judgements[0] for one in scene.offices)
    assert (here.act, here.officer, here.office) == (there.act, there.officer, there.office) == (here.act, "cb01", "00101")
    with pytest.raises(NothingToSettle):
        scene.judge(scene.hungyen, same=True)


def test_neither_office_enters_the_others_dossier_by_judging(scene: Scene) -> None:
    scene.judge(scene.hanoi, same=True)
    scene.exchange()
    held = [one.store.readers.run(lambda c: c.execute("SELECT rid FROM dossier").fetchall()) for one in scene.offices]
    assert held == [[(rid(1),)], [(rid(2),)]]


def test_the_reason_stays_where_an_order_to_erase_reaches_it(scene: Scene) -> None:
    scene.judge(scene.hanoi, same=True)
    scene.exchange()
    reasons = [
        body.reason
        for one in scene.offices
        for event in one.store.readers.run(lambda c, o=one: event_log.events_of(c, scene.own(o)))  # type: ignore[misc]
        if isinstance(body := decode_body(event), DuplicateJudged)
    ]
    assert reasons == ["đã gọi hỏi người nộp", ""]


def test_what_the_hubs_officer_decides_is_told_in_both(scene: Scene) -> None:
    (case,) = scene.hub.store.readers.run(read_cases)
    who = Decider("lan", ("conflict_officer",), HubEpoch(b"e" * 16), scene.clock())
    scene.hub.store.writer.run(lambda c: decisions.decide(c, case.rid, case.id, "same", "một người nộp hai nơi", who))
    scene.exchange()
    assert scene.words() == ["same"] * 4 and scene.cases() == []


def test_two_desks_that_disagree_without_knowing_open_it_again_and_the_next_word_counts_everywhere(scene: Scene) -> None:
    before = scene.cases()
    scene.judge(scene.hanoi, same=True)
    scene.judge(scene.hungyen, same=False)
    scene.exchange()
    assert scene.words() == [""] * 4
    assert [{one.same for one in scene.pair(office).heads} for office in scene.offices] == [{True, False}] * 2
    assert len(scene.cases()) == 1 and scene.cases() != before
    assert {pair_id(scene.own(one), scene.pair(one)) for one in scene.offices} == set(scene.cases())
    scene.judge(scene.hungyen, same=False)
    scene.exchange()
    assert scene.words() == ["not_same"] * 4 and scene.cases() == []


def test_a_hub_that_lost_everything_learns_it_again_and_says_it_once(scene: Scene) -> None:
    scene.judge(scene.hanoi, same=False)
    scene.exchange()
    scene.restore_hub()
    scene.exchange()
    scene.exchange()
    assert scene.words() == ["not_same"] * 4 and scene.cases() == []
    for office in scene.offices:
        assert len(scene.pair(office).judgements) == 1


def test_a_hub_that_forgot_what_it_had_told_tells_it_again(scene: Scene) -> None:
    scene.restore_hub()
    scene.judge(scene.hanoi, same=False)
    scene.exchange(scene.hanoi)  # the other office's dossier is not there yet
    scene.exchange()
    assert scene.words() == ["not_same"] * 4 and scene.cases() == []


def test_a_pair_that_comes_back_before_its_other_dossier_is_known_there_as_well(scene: Scene) -> None:
    scene.restore_hub()
    scene.exchange(scene.hanoi)
    bare = scene.hub.store.readers.run(lambda c: projection.view_of(c, rid(2)))
    assert bare is not None and not bare.is_whole and [one.other_rid for one in bare.suspicions] == [rid(1)]
    scene.judge(scene.hanoi, same=True)
    scene.exchange()
    assert scene.words() == ["same"] * 4 and scene.cases() == []


def test_repeating_everything_writes_nothing_more(scene: Scene) -> None:
    def told(c: apsw.Connection) -> list[tuple[int]]:
        return c.execute("SELECT count(*) FROM event WHERE type LIKE 'duplicate.%'").fetchall()

    scene.judge(scene.hanoi, same=False)
    scene.exchange()
    before = scene.hub.store.readers.run(told)
    scene.hanoi.ledger.save(Act("cb01", "intake", "work"), [Draft(rid(1), reception(9, "00101", "Lê Thị Ổn", PERSON))])
    scene.exchange()
    assert scene.hub.store.readers.run(told) == before == [(4,)]


def test_the_second_of_two_pairs_of_one_kind_is_the_one_that_is_settled(scene: Scene) -> None:
    a, b, c, d = (DocumentId(letter * 16) for letter in (b"a", b"b", b"c", b"d"))
    one = scene.hanoi
    bodies = [
        DuplicateSuspected(kind="document", other_rid=rid(2), other_office=OfficeCode("03401"), tier=1, document_id=mine, other_document_id=theirs)
        for mine, theirs in ((a, b), (c, d))
    ]  # fmt: skip
    one.ledger.save(Act("cb01", "intake", "work"), [Draft(rid(1), body) for body in bodies])
    judge(desk_of(one), "cb01", rid(1), ("document", rid(2), c, d), same=True, reason="cùng một tờ")
    view = one.store.readers.run(lambda c: projection.view_of(c, rid(1)))
    assert view is not None
    assert {(pair.kind, pair.document_id): pair.judged for pair in view.suspicions} == {
        ("document", a): "", ("document", c): "same", ("dossier", None): "",
    }  # fmt: skip


def test_a_received_dossier_is_never_changed_by_a_judgement_about_it(scene: Scene) -> None:
    before = scene.hub.store.readers.run(lambda c: [event_log.events_of(c, rid(n)) for n in (1, 2)])
    scene.judge(scene.hungyen, same=True)
    scene.exchange()
    for number, events in enumerate(before, start=1):
        held = scene.hub.store.readers.run(lambda c, n=number: event_log.events_of(c, rid(n)))  # type: ignore[misc]
        assert set(events) <= set(held)
        assert any(isinstance(decode_body(event), DossierReceived) for event in held)


def suspect_papers(scene: Scene) -> None:
    """The hub finds one code over other content at both offices."""
    one, two = DocumentId(b"1" * 16), DocumentId(b"2" * 16)
    bodies = [
        (rid(here), DuplicateSuspected(
            kind="document", other_rid=rid(there), other_office=scene.offices[there - 1].office, tier=4, document_id=mine, other_document_id=theirs
        ))
        for here, there, mine, theirs in ((1, 2, one, two), (2, 1, two, one))
    ]  # fmt: skip
    scene.hub.store.writer.run(lambda c: place_hub_events(c, HubEpoch(b"e" * 16), bodies, scene.clock(), "hub"))
    scene.exchange()


def test_a_paper_issued_again_is_so_at_both_offices_and_the_hub(scene: Scene) -> None:
    suspect_papers(scene)
    pair = scene.pair(scene.hanoi, "document")
    judge(desk_of(scene.hanoi), "cb01", scene.own(scene.hanoi), key_of(pair), same=False, reissue=True, reason="bản cấp lại ngày 05/01")
    scene.exchange()
    assert [scene.pair(office, "document").judged for office in scene.offices] == ["reissue", "reissue"]
    for number in (1, 2):
        view = scene.hub.store.readers.run(lambda c, n=number: projection.view_of(c, rid(n)))  # type: ignore[misc]
        assert view is not None and {one.judged for one in view.suspicions if one.kind == "document"} == {"reissue"}


def test_the_hubs_officer_says_that_a_paper_was_issued_again_and_of_dossiers_may_not(scene: Scene) -> None:
    suspect_papers(scene)
    who = Decider("lan", ("conflict_officer",), HubEpoch(b"e" * 16), scene.clock())
    cases = {one.kind: one for one in scene.hub.store.readers.run(read_cases)}
    with pytest.raises(ChoiceUnknown):
        scene.hub.store.writer.run(lambda c: decisions.decide(c, cases["dossier"].rid, cases["dossier"].id, "reissue", "x", who))
    paper = cases["document"]
    scene.hub.store.writer.run(lambda c: decisions.decide(c, paper.rid, paper.id, "reissue", "bản cấp lại", who))
    scene.exchange()
    assert [scene.pair(office, "document").judged for office in scene.offices] == ["reissue", "reissue"]
