"""Where the pages listen: a taken port is said before anything is begun."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from deploy.demo.job.stage import Actor, CommandFailed
from sync_protocol.adapters.web.errors import AddressNotFree
from sync_protocol.adapters.web.listening import listen_at


def test_a_port_that_another_program_has_is_named_with_the_reason() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(AddressNotFree) as caught:
            listen_at("127.0.0.1", port)
    assert str(port) in str(caught.value) and "EADDRINUSE" in caught.value.operator_line


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(AddressNotFree) as caught:
        listen_at("192.0.2.1", 0)
    assert "EADDRNOTAVAIL" in caught.value.operator_line


def test_any_free_port_is_given_at_a_name_and_at_an_address() -> None:
    for host in ("localhost", "127.0.0.1"):
        with listen_at(host, 0) as taken:
            assert taken.getsockname()[1]


def test_a_hub_whose_port_is_taken_says_so_and_starts_nothing(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        hub = Actor("hub", tmp_path / "hub")
        hub.run("init", "--name", "t", "--web-port", str(other.getsockname()[1]))
        with pytest.raises(CommandFailed, match="WEB-016"):
            hub.run("serve")
    assert not (tmp_path / "hub" / "bus" / "nats.pid").exists()


def test_a_hub_whose_port_for_nodes_is_taken_says_so_at_once(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, socket.create_server(("127.0.0.1", 0)) as free:
        web = free.getsockname()[1]
        free.close()
        hub = Actor("hub", tmp_path / "hub")
        hub.run("init", "--name", "t", "--web-port", str(web), "--bus-port", str(other.getsockname()[1]))
        with pytest.raises(CommandFailed, match=r"WEB-016.*\[bus\]"):
            hub.run("serve")
    assert not (tmp_path / "hub" / "bus" / "nats.pid").exists()


def test_the_second_half_of_an_answer_does_not_wait_until_the_first_is_acknowledged() -> None:
    with listen_at("127.0.0.1", 0) as listener, socket.create_connection(listener.getsockname()[:2]):
        accepted, _ = listener.accept()
        with accepted:
            assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
