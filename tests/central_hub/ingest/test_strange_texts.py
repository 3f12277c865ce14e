"""Text and numbers that one engine takes and the other refuses: what a node's log holds is taken, counted and found, whatever stands in it.

An event cannot be refused for a letter in a note without holding the whole lane behind it for ever. So these are stored as they came, and
only the rows made from them (keys, lists, figures) hold a form that both engines keep.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from central_hub.figures.sums import catch_up, recount
from central_hub.ingest.commit import HUB_ONLY
from central_hub.ingest.quarantine import hold
from central_hub.lookup import audit
from central_hub.operations.verification import walk
from sync_protocol.adapters import projection
from sync_protocol.bodies import BODY_TYPES, NoteAdded, VisitFinished
from sync_protocol.ids import OfficeCode
from sync_protocol.messages import Find, FindReply, Hello, OpenRecord, Purpose, PushReply, Refusal
from sync_protocol.search_keys import key_for
from tests.central_hub.ingest.frames import INC, Desk, Window
from tests.offices import reception, rid

LONG = "".join(random.Random(5).choices("aăâbcdđeêghiklmnoôơpqrstuưvxyAĐ0123456789", k=6_000))
TEXTS = {
    "a NUL inside": "Nguyễn\0An", "only a NUL": "\0", "longer than an index takes": LONG, "both": f"{LONG}\0",
    "the last day there is": "9999-12-31", "the first day there is": "0001-01-01", "the last character there is": "a\U0010ffffb", "signs that turn a line": "a\u202eb\u2028c\x1b[2Jd",
}  # fmt: skip
NUMBERS = {"none": 0, "below zero": -(2**63), "more than a column": 2**64 - 1, "the highest column": 2**63 - 1, "the bound": 2**62}


def filled(of: Any, text: str, number: int, at: int, name: str = "") -> Any:
    """A value of a type with this text and number wherever they may stand; `at` tells its ids from others'."""
    match of:
        case msgspec.inspect.StructType():
            return {one.encode_name: filled(one.type, text, number, at, one.name) for one in of.fields}
        case msgspec.inspect.LiteralType():
            return of.values[0]
        case msgspec.inspect.StrType():
            return "00101" if name in ("office", "authority") else text
        case msgspec.inspect.IntType():
            return max(number if of.ge is None else of.ge, number if of.le is None else min(number, of.le))
        case msgspec.inspect.FloatType():
            return float(number)
        case msgspec.inspect.BoolType():
            return True
        case msgspec.inspect.BytesType():
            return bytes([at]) * (32 if name in ("pdf", "prefix", "certificate", "conflict") else 16)
        case msgspec.inspect.VarTupleType():
            return [filled(of.item_type, text, number, at, name)]
        case msgspec.inspect.TupleType():
            return [filled(one, text, number, at, name) for one in of.item_types]
        case msgspec.inspect.UnionType():
            return filled(next(one for one in of.types if not isinstance(one, msgspec.inspect.NoneType)), text, number, at, name)
    raise AssertionError(of)


def every_body(text: str, number: int, at: int) -> Iterator[tuple[str, bytes]]:
    """One body of each kind that a node may write."""
    for (kind, _), body in BODY_TYPES.items():
        if kind not in HUB_ONLY:
            told = filled(msgspec.inspect.type_info(body), text, number, at)
            yield kind, msgspec.msgpack.encode(msgspec.convert(told, body))


@pytest.fixture
def desk(window: Window) -> Desk:
    one = Desk()
    window.enrol(one)
    return one


def tables(window: Window) -> dict[str, list[tuple[object, ...]]]:
    """What is found and counted from what was taken."""
    asked = {
        "dossier": "SELECT * FROM dossier", "search_key": "SELECT * FROM search_key", "document": "SELECT * FROM document",
        "figure": "SELECT * FROM figure", "figure_score": "SELECT * FROM figure_score",
    }  # fmt: skip
    return window.hub.store.readers.run(lambda c: {name: sorted(c.execute(sql).fetchall()) for name, sql in asked.items()})


CASES = {**{name: (text, 0) for name, text in TEXTS.items()}, **{name: ("a\0b", number) for name, number in NUMBERS.items()}}


@pytest.mark.parametrize(("text", "number"), CASES.values(), ids=CASES)
async def test_whatever_an_event_says_its_lane_goes_on(window: Window, desk: Desk, text: str, number: int) -> None:
    for kind, body in every_body(text, number, 1):
        desk.add(body, rid(1), type=kind)  # all of them about one dossier
    for place, (kind, _) in enumerate(list(every_body(text, number, 2)), start=2):
        desk.add(reception(100 + place, "00101"), rid(100 + place))
        desk.add(dict(every_body(text, number, place))[kind], rid(100 + place), type=kind)  # and each about an honest one
    reply = await window.push(desk.node, desk.batch())
    assert isinstance(reply, PushReply) and reply.acknowledgement.upto == len(desk.lane), reply
    assert window.quarantine() == []
    run = window.hub.store.writer.run
    while run(catch_up):
        pass
    first = tables(window)
    run(recount)
    run(projection.rebuild)
    assert tables(window) == first
    taken = [event for event in window.events() if event.header.node == desk.node]
    assert [(one.raw_header, one.body) for one in taken] == [(one.raw_header, one.body) for one in desk.lane]
    found = window.hub.store.readers.run(lambda c: walk(c, window.hub.service.files.files))
    assert found.findings == ()


async def test_visits_that_last_for_ever_do_not_stop_the_counting(window: Window, desk: Desk) -> None:
    drawn = window.clock.ms
    for number in range(1, 5):
        desk.add(VisitFinished(
            office=OfficeCode("00101"), number=number, kind="submit", outcome="served", drawn_ms=drawn, called_ms=2**61, started_ms=drawn,
            ended_ms=2**62,
        ), rid(number))  # fmt: skip
    desk.receive(1)
    assert isinstance(await window.push(desk.node, desk.batch()), PushReply)
    while window.hub.store.writer.run(catch_up):
        pass
    assert window.hub.store.readers.run(lambda c: c.execute("SELECT sum(visits), sum(total_ms) FROM figure_waiting").fetchone()) == (4, 0)


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
async def test_a_dossier_is_found_by_the_strange_code_it_was_given(window: Window, desk: Desk, text: str) -> None:
    desk.add(msgspec.structs.replace(reception(1, "00101"), code=text), rid(1))
    assert isinstance(await window.push(desk.node, desk.batch()), PushReply)
    found = window.hub.store.readers.run(lambda c: projection.find(c, key_for("code", text)))
    assert [one.rid for one in found] == [rid(1)]


@pytest.mark.parametrize("where", ["dossier", "reason", "officer", "role", "procedure", "value", "birth_date"])
async def test_a_question_with_a_nul_is_refused_and_the_next_is_answered(window: Window, desk: Desk, where: str) -> None:
    desk.receive(1)
    await window.push(desk.node, desk.batch())
    purpose = Purpose("00101-1", "tiếp nhận", "cb01", "officer")
    honest = Find("code", "00101-261122-00000001", "", purpose)
    strange = (
        msgspec.structs.replace(honest, **{where: "a\0b"})
        if where in ("value", "birth_date")
        else msgspec.structs.replace(honest, purpose=msgspec.structs.replace(purpose, **{where: "a\0b"}))
    )
    reply = await window.ask(desk.node, strange)
    assert isinstance(reply, Refusal) and reply.code == "SYN-002", reply
    assert isinstance(await window.ask(desk.node, honest), FindReply)
    assert window.hub.store.readers.run(audit.broken_at) is None


async def test_an_account_name_longer_than_an_index_takes_is_refused(window: Window, desk: Desk) -> None:
    desk.receive(1)
    await window.push(desk.node, desk.batch())
    purpose = Purpose("00101-1", "tiếp nhận", LONG, "officer")
    for ask in (Find("code", "x", "", purpose), OpenRecord(rid(1), purpose)):
        reply = await window.ask(desk.node, ask)
        assert isinstance(reply, Refusal) and reply.code == "SYN-002", reply


async def test_a_question_for_a_value_of_any_length_is_answered(window: Window, desk: Desk) -> None:
    reply = await window.ask(desk.node, Find("code", LONG, "", Purpose("00101-1", "tiếp nhận", "cb01", "officer")))
    assert isinstance(reply, FindReply) and reply.found == ()


@pytest.mark.parametrize("kind", ["a\0b", "\0"])
async def test_a_kind_of_event_with_a_nul_is_refused_as_nobody_writes_it(window: Window, desk: Desk, kind: str) -> None:
    desk.add(NoteAdded(text="x", officer="cb01", at_ms=1), rid(1), type=kind)
    reply = await window.push(desk.node, desk.batch())
    assert isinstance(reply, Refusal) and reply.code == "SYN-002", reply
    assert [one.code for one in window.quarantine()] == ["SYN-002"]


async def test_a_name_with_a_nul_in_a_batch_is_refused_and_held(window: Window, desk: Desk) -> None:
    desk.receive(1)
    thief = Desk("n03401a", "03401", b"B")
    thief.node = type(thief.node)("n\0x")
    thief.receive(1)
    reply = await window.push(desk.node, thief.batch())
    assert isinstance(reply, Refusal) and reply.code == "HUB-003", reply
    assert [one.code for one in window.quarantine()] == ["HUB-003"]
    assert isinstance(await window.push(desk.node, desk.batch()), PushReply)


async def test_a_greeting_with_a_nul_is_refused_clearly(window: Window, desk: Desk) -> None:
    hello = Hello(
        versions=(1, 1), software="1\0", office=OfficeCode("00101"), inc=INC, heads=(), epoch=None, cursor=0, clock_ms=1,
        public_key=desk.signer.public_key,
    )  # fmt: skip
    reply = await window.ask(desk.node, hello)
    assert not isinstance(reply, Refusal) or reply.code == "SYN-002", reply


def test_a_reason_to_hold_a_frame_may_hold_any_letter(window: Window) -> None:
    window.hub.store.writer.run(lambda c: hold(c, "n00101a", b"frame", "SYN-002", "what\0ever", 1))
    assert [one.detail for one in window.quarantine()] == ["what\ufffdever"]
