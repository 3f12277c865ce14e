"""What an older program left behind reads today exactly as it stood: on the line, by hand, in the tables of a desk and of a hub."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from central_hub.ingest.courier import answer_courier
from edge_node.bootstrap.loading import prepare
from edge_node.store.ledger import Act, Draft
from edge_node.sync.memory import events_of_page
from sync_protocol.adapters import event_log, projection, signatures
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import check_acknowledgement, open_batch
from sync_protocol.bodies import NoteAdded, decode_body, encode_body
from sync_protocol.courier import check_file, check_reply, read_courier, read_courier_reply
from sync_protocol.envelope import Event, check_shape, follows, read_event
from sync_protocol.ids import GENESIS, NodeId
from sync_protocol.limits import PROTOCOL_VERSION_MIN
from sync_protocol.merge import fold
from sync_protocol.messages import Hello, HelloReply, Pull, PullReply, Push, PushReply
from sync_protocol.page_proof import PageProof, check_page
from sync_protocol.snapshot import check_manifest, events_in, read_part
from sync_protocol.wire import pack, unpack_reply, unpack_request
from tests.offices import HUB_NAME, Clock, Hub, Office
from tests.vectors import frozen
from tests.vectors.frozen import DOSSIER, LINE_KEY, OFFICE, Left

FROZEN = {
    "1-first": "f7ff9d1f14d0b534874d503a0a39157590528b4e09468e1627b2525c87096a9b",
}
"""Digest of each folder: what an older program left does not change. A new kind of event adds a folder and a line, and leaves these alone."""
DESK, HUB_KEY = SoftwareSigner(b"A" * 32).public_key, SoftwareSigner(b"H" * 32).public_key
EACH = pytest.mark.parametrize("left", [pytest.param(frozen.read(one), id=one.name) for one in frozen.folders()])


def by_desk(message: bytes, mark: bytes) -> None:
    signatures.verify(DESK, message, mark)


def by_hub(message: bytes, mark: bytes) -> None:
    signatures.verify(HUB_KEY, message, mark)


def events_of(left: Left) -> list[Event]:
    return [event for _, event in frozen.events_in(left.desk)]


def test_no_frozen_file_has_changed_and_none_stands_there_unnamed() -> None:
    assert {one.name: frozen.digest_of(one) for one in frozen.folders()} == FROZEN
    assert max(sum(path.stat().st_size for path in one.iterdir()) for one in frozen.folders()) <= frozen.BYTES_MAX


def test_files_of_every_version_that_is_still_spoken_are_kept() -> None:
    assert {f"{PROTOCOL_VERSION_MIN}"} <= {name.partition("-")[0] for name in FROZEN}


def test_a_folder_that_is_there_is_never_written_again() -> None:
    with pytest.raises(FileExistsError):
        frozen.write(next(iter(FROZEN)))


@EACH
def test_the_chains_hold_and_every_body_reads_into_the_bytes_it_came_from(left: Left) -> None:
    heads: dict[bytes, Event] = {}
    for event in events_of(left):
        check_shape(event)
        before = heads.get(event.header.inc)
        assert event.header.prev == (before.id if before else GENESIS) and event.header.seq == (before.header.seq + 1 if before else 1)
        assert before is None or follows(before.id, before.header.seq, event)
        heads[event.header.inc] = event
        assert event.body is not None and read_event(event.raw_header, event.body).id == event.id
        body = decode_body(event)
        assert body is not None, event.header.type
        assert encode_body(body) == event.body, f"{event.header.type}: something of it was not read"
    assert len(heads) == 2, "a desk's lane and the hub's"


@EACH
def test_every_frame_of_the_line_reads_and_every_signature_holds(left: Left) -> None:
    seen = set()
    for frame in left.exchange:
        question, answer = unpack_request(frame.question), unpack_reply(frame.answer)
        seen |= {type(question), type(answer)}
        assert unpack_request(pack(question)) == question and unpack_reply(pack(answer)) == answer
        if isinstance(question, Push):
            assert len(open_batch(question.batch, hub=HUB_NAME, verify=by_desk)) > 20
        if isinstance(answer, PushReply):
            check_acknowledgement(answer.acknowledgement, hub=HUB_NAME, node=NodeId("n00101a"), verify=by_hub)
        if isinstance(answer, PullReply) and answer.events:
            ids = b"".join(one.id for one in events_of_page(answer))
            check_page(PageProof(answer.epoch, OFFICE, ids, answer.signature), hub=HUB_NAME, verify=by_hub)
    assert {Hello, HelloReply, Push, PushReply, Pull, PullReply} <= seen


@EACH
def test_the_dossier_merges_into_what_that_program_showed(left: Left) -> None:
    ours = [event for event in events_of(left) if event.header.rid == DOSSIER]
    assert differs(json.loads(left.view), json.loads(msgspec.json.encode(fold(DOSSIER, ours)))) == []


@EACH
def test_a_snapshot_proves_itself_and_its_dossiers(left: Left) -> None:
    check_manifest(left.snapshot.manifest, left.snapshot.signature, hub=HUB_NAME, office=OFFICE, verify=by_hub)
    parts = [read_part(one) for one in left.snapshot_parts]
    prepared = [prepare(part, events_in(part, hub=HUB_NAME, verify=by_hub)) for part in parts]
    assert prepared and sum(len(part.events) for part in parts) == left.snapshot.manifest.events


@EACH
def test_a_desk_and_a_hub_go_on_from_those_tables_with_the_program_of_today(left: Left, tmp_path: Path) -> None:
    hub, desk = stand_up(left, tmp_path)
    for store in (hub.store, desk.store):
        assert store.readers.run(walk_lanes)[2] == [] and store.readers.run(walk_views)[1] == []
    view = desk.store.readers.run(lambda c: projection.view_of(c, DOSSIER))
    assert differs(json.loads(left.view), json.loads(msgspec.json.encode(view)))[1:] == []  # beside the note that waits
    held = len(hub.store.readers.run(lambda c: list(event_log.all_events(c))))
    desk.ledger.save(Act("cb02", "intake", "later"), [Draft(DOSSIER, NoteAdded(text="hôm nay", officer="cb02", at_ms=1_795_000_300_000))])
    asyncio.run(desk.exchange(hub))
    assert len(hub.store.readers.run(lambda c: list(event_log.all_events(c)))) == held + 2
    assert hub.store.readers.run(lambda c: projection.view_of(c, DOSSIER)) == desk.store.readers.run(lambda c: projection.view_of(c, DOSSIER))
    desk.close()
    hub.close()


@EACH
def test_a_stick_that_was_written_then_is_answered_now_and_its_answer_reads(left: Left, tmp_path: Path) -> None:
    file = read_courier(left.courier, hub=HUB_NAME)
    check_file(file, lambda message, mark: signatures.verify(LINE_KEY.public_key, message, mark))
    hub, desk = stand_up(left, tmp_path)
    answered = asyncio.run(answer_courier(hub.service, left.courier, lambda node: LINE_KEY.public_key))
    assert answered.is_proven and answered.refused == {}
    for content in (left.courier_answer, answered.content):
        reply = read_courier_reply(content, hub=HUB_NAME, node=desk.node)
        check_reply(reply, by_hub)
        assert any(isinstance(unpack_reply(one), PushReply) for one in reply.frames)
    desk.close()
    hub.close()


def stand_up(left: Left, place: Path) -> tuple[Hub, Office]:
    """A hub and a desk of today over the tables of then."""
    for name, tables, key in (("hub/hub.db", left.hub, b"k" * 32), ("desk/node.db", left.desk, b"K" * 32)):
        (place / name).parent.mkdir()
        frozen.put_back(tables, place / name, key)
    return Hub(place / "hub", Clock(1_795_000_250_000)), Office(place / "desk", "n00101a", OFFICE, Clock(1_795_000_250_000))


def differs(then: Any, now: Any, place: str = "") -> list[str]:
    """Where `now` lacks or contradicts what stood there `then`; what was added later is no difference."""
    if isinstance(then, dict) and isinstance(now, dict):
        return [found for name, value in then.items() for found in (differs(value, now[name], f"{place}/{name}") if name in now else [f"{place}/{name}"])]
    if isinstance(then, list) and isinstance(now, list) and len(now) >= len(then):
        return [found for number, value in enumerate(then) for found in differs(value, now[number], f"{place}/{number}")]
    return [] if then == now else [place]


def test_canary_what_is_lacking_or_contradicts_is_a_difference_and_what_was_added_is_none() -> None:
    then = {"a": [1, {"b": "x"}], "c": None}
    assert differs(then, {"a": [1, {"b": "x", "new": 1}, 2], "c": None, "d": 4}) == []
    assert differs(then, {"a": [1, {}], "c": None}) == ["/a/1/b"]
    assert differs(then, {"a": [1], "c": 5}) == ["/a", "/c"]
