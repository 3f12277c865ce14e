"""Letting a dossier go at the desk: the form, what it asks for, what the page says until the hub has answered, and what is left."""

from __future__ import annotations

from collections.abc import Iterator

import apsw
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.letting_go.tombstones import HUB_JUDGES, settle
from edge_node.store.node_store import write_state
from sync_protocol.acts import act_id
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import ExitAsked, ExitJudged, decode_body, encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, HUB_NODE, Incarnation, NodeId, OfficeCode, RecordId
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in
from tests.offices import reception, rid

Desk = tuple[Node, TestClient[Litestar]]
FOREIGN = rid(9)
INC = Incarnation(b"i" * 16)


@pytest.fixture
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """A desk of office 00101 that looked a dossier of office 03401 up."""
    node = make_node(tmp_path_factory.mktemp("letting go") / "node", Clock())
    node.store.writer.run(_looked_up)
    yield node, signed_in(web_of(node), "all")
    node.close()


def _looked_up(connection: apsw.Connection) -> None:
    for one, office in (("n00101a", "00101"), ("n03401a", "03401")):
        connection.execute("INSERT INTO peer_office(node, office) VALUES(?,?)", (one, office))
    write_state(connection, HUB_JUDGES, b"1")
    event = make_event(
        node=NodeId("n03401a"), inc=INC, seq=1, prev=GENESIS, type="dossier.received", tv=1, rid=FOREIGN, hlc=1 << 16, actor="cb",
        body=encode_body(reception(3, "03401")),
    )  # fmt: skip
    projection.project(connection, event_log.keep_foreign(connection, [event], 1))


def send(desk: Desk, record: RecordId = FOREIGN, **typed: str) -> tuple[int, str]:
    client = desk[1]
    answer = client.post(
        f"/dossiers/{record.hex()}/let-go", data=typed, headers={"x-csrftoken": client.cookies.get("form") or ""}, follow_redirects=False
    )
    return answer.status_code, answer.text


def page(desk: Desk, record: RecordId = FOREIGN) -> str:
    return str(desk[1].get(f"/dossiers/{record.hex()}").text)


def judge(desk: Desk, obstacle: str = "") -> None:
    """The hub's answer arrives."""

    def work(connection: apsw.Connection) -> None:
        (wish,) = [one for one in event_log.events_of(connection, FOREIGN) if isinstance(decode_body(one), ExitAsked)]
        body = ExitJudged(
            office=OfficeCode("00101"), of=act_id(wish.header), at_ms=2, obstacle=obstacle, reason="other", code="03401-261122-0003", procedure="1.014166",  # type: ignore[arg-type]
        )  # fmt: skip
        event = make_event(
            node=HUB_NODE, inc=INC, seq=1, prev=GENESIS, type="exit.judged", tv=1, rid=FOREIGN, hlc=2 << 16, actor="hub", body=encode_body(body)
        )
        projection.project(connection, event_log.keep_foreign(connection, [event], 2))
        connection.execute("UPDATE tombstone SET is_bare = 0")
        connection.execute("INSERT INTO acknowledgement SELECT inc, head_seq, head_id, x'00', 1, 1, 0, x'00' FROM lane WHERE kind = 'own'")
        settle(connection)

    desk[0].store.writer.run(work)


def test_the_page_offers_it_for_a_dossier_that_the_office_only_follows_and_for_no_other(desk: Desk) -> None:
    assert "Thôi theo dõi hồ sơ này" in page(desk)
    assert "Thôi theo dõi hồ sơ này" not in page(desk, receive_one(desk[0]).rid)


@pytest.mark.parametrize("typed", [{"sure": "1"}, {"why": "looked_up"}, {"why": "other", "sure": "1"}, {"why": "không có", "sure": "1"}])
def test_a_reason_and_a_confirmation_are_asked_for(desk: Desk, typed: dict[str, str]) -> None:
    status, text = send(desk, **typed)
    assert status == 400 and "WEB-014" in text
    assert "Đã xin thôi theo dõi" not in page(desk)


def test_a_wish_is_saved_once_audited_and_said_on_the_page_until_the_hub_answers(desk: Desk) -> None:
    assert send(desk, why="other", note=" chỉ xem   thôi ", sure="1")[0] == 303
    assert send(desk, why="looked_up", sure="1")[0] == 303
    events = desk[0].store.readers.run(lambda c: event_log.events_of(c, FOREIGN))
    wishes = [body for one in events if isinstance(body := decode_body(one), ExitAsked)]
    assert [(one.reason, one.note) for one in wishes] == [("other", "chỉ xem thôi")]
    assert "Đã xin thôi theo dõi" in page(desk) and "Thôi theo dõi hồ sơ này" not in page(desk)
    (audited,) = desk[0].store.readers.run(lambda c: c.execute("SELECT count(*) FROM audit WHERE what = 'let go' AND outcome = '1 events'").fetchone()) or (0,)
    assert audited == 1


def test_a_dossier_that_was_received_here_is_refused_with_the_reason(desk: Desk) -> None:
    status, text = send(desk, receive_one(desk[0]).rid, why="looked_up", sure="1")
    assert status == 409 and "LET-001" in text and "đã tiếp nhận" in text


def test_a_hub_that_cannot_judge_is_asked_nothing(desk: Desk) -> None:
    desk[0].store.writer.run(lambda c: write_state(c, HUB_JUDGES, b""))
    assert "Thôi theo dõi hồ sơ này" not in page(desk)
    status, text = send(desk, why="looked_up", sure="1")
    assert status == 409 and "LET-002" in text


def test_a_refusal_is_said_with_its_reason_and_the_wish_may_be_repeated(desk: Desk) -> None:
    send(desk, why="looked_up", sure="1")
    judge(desk, "open_case")
    assert "còn việc cần đối chiếu" in page(desk) and "Thôi theo dõi hồ sơ này" in page(desk)


def test_of_a_dossier_that_was_let_go_the_page_and_the_list_say_no_word_of_a_person(desk: Desk) -> None:
    assert "Nguyễn Thị Ẩn" in page(desk)
    send(desk, why="other", note="chỉ xem thôi", sure="1")
    judge(desk)
    for text in (page(desk), str(desk[1].get("/let-go").text)):
        assert "03401-261122-0003" in text and "Nguyễn Thị Ẩn" not in text
    assert "Đã thôi theo dõi" in page(desk) and "chỉ xem thôi" in page(desk)
    assert "Nguyễn Thị Ẩn" not in str(desk[1].get("/").text)
