"""What the hub remembers of a node between two pushes is compared again where it commits: a revocation or another key counts at once."""

from __future__ import annotations

import pytest

from central_hub.ingest.nodes import enrol_node, revoke_node
from central_hub.store.epoch import begin_epoch
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.adapters.sqlite import Turn
from sync_protocol.ids import HubEpoch
from sync_protocol.messages import PushReply, Refusal
from tests.central_hub.ingest.frames import Desk, Window


@pytest.fixture
def desk(window: Window) -> Desk:
    one = Desk()
    window.enrol(one)
    one.receive(4)
    return one


def between_asking_and_committing(window: Window, monkeypatch: pytest.MonkeyPatch, act: object) -> None:
    """Let something happen at the hub while a batch is being proven."""
    real = window.hub.service.pushes._proven

    def proven(*asked: object) -> object:
        window.hub.store.writer.run(act)  # type: ignore[arg-type]
        return real(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(window.hub.service.pushes, "_proven", proven)


async def test_a_node_revoked_while_its_push_is_under_way_is_refused(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    between_asking_and_committing(window, monkeypatch, lambda c: revoke_node(c, desk.node, 5))
    reply = await window.push(desk.node, desk.batch())
    assert isinstance(reply, Refusal) and reply.code == "HUB-002"
    assert window.events() == [] and [one.code for one in window.quarantine()] == ["HUB-002"]


async def test_a_long_push_is_cut_where_its_node_is_revoked(window: Window, desk: Desk) -> None:
    desk.receive(296)
    window.hub.store.writer.submit(lambda _: None, turn=Turn.LOOK).result()  # beside looks a batch is stored in slices
    service, commits = window.hub.service, window.hub.store.writer.run_each_async

    async def revoked_behind_the_first(functions: list[object], **how: object) -> object:
        functions.insert(1, lambda c: revoke_node(c, desk.node, 5))
        return await commits(functions, **how)  # type: ignore[arg-type]

    service.store.writer.run_each_async = revoked_behind_the_first  # type: ignore[method-assign, assignment]
    reply = await window.push(desk.node, desk.batch())
    assert isinstance(reply, Refusal) and reply.code == "HUB-002"
    assert len(window.events()) == 125, "what was stored before is stored without a promise, as after a lost answer"


async def test_a_node_whose_key_changed_while_its_push_is_under_way_is_refused(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = SoftwareSigner(b"B" * 32).public_key
    between_asking_and_committing(window, monkeypatch, lambda c: enrol_node(c, desk.node, desk.office, other, 5))  # type: ignore[arg-type]
    reply = await window.push(desk.node, desk.batch())
    assert isinstance(reply, Refusal) and reply.code == "HUB-009"
    assert window.events() == []


async def test_a_node_whose_key_changed_since_its_last_push_goes_on_with_the_new_one_only(window: Window, desk: Desk) -> None:
    assert isinstance(await window.push(desk.node, desk.batch(1, 2)), PushReply)
    former, desk.signer = desk.signer, SoftwareSigner(b"B" * 32)
    window.hub.store.writer.run(lambda c: enrol_node(c, desk.node, desk.office, desk.signer.public_key, 5))  # type: ignore[arg-type]
    assert isinstance(await window.push(desk.node, desk.batch(3, 3)), PushReply)
    desk.signer = former
    assert isinstance(await window.push(desk.node, desk.batch(4, 4)), Refusal)
    assert len(window.events()) == 3


async def test_who_asks_is_read_once_and_compared_where_the_push_commits(
    window: Window, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    await window.push(desk.node, desk.batch(1, 1))
    monkeypatch.setattr(window.hub.store.readers, "run_async", None)
    for at in (2, 3, 4):
        assert isinstance(await window.push(desk.node, desk.batch(at, at)), PushReply)


async def test_a_promise_is_given_in_the_epoch_of_its_commit(window: Window, desk: Desk) -> None:
    await window.push(desk.node, desk.batch(1, 1))
    another = HubEpoch(b"n" * 16)
    window.hub.store.writer.run(lambda c: begin_epoch(c, another, 9))
    reply = await window.push(desk.node, desk.batch(2, 2))
    assert isinstance(reply, PushReply)
    assert reply.acknowledgement.epoch == another == window.hub.service.identity.epoch
