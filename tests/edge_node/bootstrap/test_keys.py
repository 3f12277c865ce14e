"""The search keys of a filled node: owed while parts are loaded, written in order at the end, and never those of yesterday."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import pytest

from edge_node.bootstrap import keys
from edge_node.bootstrap.progress import read_progress
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import read_state
from sync_protocol.adapters.folded import read_keys
from sync_protocol.bodies import IdentityAsserted
from sync_protocol.errors import Problem
from tests.edge_node.bootstrap.test_filling import Scene
from tests.offices import rid

CORRECTED = IdentityAsserted(field="personal_id", value="001199000001", proof="thẻ căn cước", officer="cb")


@pytest.fixture
def scene(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    monkeypatch.setattr(keys, "DOSSIERS_AT_ONCE", 5)
    monkeypatch.setattr(keys, "KEYS_AT_ONCE", 4)
    one = Scene(tmp_path)
    yield one
    one.close()


def named_and_written(connection: apsw.Connection) -> tuple[list[tuple[str, bytes]], list[tuple[str, bytes]]]:
    """The keys that the rows of dossiers name, and those in the index."""
    rows = connection.execute("SELECT rid, keys FROM dossier").fetchall()
    named = sorted((key, bytes(one)) for one, text in rows for key in read_keys(str(text)))  # type: ignore[arg-type]
    return named, list(connection.execute("SELECT key, rid FROM search_key ORDER BY key, rid"))  # type: ignore[arg-type]


def test_a_node_is_complete_only_when_its_keys_are_written(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    written, left = 0, itertools.count()
    real = keys.write

    def fails(cut: int) -> Callable[..., None]:
        def write(connection: apsw.Connection, some: list[bytes], position: int) -> None:
            real(connection, some, position)
            if next(left) >= cut:
                raise Problem()

        return write

    for cut in itertools.count():
        left = itertools.count()
        monkeypatch.setattr(keys, "write", fails(cut))
        try:
            asyncio.run(scene.fill(scene.new))
            break
        except Problem:
            assert scene.new.store.readers.run(read_progress).phase == "running"
            named, found = scene.new.store.readers.run(named_and_written)
            assert set(found) < set(named) and len(found) >= written
            written = len(found)
    assert cut > 3
    named, found = scene.new.store.readers.run(named_and_written)
    assert named == found
    assert scene.new.store.readers.run(lambda c: read_state(c, keys.OWED_BEHIND)) is None


def test_what_changed_while_keys_were_gathered_stands_under_its_new_keys(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    gather, changed = keys.gather, 0

    def and_then_a_clerk_saves(connection: apsw.Connection) -> keys.Gathered | None:
        nonlocal changed
        gathered = gather(connection)
        if gathered is not None and gathered.keys:
            changed += 1
            _, record = keys.parted(gathered.keys[0])
            scene.new.ledger.save(Act("cb", "intake", "x"), [Draft(record, CORRECTED)])
        return gathered

    monkeypatch.setattr(keys, "gather", and_then_a_clerk_saves)
    asyncio.run(scene.fill(scene.new))
    assert changed == 5
    named, found = scene.new.store.readers.run(named_and_written)
    assert named == found and ("personal_id:001199000001", rid(1)) in found


def test_again_is_nothing_new_and_a_node_that_owes_nothing_writes_nothing(scene: Scene) -> None:
    asyncio.run(scene.fill(scene.new))
    assert asyncio.run(keys.write_owed(scene.new.store)) == 0
    before = scene.new.store.readers.run(named_and_written)
    scene.new.store.writer.run(keys.owe)
    assert asyncio.run(keys.write_owed(scene.new.store)) == len(before[0])
    assert scene.new.store.readers.run(named_and_written) == before
