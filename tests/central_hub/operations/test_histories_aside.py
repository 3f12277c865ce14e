"""Histories that stand aside after a restore are in the list that operators read, as the witness promises."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.ingest.witness import Recovered
from central_hub.operations.overview import overview
from sync_protocol.adapters import event_log
from sync_protocol.bodies import NoteAdded, encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import Incarnation, NodeId
from tests.offices import Clock, Hub, rid


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", Clock())
    yield one
    one.close()


def test_an_event_that_continues_no_history_is_listed_with_its_node(hub: Hub) -> None:
    assert hub.store.readers.run(lambda c: overview(c, 1)).recovered == ()
    event = make_event(
        node=NodeId("n00101a"), inc=Incarnation(b"i" * 16), seq=7, prev=b"p" * 32, type="note.added", tv=1, rid=rid(1), hlc=1, actor="cb",  # type: ignore[arg-type]
        body=encode_body(NoteAdded(text="x", officer="cb", at_ms=1)),
    )  # fmt: skip
    hub.store.writer.run(lambda c: event_log.keep_aside(c, event, 1))
    assert hub.store.readers.run(lambda c: overview(c, 1)).recovered == (Recovered(NodeId("n00101a"), 1),)
