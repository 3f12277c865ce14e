"""A service that begins slowly says so, to systemd and to people, and stops saying so."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync_protocol.adapters.service_notice import slow_beginning


@pytest.fixture
def heard(tmp_path: Path) -> Iterator[socket.socket]:
    """What systemd would hear."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as ear:
        ear.bind(str(tmp_path / "notify"))
        ear.settimeout(60)  # only a failing test waits so long
        yield ear


def test_systemd_is_told_again_and_again_to_wait_and_people_once(heard: socket.socket, tmp_path: Path) -> None:
    told: list[str] = []
    with slow_beginning({"NOTIFY_SOCKET": str(tmp_path / "notify")}, lambda: told.append("slow"), told_after_s=0, every_s=0.01, most_s=60):
        assert {heard.recv(100) for _ in range(3)} == {b"EXTEND_TIMEOUT_USEC=30000"}
        assert told == ["slow"]
    heard.setblocking(False)
    with pytest.raises(BlockingIOError):
        while True:  # what was said before the end
            heard.recv(100)


def test_who_begins_soon_says_nothing(heard: socket.socket, tmp_path: Path) -> None:
    told: list[str] = []
    with slow_beginning({"NOTIFY_SOCKET": str(tmp_path / "notify")}, lambda: told.append("slow"), told_after_s=3_600):
        pass
    heard.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard.recv(100)
    assert told == []


def test_what_never_ends_is_left_to_systemd(heard: socket.socket, tmp_path: Path) -> None:
    with slow_beginning({"NOTIFY_SOCKET": str(tmp_path / "notify")}, lambda: None, told_after_s=0, every_s=0.01, most_s=0.02):
        assert [heard.recv(100) for _ in range(2)] == [b"EXTEND_TIMEOUT_USEC=30000"] * 2
        heard.setblocking(False)
    with pytest.raises(BlockingIOError):
        heard.recv(100)


def test_a_beginning_that_fails_fails(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="gone"), slow_beginning({}, lambda: None, told_after_s=3_600):
        raise OSError("gone")
