"""A hub that was put back to before a revocation served the stolen machine again. The first desk that greets shows it its own list, and it cuts the name off again."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central_hub.ingest.cut_off import names_cut_off
from central_hub.ingest.nodes import NodeRow, enrol_node, find_node, revoke_node
from edge_node.sync import cut_off
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.cut_off import CutOff, CutOffList, sign_list
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.messages import Busy, Hello, HelloReply, Refusal, Remind, Reply, Request, WitnessReply
from sync_protocol.wire import pack, unpack_reply, unpack_request
from tests.offices import HUB_NAME, Clock, Hub, Office

STOLEN = NodeId("n03401a")
NEW_KEY = SoftwareSigner(b"N" * 32).public_key


class Story:
    """Two desks greet; yesterday's copy of the hub knows both as good ones."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.clock = folder, Clock()
        self.hub = Hub(folder / "hub", self.clock)
        self.hanoi = Office(folder / "a", "n00101a", "00101", self.clock)
        self.stolen = Office(folder / "b", STOLEN, "03401", self.clock, seed=b"B")
        for office in (self.hanoi, self.stolen):
            self.hub.enrol(office)
        self.greet()
        self.hub.close()
        shutil.copytree(folder / "hub", folder / "copy")
        self.hub = Hub(folder / "hub", self.clock)

    def greet(self, times: int = 1) -> None:
        for _ in range(times):
            driver = self.hanoi.join(self.hub)
            asyncio.run(driver._greet())

    def revoke(self, at_ms: int) -> None:
        self.hub.store.writer.run(lambda c: revoke_node(c, STOLEN, at_ms))

    def enrol_again(self, at_ms: int, key: bytes = NEW_KEY) -> None:
        self.hub.store.writer.run(lambda c: enrol_node(c, STOLEN, OfficeCode("03401"), key, at_ms))

    def put_back(self) -> None:
        self.hub.close()
        shutil.rmtree(self.folder / "hub")
        shutil.copytree(self.folder / "copy", self.folder / "hub")
        self.hub = Hub(self.folder / "hub", self.clock)

    def row(self) -> NodeRow:
        return self.hub.store.readers.run(lambda c: find_node(c, STOLEN))

    def held(self) -> CutOffList | None:
        return self.hanoi.store.readers.run(cut_off.held)

    def ask(self, node: str, request: Request) -> Reply:
        return unpack_reply(asyncio.run(self.hub.service.answer(node, pack(request))))

    def hello(self, cut_off: bytes | None) -> Hello:
        return Hello(
            versions=(1, 1), software="x", office=self.hanoi.office, inc=self.hanoi._inc(), heads=(), epoch=None, cursor=0, clock_ms=0,
            public_key=self.hanoi.signer.public_key, cut_off=cut_off,
        )  # fmt: skip

    def close(self) -> None:
        for one in (self.hub, self.hanoi, self.stolen):
            one.close()


@pytest.fixture
def story(tmp_path: Path) -> Iterator[Story]:
    one = Story(tmp_path)
    yield one
    one.close()


def test_a_hub_that_forgot_a_revocation_hears_of_it_with_the_first_greeting(story: Story) -> None:
    story.revoke(5)
    story.greet()
    story.put_back()
    assert not story.row().is_revoked, "the copy is from before it"
    story.greet()
    assert story.row().revoked_ms == 5
    reply = story.ask(STOLEN, Remind())
    assert isinstance(reply, Refusal) and reply.code == "HUB-002"
    rows = story.hub.store.readers.run(lambda c: c.execute("SELECT officer, what, dossier, outcome FROM audit").fetchall())
    assert rows == [("n00101a", "node.cut_off_again", STOLEN, "revoked 5")]


def test_without_anything_to_say_a_greeting_carries_no_list(story: Story) -> None:
    story.revoke(5)
    reply = story.ask(story.hanoi.node, story.hello(b""))
    assert isinstance(reply, HelloReply) and reply.cut_off is not None
    story.greet(2)
    held = story.hanoi.store.readers.run(cut_off.held_digest)
    reply = story.ask(story.hanoi.node, story.hello(held))
    assert isinstance(reply, HelloReply) and reply.cut_off is None


def test_a_desk_of_an_older_version_is_told_no_list(story: Story) -> None:
    story.revoke(5)
    reply = story.ask(story.hanoi.node, story.hello(None))
    assert isinstance(reply, HelloReply) and reply.cut_off is None


def test_a_name_that_was_issued_again_since_comes_back_with_its_new_key_only(story: Story) -> None:
    story.revoke(5)
    story.enrol_again(9)
    story.greet()
    story.put_back()
    assert story.row().public_key == story.stolen.signer.public_key, "the thief's key counts in the copy"
    story.greet()
    row = story.row()
    assert (row.public_key, row.enrolled_ms, row.is_revoked) == (NEW_KEY, 9, False)


def test_a_name_that_was_issued_again_but_never_greeted_stays_cut_off(story: Story) -> None:
    story.revoke(5)
    story.enrol_again(9, b"")
    story.greet()
    story.put_back()
    story.greet()
    assert story.row().is_revoked, "nobody knows its new key: it is issued once more"


def test_an_old_list_takes_nothing_from_a_name_that_was_issued_again(story: Story) -> None:
    story.revoke(5)
    story.greet()
    old = story.held()
    assert old is not None
    story.enrol_again(9)
    assert story.ask(story.hanoi.node, Remind(cut_off=old)) == WitnessReply(0)
    assert not story.row().is_revoked
    story.greet(2)
    held = story.held()
    assert held is not None and held.names == (CutOff(STOLEN, OfficeCode("03401"), 9, NEW_KEY),)


def test_a_name_issued_again_on_a_clock_that_was_put_back_still_is_the_later_word(story: Story) -> None:
    story.revoke(50)
    story.enrol_again(9)
    assert story.row().enrolled_ms == 51
    story.revoke(9)
    assert story.hub.store.readers.run(names_cut_off)[0].at_ms == 52


def test_a_revocation_repeated_by_hand_goes_before_an_older_word_that_admitted_the_name(story: Story) -> None:
    story.revoke(5)
    story.enrol_again(9)
    story.greet()
    story.put_back()  # the copy knows nothing of either, and was revoked of once: so somebody revokes, twice to be sure
    story.revoke(5)
    story.revoke(20)
    story.greet()
    assert story.row().is_revoked


def test_two_lives_of_a_hub_that_each_revoked_another_name_end_with_both(story: Story) -> None:
    story.revoke(5)
    story.greet()
    story.put_back()
    third = Office(story.folder / "c", "n07901a", "07901", story.clock, seed=b"C")
    story.hub.enrol(third)
    story.hub.store.writer.run(lambda c: revoke_node(c, third.node, 7))
    third.close()
    story.greet(2)
    held = story.held()
    assert held is not None and [(one.node, one.at_ms) for one in held.names] == [(STOLEN, 5), (third.node, 7)]


def test_a_name_that_the_copy_never_knew_is_cut_off_as_well(story: Story) -> None:
    late = NodeId("n09901a")
    story.hub.store.writer.run(lambda c: enrol_node(c, late, OfficeCode("09901"), b"k" * 32, 3))
    story.hub.store.writer.run(lambda c: revoke_node(c, late, 7))
    story.greet()
    story.put_back()
    story.greet()
    assert story.hub.store.readers.run(lambda c: find_node(c, late)).is_revoked


def test_a_busy_hub_is_shown_the_list_again(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.revoke(5)
    story.greet()
    story.put_back()
    answer, shown = story.hub.service.answer, list[bytes]()

    async def busy_once(node: str, frame: bytes) -> bytes:
        if isinstance(unpack_request(frame), Remind):
            shown.append(frame)
        return pack(Busy(1)) if shown == [frame] else await answer(node, frame)

    monkeypatch.setattr(story.hub.service, "answer", busy_once)
    story.greet()
    held = story.held()
    assert held is not None and held.names and not story.row().is_revoked
    story.greet()
    assert story.row().is_revoked


def test_a_list_that_another_desk_showed_meanwhile_is_not_given_up_for_the_lesser_one(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    story.revoke(5)
    story.greet()
    story.put_back()
    answer = story.hub.service.answer

    async def twice(node: str, frame: bytes) -> bytes:
        if isinstance(unpack_request(frame), Remind):
            await answer(node, frame)  # the line doubled it, or another desk was quicker
        return await answer(node, frame)

    monkeypatch.setattr(story.hub.service, "answer", twice)
    story.greet()
    assert story.row().is_revoked
    story.put_back()  # before this desk greets again
    story.greet()
    assert story.row().is_revoked


def test_a_name_that_was_enrolled_anew_on_a_copy_without_it_stands_on_the_list_with_its_new_key(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    late = NodeId("n09901a")
    story.hub.store.writer.run(lambda c: enrol_node(c, late, OfficeCode("09901"), b"k" * 32, 3))
    story.hub.store.writer.run(lambda c: revoke_node(c, late, 7))
    story.greet()
    story.put_back()
    story.hub.store.writer.run(lambda c: enrol_node(c, late, OfficeCode("09901"), NEW_KEY, 9))
    answer, shown = story.hub.service.answer, list[bytes]()

    async def counting(node: str, frame: bytes) -> bytes:
        if isinstance(unpack_request(frame), Remind):
            shown.append(frame)
        return await answer(node, frame)

    monkeypatch.setattr(story.hub.service, "answer", counting)
    story.greet(3)
    held = story.held()
    assert held is not None and held.names == (CutOff(late, OfficeCode("09901"), 9, NEW_KEY),)
    assert len(shown) == 1
    assert not story.hub.store.readers.run(lambda c: find_node(c, late)).is_revoked


def test_nobody_but_the_hub_can_have_a_name_cut_off(story: Story) -> None:
    story.revoke(5)
    story.greet()
    true = story.held()
    assert true is not None
    story.put_back()
    own = sign_list(HUB_NAME, true.names, story.stolen.signer.sign)
    elsewhere = sign_list("hub-other", true.names, story.hub.signer.sign)
    changed = msgspec.structs.replace(true, names=(CutOff(story.hanoi.node, OfficeCode("00101"), 5),))
    for one in (own, elsewhere, changed):
        reply = story.ask(STOLEN, Remind(cut_off=one))
        assert isinstance(reply, Refusal) and reply.code == "KEY-005"
    assert not story.row().is_revoked


def test_a_list_that_is_not_the_hubs_is_not_kept_and_stops_no_greeting(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    forged = sign_list(HUB_NAME, (CutOff(STOLEN, OfficeCode("03401"), 5),), story.stolen.signer.sign)
    answer = story.hub.service.answer

    async def forging(node: str, frame: bytes) -> bytes:
        reply = unpack_reply(await answer(node, frame))
        return pack(msgspec.structs.replace(reply, cut_off=forged) if isinstance(reply, HelloReply) else reply)

    monkeypatch.setattr(story.hub.service, "answer", forging)
    driver = story.hanoi.join(story.hub)
    asyncio.run(driver._greet())
    assert driver.welcome is not None and story.held() is None


def test_the_line_hears_of_names_that_are_cut_off_again_and_of_nothing_else(story: Story) -> None:
    heard: list[tuple[str, ...]] = []

    async def on_cut_off(names: object) -> None:
        heard.append(tuple(one.node for one in names))  # type: ignore[attr-defined]

    story.revoke(5)
    story.greet()
    story.put_back()
    story.hub.service.on_cut_off = on_cut_off
    story.greet(3)
    assert heard == [(STOLEN,)]
