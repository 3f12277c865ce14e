"""A node that may no longer connect is cut off within a second, says so, and does not storm the server."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import msgspec
import pytest

from central_hub.enrolment.admission import push_accounts
from central_hub.enrolment.cut_again import cut_accounts_again
from central_hub.enrolment.errors import AccountNotAccepted
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.errors import CredentialsRefused, Unreachable
from sync_protocol.adapters.bus.session import Session
from sync_protocol.adapters.bus.state import LaneState
from sync_protocol.cut_off import CutOff
from sync_protocol.ids import NodeId, OfficeCode
from sync_protocol.subjects import Verb
from tests.doubles.closes_unanswered import ClosesUnanswered
from tests.doubles.line import Line
from tests.nats.world import TIMING, echo, on_loop, until, world


@on_loop
async def test_a_revoked_node_is_cut_off_within_a_second_and_refused_from_then_on(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        await w.hub({Verb.PUSH: echo})
        node = await w.node("n0001", servers=(line.url,))
        other = await w.node("n0002")
        await push_accounts(w.system(), {"n0001": w.registry.revoke("n0001", w.now_s())})
        await until(lambda: node.state.records.kind == "refused" and node.state.files.kind == "refused", timeout_s=1)
        problem = node.state.problem
        assert isinstance(problem, CredentialsRefused) and "khóa kết nối" in problem.clerk_sentence
        with pytest.raises(CredentialsRefused):
            await node.request(Verb.PUSH, b"x", timeout=5)
        assert await other.request(Verb.PUSH, b"x", timeout=5) == b"n0002:x"
        assert w.registry.record("n0001").is_revoked


@on_loop
async def test_a_refused_node_waits_long_between_attempts(tmp_path: Path) -> None:
    async with world(tmp_path) as w, Line(w.server.port) as line:
        credentials = await w.enrol("n0001")
        await push_accounts(w.system(), {"n0001": w.registry.revoke("n0001", w.now_s())})
        node = await w.node("n0001", credentials, wait_s=0, servers=(line.url,))
        seen: dict[dt.datetime, LaneState] = {}

        def three_refusals_of_the_records_lane() -> bool:
            state = node.state.records
            assert not state.is_connected
            if state.kind == "refused":
                seen[state.since] = state
            return len(seen) >= 3

        await until(three_refusals_of_the_records_lane)
        shortest = dt.timedelta(seconds=TIMING.refused_wait_s * 0.5)
        first, second, third = sorted(seen)
        assert all(state.next_attempt_at is not None for state in seen.values())
        assert min(second - first, third - second) >= shortest


@on_loop
async def test_a_connection_that_ends_before_the_servers_answer_never_counts_as_connected(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        settings = w.settings("n0001", await w.enrol("n0001"))
        async with ClosesUnanswered() as server:
            session = Session("records", server.url)
            with pytest.raises(Unreachable):
                await session.open(settings, "_INBOX_n0001")
            assert server.asked == 1


@on_loop
async def test_after_rotation_the_old_key_is_refused_and_the_new_one_goes_on_without_a_restart(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        node = await w.node("n0001")
        admitted = w.registry.rotate("n0001", w.now_s())
        await push_accounts(w.system(), {"n0001": admitted.account_token})
        await until(lambda: node.state.records.kind == "refused" and node.state.files.kind == "refused", timeout_s=1)
        node.renew(read_credentials(admitted.credentials))
        await node.wait_connected(5)
        assert await node.request(Verb.PUSH, b"x", timeout=5) == b"n0001:x"


@on_loop
async def test_a_revoked_node_can_be_admitted_again_in_the_same_second(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        await w.enrol("n0001")
        now_s = w.now_s()
        w.registry.revoke("n0001", now_s)
        admitted = w.registry.rotate("n0001", now_s)
        await push_accounts(w.system(), {"n0001": admitted.account_token})
        node = await w.node("n0001", admitted.credentials)
        assert await node.request(Verb.PUSH, b"x", timeout=5) == b"n0001:x"


@on_loop
async def test_credentials_that_ran_out_are_refused_by_the_server_not_guessed_by_the_desks_clock(
    tmp_path: Path,
) -> None:
    async with world(tmp_path) as w:
        admitted = w.registry.enrol("n0001", "00101", w.now_s() - 100, expires_at_s=w.now_s() - 50)
        await push_accounts(w.system(), {"n0001": admitted.account_token})
        node = await w.node("n0001", admitted.credentials, wait_s=0)
        await until(lambda: node.state.records.kind == "refused")
        assert isinstance(node.state.problem, CredentialsRefused)


@on_loop
async def test_credentials_that_run_out_while_connected_end_in_a_refusal(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        admitted = w.registry.enrol("n0001", "00101", w.now_s(), expires_at_s=w.now_s() + 2)
        await push_accounts(w.system(), {"n0001": admitted.account_token})
        node = await w.node("n0001", admitted.credentials)
        await until(lambda: node.state.records.kind == "refused")
        assert isinstance(node.state.problem, CredentialsRefused)


@on_loop
async def test_a_node_the_server_has_not_heard_of_is_refused_until_its_account_is_pushed(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        admitted = w.registry.enrol("n0001", "00101", w.now_s())
        node = await w.node("n0001", admitted.credentials, wait_s=0)
        await until(lambda: node.state.records.kind == "refused")
        await push_accounts(w.system(), w.registry.account_tokens(w.now_s()))
        await node.wait_connected(10)


@on_loop
async def test_an_account_signed_by_another_operator_opens_nothing_even_when_it_is_stored(tmp_path: Path) -> None:
    async with world(tmp_path / "ours") as w, world(tmp_path / "theirs") as foreign:
        stranger = foreign.registry.enrol("n0001", "00101", w.now_s())
        await push_accounts(w.system(), {"n0001": stranger.account_token})  # the server judges at use, not at storing
        node = await w.node("n0001", stranger.credentials, wait_s=0)
        await until(lambda: node.state.records.kind == "refused")
        assert isinstance(node.state.problem, CredentialsRefused)


@on_loop
async def test_what_is_not_an_account_is_not_stored_and_the_refusal_names_the_node(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        with pytest.raises(AccountNotAccepted) as refusal:
            await push_accounts(w.system(), {"n0001": "not.a.token"})
        assert "n0001" in refusal.value.clerk_sentence


@on_loop
async def test_a_name_that_a_desk_showed_to_be_cut_off_loses_its_line_and_no_other(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        stolen, other = await w.node("n0001"), await w.node("n0002")
        names = [CutOff(NodeId(name), OfficeCode("00101"), 1_000 * w.now_s()) for name in ("n0001", "n0009")]
        await cut_accounts_again(w.registry, w.system(), names, w.now_s())
        await until(lambda: stolen.state.records.kind == "refused", timeout_s=1)
        assert await other.request(Verb.PUSH, b"x", timeout=5) == b"n0002:x"
        assert w.registry.record("n0001").is_revoked and w.registry.names() == ["n0001", "n0002"]


@on_loop
async def test_a_name_issued_again_keeps_the_user_of_that_time_and_no_earlier_one(tmp_path: Path) -> None:
    async with world(tmp_path) as w:
        await w.hub({Verb.PUSH: echo})
        node = await w.node("n0001")
        before = CutOff(NodeId("n0001"), OfficeCode("00101"), 1_000 * (w.now_s() - 3_600), b"k" * 32)
        await cut_accounts_again(w.registry, w.system(), [before], w.now_s())
        assert await node.request(Verb.PUSH, b"x", timeout=5) == b"n0001:x"
        later = msgspec.structs.replace(before, at_ms=1_000 * (w.now_s() + 60))
        await cut_accounts_again(w.registry, w.system(), [later], w.now_s())
        await until(lambda: node.state.records.kind == "refused", timeout_s=1)
