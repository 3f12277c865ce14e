"""The one scene that chance has not played again: a push under way while the hub, and then the desk that sent it, are put back to before an order.

Seed 1302143 found it, and since then worlds go other ways. The safeguard it proves: a push names the orders that it stands behind (0020).
"""

from __future__ import annotations

import apsw
import pytest

from central_hub.erasure import orders
from sync_protocol.adapters import event_log
from sync_protocol.batch import events_of
from sync_protocol.bodies import NoteAdded
from sync_protocol.messages import Push
from sync_protocol.wire import unpack_request
from tests.simulation import world
from tests.simulation.hub import SimHub
from tests.simulation.invariants import findings
from tests.simulation.run import Play, one_thread
from tests.simulation.safeguards import without
from tests.simulation.stores import Templates
from tests.simulation.weather import Weather

MINUTES_2 = 120_000


@pytest.fixture(autouse=True)
def calm(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(world, "draw", lambda seed, chance, menu: Weather(frozenset(), 1, 0, menu="whole"))


def put_back_under_a_push(templates: Templates) -> list[str]:
    """What is found where a body lost to an order comes without it, to a hub that was put back while it was under way."""
    with one_thread():
        play = Play(0, templates)
        try:
            return _put_back_under_a_push(play)
        finally:
            play.close()


def _put_back_under_a_push(play: Play) -> list[str]:
    desk, hub, officers = play.nodes[0], play.hub, play.officers
    play.world.run(MINUTES_2)
    empty = hub.copy()
    officers.do(desk, officers._receive)
    (rid,) = {act.rid for act in officers.codes.values()}
    officers.do(desk, lambda at: officers.save(at, rid, NoteAdded(text="ghi", officer="cb", at_ms=1)))
    play.world.run(MINUTES_2)
    desk.backup()
    _erase_the_note(hub)
    play.world.run(MINUTES_2)
    hub.restore(empty)
    answer, late = hub.answer, []

    def while_it_is_under_way(node: str, frame: bytes) -> bytes | None:
        request = unpack_request(frame)
        if not late and isinstance(request, Push) and any(one.body is None for one in events_of(request.batch)):
            late.append(frame)
            hub.restore(empty)
            desk.restore(desk.images[0], anchor_survives=True)
        return answer(node, frame)

    hub.answer = while_it_is_under_way  # type: ignore[method-assign]
    play.quiet()
    assert late, "the desk sent what lost its body"
    return findings(hub, play.nodes, officers, play.destroyed)


def _erase_the_note(hub: SimHub) -> None:
    def order(connection: apsw.Connection) -> None:
        ((rid, note),) = [(event.header.rid, event.id) for _, _, event in event_log.all_events(connection) if event.header.type == "note.added"]
        asked = orders.ask(connection, rid, [note], number="7/QĐ", reason="x", officer="a", now_ms=hub.world.now)
        orders.approve(connection, asked, "b", hub.service.identity.epoch, hub.world.now)

    hub.store.run(order)


def test_a_late_push_brings_nothing_without_a_body_to_a_hub_that_was_put_back_under_it(templates: Templates) -> None:
    assert put_back_under_a_push(templates) == []


def test_without_the_orders_that_it_stands_behind_it_would(templates: Templates) -> None:
    with without("behind its orders"):
        assert [one for one in put_back_under_a_push(templates) if one.startswith("I3 hub")]
