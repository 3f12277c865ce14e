"""What a move must say: the one apology with its day, the limit that restarts, whom one asks until when; and dossiers that go back to the counter."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

import apsw
import pytest

from edge_node.app import Node
from edge_node.intake.corrections import Correction, close_correction, open_corrections
from edge_node.intake.errors import CorrectionClosed, CorrectionUnsaid
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import dossier, receive
from edge_node.resolution.course import Course, read_course
from edge_node.resolution.errors import ConsultIncomplete, MoveNotAllowed, NewDateMissing, WhyMissing
from edge_node.resolution.service import decide, hand_back, hand_over, move
from sync_protocol.adapters import event_log
from sync_protocol.bodies import Party
from sync_protocol.calendar import vietnam_date
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, Incarnation, RecordId
from sync_protocol.law_problems import ApologyRefused
from sync_protocol.lifecycle import DossierMove
from tests.browser.desk import Clock, make_node
from tests.browser.officers import receive_one


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Node, Clock]]:
    clock = Clock()
    node = make_node(tmp_path_factory.mktemp("terms") / "node", clock, roles=("intake", "resolving", "leader"))
    yield node, clock
    node.close()


_numbers = iter(range(1000, 9999))


def under_way(node: Node, name: str = "Nguyễn Thị Ẵm") -> RecordId:
    """A dossier that a resolving officer has taken up."""
    rid = receive_one(node, name, f"00118502{next(_numbers)}").rid
    hand_over(node.desk, "all", rid, to_section="Bộ phận nghiệp vụ")
    move(node.desk, "all", rid, DossierMove.TAKE_UP)
    return rid


def course(node: Node, rid: RecordId) -> Course:
    return node.store.readers.run(lambda c: read_course(c, rid))


def test_an_apology_moves_the_deadline_once(place: tuple[Node, Clock]) -> None:
    node, _ = place
    rid = under_way(node)
    old = dt.date.fromisoformat(dossier(node.desk, rid).due_date)
    new = (old + dt.timedelta(days=3)).isoformat()
    move(node.desk, "all", rid, DossierMove.EXTEND, reason="chờ xác minh", new_due_date=new)
    assert dossier(node.desk, rid).due_date == new
    move(
        node.desk,
        "all",
        rid,
        DossierMove.CONSULT,
        reason="xác minh giấy ra viện",
        consulted="Bệnh viện Bạch Mai",
        answer_by="2026-11-24",
    )
    move(node.desk, "all", rid, DossierMove.ANSWER)
    with pytest.raises(ApologyRefused):
        move(node.desk, "all", rid, DossierMove.EXTEND, reason="lần nữa", new_due_date="2027-01-15")


@pytest.mark.parametrize(
    ("reason", "day", "refused"), [("", "2027-01-15", WhyMissing), ("chờ", "", NewDateMissing), ("chờ", "2026-11-01", ApologyRefused)]
)  # fmt: skip
def test_an_apology_without_reason_or_later_day_is_none(
    place: tuple[Node, Clock], reason: str, day: str, refused: type[Exception]
) -> None:
    rid = under_way(place[0])
    with pytest.raises(refused):
        move(place[0].desk, "all", rid, DossierMove.EXTEND, reason=reason, new_due_date=day)


def test_after_a_complete_supplement_the_limit_counts_from_that_day(place: tuple[Node, Clock]) -> None:
    node, clock = place
    rid = under_way(node)
    first = dossier(node.desk, rid).due_date
    move(node.desk, "all", rid, DossierMove.ASK_SUPPLEMENT, reason="thiếu giấy ra viện")
    held, clock.at = clock.at, clock.at + dt.timedelta(days=14)
    try:
        move(node.desk, "all", rid, DossierMove.COMPLETE_SUPPLEMENT)
        again = dossier(node.desk, receive_one(node, "Lê Văn Ữ", "001185029991").rid).due_date
    finally:
        clock.at = held
    assert first < dossier(node.desk, rid).due_date == again


def test_a_consulted_body_that_owes_its_answer_is_late_after_its_day(place: tuple[Node, Clock]) -> None:
    node, clock = place
    rid = under_way(node)
    with pytest.raises(ConsultIncomplete):
        move(node.desk, "all", rid, DossierMove.CONSULT, reason="xác minh")
    move(node.desk, "all", rid, DossierMove.CONSULT, reason="xác minh", consulted="UBND phường", answer_by="2026-11-24")
    asked = course(node, rid).moves[-1]
    today = vietnam_date(clock.at)
    assert not asked.is_late(today) and asked.is_late(dt.date(2026, 11, 25))
    move(node.desk, "all", rid, DossierMove.ANSWER)
    assert not course(node, rid).moves[1].is_late(dt.date(2027, 1, 1)), "answered in time stays in time"


def test_a_result_goes_back_to_the_counter_and_nothing_undecided_does(place: tuple[Node, Clock]) -> None:
    node, _ = place
    rid = under_way(node)
    with pytest.raises(MoveNotAllowed):
        hand_back(node.desk, "all", rid)
    decide(node.desk, "all", rid, "granted")
    hand_back(node.desk, "all", rid)
    steps = [(one.from_section, one.to_section) for one in course(node, rid).hand_overs]
    assert steps == [("Bộ phận Một cửa", "Bộ phận nghiệp vụ"), ("Bộ phận nghiệp vụ", "Bộ phận Một cửa")]


def open_tasks(node: Node) -> list[Correction]:
    return node.store.readers.run(lambda c: open_corrections(c, node.desk.office))


def test_papers_that_differ_from_the_data_on_file_open_a_task_and_change_nothing(place: tuple[Node, Clock]) -> None:
    node, _ = place
    known = receive_one(node, "Trần Thị Hòa", "001185030001")
    receive_one(node, "TRẦN THỊ HOÀ", "001185030001")
    assert open_tasks(node) == [], "another way of writing the same is no difference"
    other = receive_one(node, "Trần Thị Hoa", "001185030001")
    (task,) = open_tasks(node)
    assert (
        task.view.rid == other.rid
        and "“Trần Thị Hoa”" in task.told
        and "Trần Thị Hòa" in task.told.replace("TRẦN THỊ HOÀ", "Trần Thị Hòa")
    )
    assert (
        dossier(node.desk, known.rid).person("name") == "Trần Thị Hòa"
        and dossier(node.desk, other.rid).person("name") == "Trần Thị Hoa"
    )
    with pytest.raises(CorrectionUnsaid):
        close_correction(node.desk, "all", other.rid, " ")
    close_correction(node.desk, "all", other.rid, "đã chuyển Công an phường")
    assert open_tasks(node) == []
    assert any("đã chuyển Công an phường" in one for one in dossier(node.desk, other.rid).notes)
    with pytest.raises(CorrectionClosed):
        close_correction(node.desk, "all", other.rid, "lần nữa")


def test_by_post_the_postmark_counts_where_the_procedure_says_so_and_is_kept(place: tuple[Node, Clock]) -> None:
    node, clock = place
    party = Party(kind="person", name="Bùi Thị Ẩm", personal_id="001185040001", birth_date="1985-02-01")
    friend = Party(kind="person", name="Bùi Văn Ỷ", personal_id="001185040002")
    made = {}
    for procedure in ("1.014748", "1.014166"):
        for postmark in (None, vietnam_date(clock.at) - dt.timedelta(days=7)):
            form = IntakeForm(
                procedure=procedure,
                channel="postal",
                submitter="worker",
                applicant=party,
                postmark=postmark,
                authorised=friend,
            )
            made[procedure, postmark is None] = receive(node.desk, "all", form)
    assert made["1.014748", False].due_date < made["1.014748", True].due_date
    assert made["1.014166", False].due_date == made["1.014166", True].due_date
    reception = course(node, made["1.014748", False].rid).reception
    assert reception is not None and reception.postmark == "2026-11-13" and reception.authorised == friend


def test_an_act_that_came_back_under_another_incarnation_is_one_step_of_the_course(place: tuple[Node, Clock]) -> None:
    """A copied desk says its last acts once more under a name of its own: one apology stays one, and the paper was handed over once."""
    node, _ = place
    rid = under_way(node)
    due = dt.date.fromisoformat(dossier(node.desk, rid).due_date) + dt.timedelta(days=3)
    move(node.desk, "all", rid, DossierMove.EXTEND, reason="chờ xác minh", new_due_date=due.isoformat())
    before = course(node, rid)
    held = node.store.readers.run(lambda c: event_log.events_of(c, rid))
    prev, copies = GENESIS, []
    for seq, one in enumerate(held, 1):
        h = one.header
        copies.append(make_event(
            node=h.node, inc=Incarnation(b"k" * 16), seq=seq, prev=prev, type=h.type, tv=h.tv, rid=h.rid, hlc=h.hlc, actor=h.actor, body=one.body or b"",
            base=h.base, fence=h.fence,
        ))  # fmt: skip
        prev = copies[-1].id

    def arrive(connection: apsw.Connection) -> None:
        lane = event_log.open_lane(connection, node.identity.node, Incarnation(b"k" * 16), "foreign")
        event_log.append(connection, lane, copies, 1)

    node.store.writer.run(arrive)
    assert len(node.store.readers.run(lambda c: event_log.events_of(c, rid))) == 2 * len(held)
    assert course(node, rid) == before and before.apologies == 1 and len(before.hand_overs) == 1
