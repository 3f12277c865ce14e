"""A desk that the hub refuses says so itself: with the code, since when, and the page to open; and no longer once the hub greets it again."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Callable
from types import SimpleNamespace

import pytest

from central_hub.ingest.nodes import enrol_node, revoke_node
from edge_node.store.ledger import Act, Draft
from edge_node.sync import asking
from edge_node.sync.refusal import HubRefusal, refusal
from edge_node.sync.service import Synchroniser
from sync_protocol import sender
from sync_protocol.adapters.bus.errors import CredentialsRefused, Unreachable
from sync_protocol.adapters.bus.state import BusState, LaneState
from tests.offices import Hub, Office, on_line, reception, rid

Break = Callable[[Hub, Office, pytest.MonkeyPatch], None]


def not_enrolled(hub: Hub, office: Office, _: pytest.MonkeyPatch) -> None:
    hub.store.writer.run(lambda c: c.execute("DELETE FROM node").fetchone())


def revoked(hub: Hub, office: Office, _: pytest.MonkeyPatch) -> None:
    hub.store.writer.run(lambda c: revoke_node(c, office.node, 5))


def another_key(hub: Hub, office: Office, _: pytest.MonkeyPatch) -> None:
    hub.store.writer.run(lambda c: c.execute("UPDATE node SET public_key = ?", (b"x" * 32,)).fetchone())


def too_old(hub: Hub, office: Office, patched: pytest.MonkeyPatch) -> None:
    patched.setattr(asking, "PROTOCOL_VERSION_MIN", 0)
    patched.setattr(asking, "PROTOCOL_VERSION_MAX", 0)


BROKEN = [(not_enrolled, "HUB-001"), (revoked, "HUB-002"), (another_key, "HUB-009"), (too_old, "SYN-010")]


def standing(office: Office) -> HubRefusal | None:
    return office.store.readers.run(refusal)


async def met(office: Office, hub: Hub, phase: sender.Phase) -> None:
    """On line until the outbox has come to this phase and shown it."""
    driver, come = office.join(hub), asyncio.Event()
    driver.on_change = lambda: come.set() if driver.state.phase == phase else None
    async with on_line(driver):
        await asyncio.wait_for(come.wait(), 30)


@pytest.mark.parametrize(("broken", "code"), BROKEN, ids=[code for _, code in BROKEN])
def test_a_refusal_stands_in_the_database_until_the_hub_greets_the_desk_again(
    hub: Hub, hanoi: Office, monkeypatch: pytest.MonkeyPatch, broken: Break, code: str
) -> None:
    hanoi.ledger.save(Act("cb01", "intake", "receive"), [Draft(rid(1), reception(1, "00101"))])
    first_ms = hanoi.clock.ms
    with monkeypatch.context() as patched:
        broken(hub, hanoi, patched)
        asyncio.run(met(hanoi, hub, "refused"))
        hanoi.clock.ms += 60_000
        asyncio.run(met(hanoi, hub, "refused"))
    held = standing(hanoi)
    assert held == HubRefusal(code, first_ms)
    assert code in held.next_step and held.sentence != HubRefusal("X-1", 0).sentence
    hub.store.writer.run(lambda c: c.execute("DELETE FROM node").fetchone())
    hub.store.writer.run(lambda c: enrol_node(c, hanoi.node, hanoi.office, hanoi.signer.public_key, 9))
    asyncio.run(met(hanoi, hub, "open"))
    assert standing(hanoi) is None


def test_keys_that_the_message_server_refuses_are_told_apart_from_a_line_that_is_down(hub: Hub, hanoi: Office) -> None:
    now = dt.datetime(2026, 11, 29, tzinfo=dt.UTC)

    def lane(problem: Exception, kind: str) -> BusState:
        one = LaneState(kind, now, problem=problem)  # type: ignore[arg-type]
        return BusState(one, one)

    async def scene() -> list[HubRefusal | None]:
        driver, found, shown = hanoi.join(hub), [], asyncio.Event()
        driver.on_change = shown.set
        sync = Synchroniser.__new__(Synchroniser)
        sync.driver, sync._line_held = driver, "BUS-001"
        running = asyncio.create_task(driver.run())
        for state in (
            lane(CredentialsRefused(server="s", reason="revoked"), "refused"),
            lane(Unreachable(server="s", reason="x"), "disconnected"),
            SimpleNamespace(is_connected=True, records=SimpleNamespace(kind="connected")),
        ):
            shown.clear()
            sync._on_state(state)  # type: ignore[arg-type]
            await asyncio.wait_for(shown.wait(), 30)
            while state.is_connected and driver.state.phase != "open":
                shown.clear()
                await asyncio.wait_for(shown.wait(), 30)
            found.append(standing(hanoi))
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        return found

    refused, down, met_again = asyncio.run(scene())
    assert refused is not None and refused.code == "BUS-021"
    assert down == refused and met_again is None
