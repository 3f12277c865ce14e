"""The line is encrypted from its first byte, and the other end must prove that it is the hub."""

from __future__ import annotations

import asyncio
import datetime as dt
import ssl
from pathlib import Path

import pytest

from central_hub.enrolment.certificates import KeyAndCertificate, issue_server, make_authority
from sync_protocol.adapters.bus.errors import PlaintextRefused, ServerNotTrusted
from sync_protocol.subjects import Verb
from tests.doubles.line import Line
from tests.nats.world import clock, echo, on_loop, until, world

NOW = dt.datetime.now(dt.UTC)
HOSTS = ("hub.bhxh.example", "localhost", "127.0.0.1")


@pytest.fixture(scope="module")
def authority() -> KeyAndCertificate:
    """The hub's own authority."""
    return make_authority("Liên Thông", NOW)


def tls(authority: KeyAndCertificate, hosts: tuple[str, ...] = HOSTS) -> dict[str, object]:
    """Server settings with a certificate for `hosts`."""
    return {"tls": issue_server(authority, hosts, NOW), "authority_pem": authority.certificate_pem}


def test_a_node_that_knows_the_authority_is_answered_and_the_line_shows_nothing(
    tmp_path: Path, authority: KeyAndCertificate
) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path, **tls(authority)) as w, Line(w.server.port) as line:
            seen: list[bytes] = []
            line.on_piece = seen.append
            await w.hub({Verb.PUSH: echo})
            node = await w.node(servers=(line.url.replace("nats:", "tls:"),))
            assert await node.request(Verb.PUSH, b"MARKER", timeout=5) == b"n0001:MARKER"
            whole = b"".join(seen)
            assert len(whole) > 500 and b"MARKER" not in whole and b"INFO" not in whole and b"n0001" not in whole

    scenario()


def test_canary_on_a_plain_line_the_same_marker_is_visible(tmp_path: Path) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path) as w, Line(w.server.port) as line:
            seen: list[bytes] = []
            line.on_piece = seen.append
            await w.hub({Verb.PUSH: echo})
            node = await w.node(servers=(line.url,))
            await node.request(Verb.PUSH, b"MARKER", timeout=5)
            assert b"MARKER" in b"".join(seen)

    scenario()


def test_a_server_of_another_authority_is_refused_and_hears_nothing(
    tmp_path: Path, authority: KeyAndCertificate
) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path, **tls(authority)) as w:
            credentials = await w.enrol("n0001")
            w.authority_pem = make_authority("Kẻ lạ", NOW).certificate_pem
            node = await w.node("n0001", credentials, wait_s=0)
            await until(lambda: node.state.records.kind == "refused")
            assert isinstance(node.state.problem, ServerNotTrusted)
            with pytest.raises(ServerNotTrusted):
                await node.request(Verb.PUSH, b"x", timeout=5)

    scenario()


def test_a_certificate_for_another_name_is_refused(tmp_path: Path, authority: KeyAndCertificate) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path, **tls(authority)) as w:
            credentials = await w.enrol("n0001")
            wrong = await w.node("n0001", credentials, wait_s=0, server_name="other.bhxh.example")
            await until(lambda: wrong.state.records.kind == "refused")
            assert isinstance(wrong.state.problem, ServerNotTrusted)
            right = await w.node("n0001", credentials, server_name="hub.bhxh.example")
            assert right.state.is_connected

    scenario()


def test_a_server_that_offers_no_encryption_gets_nothing(tmp_path: Path, authority: KeyAndCertificate) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path) as w, Line(w.server.port) as line:
            credentials = await w.enrol("n0001")
            seen: list[bytes] = []
            line.on_piece = seen.append
            node = await w.node("n0001", credentials, wait_s=0, ca_pem=authority.certificate_pem, servers=(line.url,))
            await until(lambda: node.state.records.kind == "refused")
            assert isinstance(node.state.problem, ServerNotTrusted)
            assert b"CONNECT" not in b"".join(seen)

    scenario()


def test_an_older_tls_is_refused_by_the_server(tmp_path: Path, authority: KeyAndCertificate) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path, **tls(authority)) as w:
            old = ssl.create_default_context(cadata=authority.certificate_pem.decode())
            old.maximum_version = ssl.TLSVersion.TLSv1_2
            with pytest.raises(ssl.SSLError):
                await asyncio.open_connection("127.0.0.1", w.server.port, ssl=old, server_hostname="localhost")

    scenario()


def test_noise_on_an_encrypted_line_is_a_lost_line_not_a_wrong_answer(
    tmp_path: Path, authority: KeyAndCertificate
) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path, **tls(authority)) as w, Line(w.server.port) as line:
            await w.hub({Verb.PUSH: echo})
            node = await w.node(servers=(line.url.replace("nats:", "tls:"),))
            line.corrupt_next("up")
            outcome = await asyncio.gather(node.request(Verb.PUSH, b"x", timeout=5), return_exceptions=True)
            assert isinstance(outcome[0], Exception)
            await until(lambda: node.state.is_connected)
            assert await node.request(Verb.PUSH, b"y", timeout=5) == b"n0001:y"

    scenario()


def test_without_an_authority_only_this_machine_may_be_spoken_to(tmp_path: Path) -> None:
    @on_loop
    async def scenario() -> None:
        async with world(tmp_path) as w:
            credentials = await w.enrol("n0001")
            with pytest.raises(PlaintextRefused):
                w.settings("n0001", credentials, servers=("nats://hub.bhxh.example:4222",))
            assert clock().tzinfo is not None

    scenario()
