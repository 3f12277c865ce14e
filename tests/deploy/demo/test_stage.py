"""The stage of the demonstration: ports that nobody takes meanwhile, and a program that ended says so at once."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from deploy.demo.job.stage import OTHER_PORTS, Actor, CommandFailed, free_port


def test_a_port_in_place_of_a_taken_one_is_none_that_an_outgoing_connection_could_get() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        found = free_port(taken.getsockname()[1])
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text("ascii").split()[0])
    assert found in OTHER_PORTS and found < first


@pytest.mark.parametrize("nothing", [None, 0])
def test_no_wish_gives_a_real_port(nothing: int | None) -> None:
    assert free_port(nothing) in OTHER_PORTS


def test_a_program_that_ended_is_not_waited_for(tmp_path: Path) -> None:
    actor = Actor("hub", tmp_path / "nowhere")
    actor.start("serve")
    assert actor._process is not None
    actor._process.wait()
    with pytest.raises(CommandFailed, match="đã dừng"):
        actor.stands()
