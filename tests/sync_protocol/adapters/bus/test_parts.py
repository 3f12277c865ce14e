"""The small parts of the bus: credentials text, the gate, the words of the server, what stays secret."""

from __future__ import annotations

import asyncio
import secrets
import ssl

import nats.errors
import pytest
from hypothesis import given
from hypothesis import strategies as st

from central_hub.enrolment.nodes import NodeRegistry
from central_hub.enrolment.trust import Trust
from sync_protocol.adapters.bus import errors as bus_errors
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.bus.errors import BusProblem, CredentialsUnreadable, ServerNotTrusted
from sync_protocol.adapters.bus.faults import connection_problem, denied_subject
from sync_protocol.adapters.bus.gate import RecordGate
from sync_protocol.adapters.bus.tls import client_context
from sync_protocol.adapters.task_ending import end_task
from tests.nats.world import on_loop


@pytest.fixture(scope="module")
def text(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Real credentials."""
    trust = Trust.make(secrets.token_bytes, 0)
    return (
        NodeRegistry(tmp_path_factory.mktemp("keys"), trust, secrets.token_bytes).enrol("n0001", "00101", 5).credentials
    )


def test_credentials_name_their_node_and_keep_their_seed_out_of_repr(text: str) -> None:
    credentials = read_credentials(text)
    assert credentials.name == "n0001" and credentials.expires_at_s is None
    seed = text.split("\n")[5]
    assert seed.startswith("SU") and seed in credentials.text
    assert seed not in repr(credentials) and seed not in str(credentials)


def test_credentials_saved_on_another_system_are_read_too(text: str) -> None:
    assert read_credentials(text.replace("\n", "\r\n")) == read_credentials(text)


@pytest.mark.parametrize("cut", ["BEGIN NATS USER JWT", "BEGIN USER NKEY SEED", "\nSU", "."])
def test_damaged_credentials_are_refused_instead_of_freezing_the_loop(text: str, cut: str) -> None:
    with pytest.raises(CredentialsUnreadable):
        read_credentials(text.replace(cut, ""))


@given(st.text())
def test_no_text_whatever_freezes_or_breaks_the_reader(garbage: str) -> None:
    with pytest.raises(CredentialsUnreadable):
        read_credentials(garbage)


@on_loop
async def test_files_wait_for_the_last_of_overlapping_records() -> None:
    gate = RecordGate()
    with gate.record():
        with gate.record():
            assert not await gate.files_may_go(0.01)
        assert gate.records_waiting == 1
        waiting = asyncio.create_task(gate.files_may_go(5))
        await asyncio.sleep(0)
        assert not waiting.done()
    assert await waiting


@on_loop
async def test_a_record_that_fails_still_opens_the_gate() -> None:
    gate = RecordGate()
    with pytest.raises(ZeroDivisionError), gate.record():
        raise ZeroDivisionError
    assert await gate.files_may_go(5)


@on_loop
async def test_a_task_that_swallows_a_cancellation_is_ended_all_the_same() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed == 3:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    await end_task(task)
    assert task.cancelled() and swallowed == 3
    await end_task(task)


@pytest.mark.parametrize(
    "error,code",
    [
        (nats.errors.Error("nats: 'Authorization Violation'"), "BUS-021"),
        (nats.errors.Error("nats: user authentication revoked"), "BUS-021"),
        (nats.errors.Error("nats: user authentication expired"), "BUS-021"),
        (nats.errors.Error("nats: account authentication expired"), "BUS-021"),
        (nats.errors.Error("nats: 'authentication timeout'"), "BUS-020"),
        (nats.errors.Error("nats: 'maximum account active connections exceeded'"), "BUS-023"),
        (ConnectionRefusedError(), "BUS-020"),
        (TimeoutError(), "BUS-020"),
        (ssl.SSLEOFError("eof"), "BUS-020"),
        (None, "BUS-020"),
    ],
)
def test_each_reason_of_the_server_becomes_its_own_problem(error: Exception | None, code: str) -> None:
    assert connection_problem(error, "nats://127.0.0.1:4222").code == code


def test_a_refused_subject_is_read_from_the_servers_words() -> None:
    refusal = nats.errors.Error('nats: permissions violation for publish to "s1.n0002.push"')
    assert denied_subject(refusal) == ("publish", "s1.n0002.push")
    assert denied_subject(nats.errors.Error("nats: stale connection")) is None


@pytest.mark.parametrize("pem", [b"", b"not a certificate", "chứng thư".encode()])
def test_an_unreadable_authority_certificate_is_said_in_words(pem: bytes) -> None:
    with pytest.raises(ServerNotTrusted):
        client_context(pem)


def test_every_problem_speaks_to_the_clerk_without_forbidden_words() -> None:
    classes = [item for item in vars(bus_errors).values() if isinstance(item, type) and issubclass(item, BusProblem)]
    assert len({item.code for item in classes}) == len(classes) > 10
    for item in classes:
        said = f"{item.sentence} {item.next_step}".lower()
        for word in ("không hợp lệ", "lỗi hệ thống", "vui lòng", "xin lỗi"):
            assert word not in said, item.code
