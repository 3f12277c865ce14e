"""What a node that was taken over may try. The server's accounts stop it; the bus says so in words."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import nats
import nats.errors
import pytest
from nats.aio.client import Client, RawCredentials

from central_hub.enrolment.accounts import NODE_CONNECTIONS, node_user_token, open_user_token
from central_hub.enrolment.keys import SigningKey
from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.tokens import credentials_text
from central_hub.enrolment.trust import Trust
from sync_protocol.adapters.bus.errors import NotPermitted
from sync_protocol.adapters.bus.node import NodeBus
from sync_protocol.adapters.bus.sockets import settle
from sync_protocol.subjects import NodeNameRefused, Verb, node_and_verb
from tests.nats.world import World, clock, echo, on_loop, until, world


@contextlib.asynccontextmanager
async def raw(w: World, credentials: str, inbox: str = "_INBOX") -> AsyncIterator[tuple[Client, list[str]]]:
    """A client without our bus around it, as an attacker would write it."""
    said: list[str] = []

    async def on_error(error: Exception) -> None:
        said.append(str(error))

    client = await nats.connect(
        w.server.url,
        user_credentials=RawCredentials(credentials),
        inbox_prefix=inbox,
        error_cb=on_error,
        allow_reconnect=False,
        max_reconnect_attempts=1,
    )
    try:
        yield client, said
    finally:
        await client.close()


@on_loop
async def test_another_nodes_subject_is_refused_in_words_at_once(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        hub = await w.hub({Verb.PUSH: echo})
        credentials = await w.enrol("n0001")
        settings = w.settings("n0001", credentials)
        impostor = NodeBus("n0002", settings, clock=clock, chance=w.chance)
        await impostor.connect(5)
        with pytest.raises(NotPermitted) as refusal:
            await impostor.request(Verb.PUSH, b"in the name of n0002", timeout=20)
        assert refusal.value.clerk_sentence.startswith("Điểm này chưa được phép")
        assert hub.stats.requests == {}
        await impostor.close()


@on_loop
async def test_forged_reply_subjects_reach_nobody(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        asked_as: list[str] = []

        async def handle(node: str, payload: bytes) -> bytes:
            asked_as.append(node)
            return b"receipt"

        await w.hub({Verb.PUSH: handle})
        thief, victim = await w.enrol("n0001"), await w.enrol("n0002")
        heard: list[str] = []

        async def listen(message: Any) -> None:
            heard.append(message.subject)

        async with raw(w, thief) as (attacker, _), raw(w, victim) as (ear, _):
            await ear.subscribe("_INBOX.n0002.>", cb=listen)
            await ear.subscribe("hint.n0002", cb=listen)
            await settle(ear)
            for forged in ("_INBOX.n0002.victim", "hint.n0002", "s1.n0002.push", "$SYS.REQ.CLAIMS.UPDATE"):
                await attacker.publish("s1.n0001.push", b"forge", reply=forged)
            await settle(attacker)
            await until(lambda: len(asked_as) == 4)
            await settle(ear)
        assert asked_as == ["n0001"] * 4
        assert heard == []


@on_loop
async def test_canary_in_one_shared_account_the_same_forgery_does_reach_the_victim(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        user = SigningKey.make("user", secrets.token_bytes)
        shared = credentials_text(open_user_token(w.trust.hub, user.public, "shared", w.now_s(), None), user)
        heard: list[bytes] = []

        async def listen(message: Any) -> None:
            heard.append(message.data)

        async with raw(w, shared) as (attacker, _), raw(w, shared) as (ear, _):
            await ear.subscribe("_INBOX.n0002.>", cb=listen)
            await settle(ear)
            await attacker.publish("s1.n0001.push", b"forge", reply="_INBOX.n0002.victim")
            await until(lambda: bool(heard))


BEYOND_LISTENING = (
    ">", "*", "s1.>", "s1.*.push", "s1.n0001.push", "s1.n0002.push", "_INBOX.>", "_INBOX.n0002.>", "hint.*", "hint.n0002",
    "$SYS.>", "$SRV.>", "$JS.>", "feed.>", "crew.>", "crew.beat", "crew.00ff00ff00ff00ff.n0001",
)  # fmt: skip
BEYOND_SPEAKING = (
    "s1.n0002.push",
    "s1.n0001.admin",
    "hint.n0001",
    "_INBOX.n0002.x",
    "feed.x",
    "crew.beat",
    "crew.00ff00ff00ff00ff.n0001",
    "$SYS.REQ.CLAIMS.UPDATE",
)
WIDENING_NAMES = ("*", ">", "", "a.b", "n0001 ", "n0001\n", "N0001", "1node", "abc", "{{name()}}", "n" * 17, "điểm1")


@on_loop
async def test_a_node_cannot_listen_beyond_itself(tmp_path: Path) -> None:
    async with world(tmp_path) as w, raw(w, await w.enrol("n0001"), "_INBOX.n0001") as (client, said):
        for number, subject in enumerate(BEYOND_LISTENING):
            await client.subscribe(subject)
            await settle(client)
            assert len(said) == number + 1, subject
            assert f'permissions violation for subscription to "{subject.lower()}"' in said[-1]


@on_loop
async def test_a_node_cannot_speak_beyond_its_verbs(tmp_path: Path) -> None:
    async with world(tmp_path) as w, raw(w, await w.enrol("n0001")) as (client, said):
        for number, subject in enumerate(BEYOND_SPEAKING):
            await client.publish(subject, b"x")
            await settle(client)
            assert len(said) == number + 1, subject
            assert f'permissions violation for publish to "{subject.lower()}"' in said[-1]


@on_loop
async def test_canary_within_its_verbs_a_node_hears_no_refusal(tmp_path: Path) -> None:
    async with world(tmp_path) as w, raw(w, await w.enrol("n0001"), "_INBOX.n0001") as (client, said):
        await client.subscribe("hint.n0001")
        await client.publish("s1.n0001.push", b"x")
        await settle(client)
        assert said == []


@pytest.mark.parametrize("name", WIDENING_NAMES)
def test_a_name_that_could_widen_a_permission_is_never_enrolled(tmp_path: Path, name: str) -> None:
    registry = NodeRegistry(tmp_path, Trust.make(secrets.token_bytes, 0), secrets.token_bytes)
    with pytest.raises(NodeNameRefused):
        registry.enrol(name, "00101", 0)
    account = SigningKey.make("account", secrets.token_bytes)
    with pytest.raises(NodeNameRefused):
        node_user_token(account, account.public, name, 0, None)
    assert registry.names() == []


@on_loop
async def test_one_credential_file_cannot_open_connections_without_end(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        credentials = await w.enrol("n0001")
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(NODE_CONNECTIONS):
                await stack.enter_async_context(raw(w, credentials))
            with pytest.raises(nats.errors.Error):
                await stack.enter_async_context(raw(w, credentials))
            node = await w.node("n0001", credentials, wait_s=0)
            await until(lambda: node.state.problem is not None and node.state.problem.code == "BUS-023")
            assert node.state.records.kind == "disconnected"  # a wait helps here, unlike a refusal
        await node.wait_connected(10)


@on_loop
async def test_a_message_above_the_limit_cuts_only_the_one_who_sent_it(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        node = await w.node("n0001")
        async with raw(w, await w.enrol("n0002")) as (client, _):
            client._max_payload = 64 * 1_048_576
            with contextlib.suppress(nats.errors.Error, OSError):
                await client.publish("s1.n0002.push", bytes(5_000_000))
            await until(lambda: client.is_closed)
        assert await node.request(Verb.PUSH, b"x", timeout=5) == b"n0001:x"
        assert node.state.is_connected


def test_the_hub_reads_the_node_from_the_subject_only() -> None:
    assert node_and_verb("s1.n0001.push") == ("n0001", Verb.PUSH)


def test_canary_the_loop_of_these_tests_reports_failures() -> None:
    @on_loop
    async def fails() -> None:
        await asyncio.sleep(0)
        raise AssertionError

    with pytest.raises(AssertionError):
        fails()
