"""A hub that was put back hears on a stick what others wrote and this desk was told: no line, and the others' machines are gone (N5)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central_hub.ingest.quarantine import held
from central_hub.store.epoch import begin_epoch
from edge_node.store.node_store import read_number, write_number
from edge_node.sync import courier
from edge_node.sync.page_keeping import TAKEN_BY_HAND
from edge_node.sync.stick_witness import given_back
from sync_protocol.adapters import projection
from sync_protocol.courier import seal_reply, write_courier
from sync_protocol.ids import HubEpoch, RecordId
from sync_protocol.messages import Offer, Witness
from sync_protocol.wire import unpack_request
from tests.edge_node.sync.stick_stage import Stage
from tests.offices import copy_hub, lose_hub

DONGDA, HUNGYEN = "n00101a", "n03300a"


class Forgetful:
    """Hưng Yên's dossiers came by stick and were told to Đống Đa; then its machine was lost, and the hub put back to before them."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.desk, other = stage.enrol(DONGDA, "00101"), stage.enrol(HUNGYEN, "033")
        stage.trip(self.desk)
        stage.trip(other)
        copy_hub(stage.hub_root, stage.root / "copy")
        self.rids: set[RecordId] = set()
        for _ in range(2):
            stage.receive(other)
            stage.trip(other)
            for rid in self.at_hub() - self.rids:
                stage.entitle(rid, "00101")
                self.rids.add(rid)
            stage.trip(self.desk)  # a page of its own each time
        self.put_back(b"f" * 16)

    def put_back(self, epoch: bytes) -> None:
        """As `central-hub restore`: the copy, under another epoch."""
        lose_hub(self.stage.hub_root)
        copy_hub(self.stage.root / "copy", self.stage.hub_root)
        hub = self.stage.hub()
        hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(epoch), hub.now_ms()))
        hub.mark()
        hub.store.close()

    def at_hub(self) -> set[RecordId]:
        hub = self.stage.hub()
        found = {RecordId(bytes(rid)) for (rid,) in hub.store.readers.run(lambda c: c.execute("SELECT rid FROM dossier").fetchall())}
        assert hub.store.readers.run(held) == []
        hub.store.close()
        return found

    def number(self, key: str) -> int:
        node = self.stage.node(self.desk)
        found = node.store.readers.run(lambda c: read_number(c, key))
        node.close()
        return found

    def frames(self, name: str) -> list[object]:
        stick = self.stage.export(self.desk, name)
        return [unpack_request(one) for one in self.stage.sent(stick).frames]


@pytest.fixture
def scene(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Forgetful]:
    yield Forgetful(Stage(tmp_path, capsys, monkeypatch))


def test_the_second_stick_gives_back_what_the_first_one_showed_to_be_forgotten(scene: Forgetful) -> None:
    assert scene.at_hub() == set() and len(scene.rids) == 2
    scene.stage.trip(scene.desk)
    assert scene.number("offers_owed") == 1 and scene.at_hub() == set()
    scene.stage.trip(scene.desk)
    assert scene.at_hub() == scene.rids and scene.number("offers_owed") == 0
    node, hub = scene.stage.node(scene.desk), scene.stage.hub()
    for rid in scene.rids:
        assert node.store.readers.run(lambda c, r=rid: projection.view_of(c, r)) == hub.store.readers.run(lambda c, r=rid: projection.view_of(c, r))  # type: ignore[misc]
    node.close()
    hub.store.close()
    assert not any(isinstance(one, Offer | Witness) for one in scene.frames("after")), "nothing is owed any more"


def test_what_finds_no_room_goes_with_the_next_stick(scene: Forgetful, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("edge_node.sync.witness.PAGES_PER_OFFER", 1)
    monkeypatch.setattr(courier, "given_back", lambda c: given_back(c, 1))
    scene.stage.trip(scene.desk)
    scene.stage.trip(scene.desk)
    assert len(scene.at_hub()) == 1 and scene.number("offers_owed") == 1
    scene.stage.trip(scene.desk)
    assert scene.at_hub() == scene.rids and scene.number("offers_owed") == 0


def test_a_stick_that_is_lost_leaves_it_owed_and_one_that_comes_twice_brings_nothing_twice(scene: Forgetful) -> None:
    scene.stage.trip(scene.desk)
    stick = scene.stage.export(scene.desk, "lost")
    assert scene.number("offers_owed") == 1
    backs = [shutil.copy(scene.stage.answer(stick)[2], scene.stage.root / f"twice-{number}") for number in range(2)]
    assert scene.at_hub() == scene.rids
    for back in backs:
        assert scene.stage.read(scene.desk, back)[0] == 0
    assert scene.number("offers_owed") == 0


def test_a_hub_that_is_put_back_once_more_is_given_it_once_more(scene: Forgetful) -> None:
    scene.stage.trip(scene.desk)
    late = scene.stage.answer(scene.stage.export(scene.desk, "late"))[2]
    scene.put_back(b"g" * 16)
    assert scene.stage.read(scene.desk, late)[0] == 0 and scene.number("offers_owed") == 0, "the hub held it then"
    scene.stage.trip(scene.desk)
    assert scene.at_hub() == set() and scene.number("offers_owed") == 1
    scene.stage.trip(scene.desk)
    assert scene.at_hub() == scene.rids and scene.number("offers_owed") == 0


def test_an_answer_of_a_former_life_in_an_epoch_that_came_back_settles_nothing(scene: Forgetful) -> None:
    scene.stage.trip(scene.desk)
    late = scene.stage.answer(scene.stage.export(scene.desk, "late"))[2]
    for epoch in (b"g" * 16, b"f" * 16):
        scene.put_back(epoch)
        scene.stage.trip(scene.desk)
    assert scene.stage.read(scene.desk, late)[0] == 0
    assert scene.number("offers_owed") == 1
    scene.stage.trip(scene.desk)
    assert scene.at_hub() == scene.rids


def test_offers_in_the_answer_that_the_seal_does_not_cover_are_no_answer(scene: Forgetful) -> None:
    scene.stage.trip(scene.desk)
    back = scene.stage.answer(scene.stage.export(scene.desk))[2]
    real = scene.stage.answered(back, scene.desk)
    assert len(real.offered) == 1
    for offered in ((), (b"x",), real.offered * 2):
        other = seal_reply(msgspec.structs.replace(real, offered=offered), lambda _: b"")
        back.write_bytes(write_courier(msgspec.structs.replace(other, seal=real.seal)))
        assert scene.stage.read(scene.desk, back)[0] != 0 and scene.number("offers_owed") == 1


def test_a_hub_of_the_version_before_is_offered_nothing_by_hand(scene: Forgetful) -> None:
    scene.stage.trip(scene.desk)
    node = scene.stage.node(scene.desk)
    node.store.writer.run(lambda c: write_number(c, TAKEN_BY_HAND, 0))
    node.close()
    assert not any(isinstance(one, Offer | Witness) for one in scene.frames("old"))
