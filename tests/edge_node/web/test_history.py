"""The history tells what it cannot vouch for: a time by a wrong clock, and what a newer program wrote (sync.md 2.10, 2.11)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.store.node_store import write_state
from sync_protocol.adapters import event_log, projection
from sync_protocol.adapters.arrivals import SHOWN_CHARACTERS, raw_acts, wrong_clocks
from sync_protocol.bodies import DossierReceived, decode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import Incarnation, NodeId, RecordId
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in

Desk = tuple[Node, TestClient[Litestar], Clock]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    clock = Clock()
    node = make_node(tmp_path / "node", clock)
    yield node, signed_in(web_of(node), "all"), clock
    node.close()


def hear(node: Node, rid: RecordId, body: bytes, *, ahead: dt.timedelta = dt.timedelta(), type: str = "paper.weighed") -> None:
    """An event of another office comes with the news."""
    at_ms = int((node.now() + ahead).timestamp() * 1000)
    event = make_event(
        node=NodeId("n03401a"), inc=Incarnation(b"i" * 16), seq=1, prev=bytes(32), type=type, tv=3, rid=rid, hlc=at_ms << 16, actor="cb01",  # type: ignore[arg-type]
        body=body,
    )  # fmt: skip

    def work(connection: object) -> None:
        projection.project(connection, event_log.keep_foreign(connection, [event], node.desk.now_ms()))  # type: ignore[arg-type]

    node.store.writer.run(work)


def page(desk: Desk, rid: RecordId) -> str:
    return desk[1].get(f"/dossiers/{rid.hex()}").text


def test_what_a_newer_program_wrote_is_shown_with_type_version_and_content(desk: Desk) -> None:
    rid = receive_one(desk[0]).rid
    assert "phiên bản mới hơn" not in page(desk, rid)
    hear(desk[0], rid, msgspec.msgpack.encode({"grams": 12, "scale": b"\x01\xff", "by": "<b>Ẵm</b>"}))
    text = page(desk, rid)
    assert "Hồ sơ có 1 sự kiện do phiên bản mới hơn ghi." in text and "paper.weighed, phiên bản 3," in text
    assert "Xem nội dung gốc" in text and "&#34;scale&#34;: &#34;01ff&#34;" in text and "&lt;b&gt;Ẵm" in text


@pytest.mark.parametrize("body", [b"\xc1no content", b"\x81\xa1a", b"", msgspec.msgpack.encode({1: {"a": [b"x", None, 2.5]}})])
def test_whatever_the_bytes_are_they_are_shown(desk: Desk, body: bytes) -> None:
    rid = receive_one(desk[0]).rid
    hear(desk[0], rid, body)
    (one,) = desk[0].store.readers.run(lambda c: raw_acts(c, rid)).values()
    assert (one.type, one.version, one.size, one.is_cut) == ("paper.weighed", 3, len(body), False)
    assert desk[1].get(f"/dossiers/{rid.hex()}").status_code == 200


def test_a_long_content_is_cut_and_says_so(desk: Desk) -> None:
    rid = receive_one(desk[0]).rid
    hear(desk[0], rid, msgspec.msgpack.encode({"text": "x" * 9_000}))
    (one,) = desk[0].store.readers.run(lambda c: raw_acts(c, rid)).values()
    assert one.is_cut and len(one.text) == SHOWN_CHARACTERS


def test_an_act_by_a_clock_that_runs_ahead_stands_beside_its_arrival(desk: Desk) -> None:
    rid = receive_one(desk[0]).rid
    hear(desk[0], rid, b"\x80", ahead=dt.timedelta(minutes=4))
    assert "Đồng hồ máy sai" not in page(desk, rid)
    other = receive_one(desk[0], name="TRẦN THỊ KHÁC").rid
    hear(desk[0], other, b"\x80", ahead=dt.timedelta(days=400))
    text = page(desk, other)
    assert text.count("Đồng hồ máy sai") == 1 and "đến đây lúc 20/11/2026 09:30" in text


def test_a_desk_whose_own_clock_is_late_calls_nobody_early(desk: Desk) -> None:
    rid = receive_one(desk[0]).rid
    hear(desk[0], rid, b"\x80", ahead=dt.timedelta(hours=1))
    assert len(desk[0].store.readers.run(lambda c: wrong_clocks(c, rid))) == 1
    desk[0].store.writer.run(lambda c: write_state(c, "clock_offset_ms", b"3600000"))
    assert "Đồng hồ máy sai" not in page(desk, rid)


def test_after_its_clock_was_put_back_a_desk_says_which_of_its_own_times_are_wrong(desk: Desk) -> None:
    desk[2].at += dt.timedelta(days=1)
    receive_one(desk[0])
    desk[2].at -= dt.timedelta(days=1)
    rid = receive_one(desk[0], name="TRẦN THỊ KHÁC").rid
    assert "Đồng hồ máy sai" in page(desk, rid)


@pytest.mark.parametrize("offset_ms", [None, 12, 3_600_000, -3_600_000])
def test_a_reception_says_how_far_its_clock_was_off(desk: Desk, offset_ms: int | None) -> None:
    if offset_ms is not None:
        desk[0].store.writer.run(lambda c: write_state(c, "clock_offset_ms", str(offset_ms).encode()))
    rid = receive_one(desk[0]).rid
    bodies = [decode_body(one) for one in desk[0].store.readers.run(lambda c: event_log.events_of(c, rid))]
    assert [one.clock_offset_ms for one in bodies if isinstance(one, DossierReceived)] == [offset_ms]
    assert ("Đồng hồ máy sai" in page(desk, rid)) == (abs(offset_ms or 0) > 300_000)
