"""A greeting with nothing new is one round trip below 1 KB, however many offices the country has; who belongs where is told when it changes."""

from __future__ import annotations

import msgspec

from central_hub.ingest.nodes import enrol_node
from edge_node.store.ledger import Act, Draft
from edge_node.sync import asking
from edge_node.sync.driver import SyncDriver
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.messages import Hello, HelloReply
from sync_protocol.wire import pack, unpack_reply, unpack_request
from tests.offices import Hub, Office, reception, rid

RECEIVE = Act("cb01", "intake", "receive")
NODES = 700
GREETING_BYTES_MAX = 1_024


def _enrol_country(hub: Hub, last: int = NODES) -> None:
    for number in range(1, last):
        name, office = NodeId(f"n{number + 200:05d}a"), OfficeCode(f"{number + 200:05d}")
        hub.store.writer.run(lambda c, n=name, o=office: enrol_node(c, n, o, b"k" * 32, 1))  # type: ignore[misc]


async def _greeting(driver: SyncDriver) -> tuple[int, int]:
    """Bytes of one greeting, both ways, and how many offices it told."""
    before = driver.line.sent_bytes + driver.line.received_bytes
    await driver.greet_once()
    assert driver.welcome is not None
    return driver.line.sent_bytes + driver.line.received_bytes - before, len(driver.welcome.offices)


async def test_a_greeting_with_nothing_new_in_a_hub_of_700_nodes_is_one_round_trip_below_a_kilobyte(
    hub: Hub, hanoi: Office
) -> None:
    _enrol_country(hub)
    for number in range(1, 30):
        hanoi.ledger.save(RECEIVE, [Draft(rid(number), reception(number, hanoi.office))])
    driver = await hanoi.exchange(hub)
    assert driver.welcome is not None and hanoi.carrier is not None
    assert len(driver.welcome.offices) == NODES
    asked = hanoi.carrier.requests
    assert await _greeting(driver) < (GREETING_BYTES_MAX, 1)
    assert hanoi.carrier.requests == asked + 1
    assert hanoi.store.readers.run(lambda c: one_int(c.execute("SELECT count(*) FROM peer_office").fetchone())) == NODES


async def test_an_office_that_joins_is_told_with_the_next_greeting_and_then_no_more(hub: Hub, hanoi: Office) -> None:
    _enrol_country(hub, 10)
    driver = await hanoi.exchange(hub)
    hub.store.writer.run(lambda c: enrol_node(c, NodeId("n09999a"), OfficeCode("09999"), b"k" * 32, 1))
    assert (await _greeting(driver))[1] == 11
    assert (await _greeting(driver))[1] == 0


async def test_a_hub_that_was_put_back_to_fewer_nodes_tells_its_list_once(hub: Hub, hanoi: Office) -> None:
    _enrol_country(hub, 10)
    driver = await hanoi.exchange(hub)
    hub.store.writer.run(lambda c: c.execute("DELETE FROM node WHERE node = 'n00201a'").fetchone())
    assert (await _greeting(driver))[1] == 9
    assert (await _greeting(driver))[1] == 0


class _AsBefore(msgspec.Struct, frozen=True, tag="hello", kw_only=True):
    """A greeting of a desk of the version before: it names no mark."""

    versions: tuple[int, int]
    software: str
    office: str
    inc: bytes
    heads: tuple[bytes, ...]
    epoch: bytes | None
    cursor: int
    clock_ms: int
    public_key: bytes


class _ReadBefore(msgspec.Struct, frozen=True, tag="hello", kw_only=True):
    """What a hub of the version before looks for."""

    office: str
    public_key: bytes


async def test_a_desk_of_the_version_before_is_told_all_offices_each_time(hub: Hub, hanoi: Office) -> None:
    await hanoi.exchange(hub)
    told = hanoi.store.readers.run(
        lambda c: asking.hello(c, office=hanoi.office, floor=0, public_key=hanoi.signer.public_key, now_ms=1)
    )
    old = _AsBefore(
        versions=told.versions, software=told.software, office=told.office, inc=told.inc, heads=(), epoch=told.epoch, cursor=0,
        clock_ms=1, public_key=told.public_key,
    )  # fmt: skip
    for _ in range(2):
        reply = unpack_reply(await hub.service.answer(hanoi.node, pack(old)))  # type: ignore[arg-type]
        assert isinstance(reply, HelloReply)
        assert [node for node, _ in reply.offices] == [hanoi.node]


async def test_a_hub_of_the_version_before_passes_over_the_mark(hub: Hub, hanoi: Office) -> None:
    driver = await hanoi.exchange(hub)
    greeting = pack(hanoi.store.readers.run(driver._hello), compress=False)
    told = unpack_request(greeting)
    assert isinstance(told, Hello)
    assert len(told.offices_mark) == 8
    assert msgspec.msgpack.decode(greeting[4:], type=_ReadBefore).public_key == hanoi.signer.public_key
