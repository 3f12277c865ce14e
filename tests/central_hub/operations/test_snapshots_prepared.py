"""A snapshot is made while a machine is set up, so that its first greeting finds it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.bootstrap.snapshots import AWAITED_MS, LIFE_MS
from central_hub.ingest.nodes import enrol_node
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.messages import SnapshotOffer
from tests.edge_node.bootstrap.test_filling import Scene


@pytest.fixture
def scene(tmp_path: Path) -> Iterator[Scene]:
    one = Scene(tmp_path)
    yield one
    one.close()


def await_one(scene: Scene, node: str, office: str) -> None:
    scene.clock.ms += 1
    scene.hub.store.writer.run(lambda c: enrol_node(c, NodeId(node), OfficeCode(office), b"", scene.clock()))


def test_an_enrolled_node_finds_its_snapshot_ready(scene: Scene) -> None:
    snapshots = scene.hub.service.snapshots
    await_one(scene, "n00101z", "00101")
    assert asyncio.run(snapshots.prepare()) == 1 and asyncio.run(snapshots.prepare()) == 0
    assert isinstance(asyncio.run(snapshots.answer(OfficeCode("00101"))), SnapshotOffer)
    scene.clock.ms += LIFE_MS
    assert asyncio.run(snapshots.prepare()) == 1


def test_a_node_that_has_greeted_or_never_comes_or_has_little_to_hold_costs_nothing(scene: Scene) -> None:
    snapshots = scene.hub.service.snapshots
    scene.clock.ms += AWAITED_MS
    assert asyncio.run(snapshots.prepare()) == 0, "who greeted is not waited for"
    await_one(scene, "n00999z", "00999")
    assert asyncio.run(snapshots.prepare()) == 0, "a short feed is pulled"
    await_one(scene, "n00101z", "00101")
    scene.clock.ms += AWAITED_MS + 1
    assert asyncio.run(snapshots.prepare()) == 0, "after a month it is made when it is asked for"


def test_a_node_enrolled_anew_is_waited_for_again(scene: Scene) -> None:
    await_one(scene, "n00101a", "00101")
    assert asyncio.run(scene.hub.service.snapshots.prepare()) == 1
