"""The line of an office, to be cut: a network namespace with real kernel TCP where this is root, the demonstration's TCP relay otherwise.

A link that is down swallows packets and tells nobody; a relay that is cut drops every connection at once. Both happen in offices.
"""

from __future__ import annotations

import os
import subprocess
from typing import Protocol

from deploy.demo.job.line import Relay


def hub_side(office: int) -> str:
    """The hub's address on the line of an office; another in every run, so that two may stand beside each other."""
    return f"10.213.{os.getpid() % 60 * 4 + office}.1"


class OfficeLine(Protocol):
    """What a story needs of a line."""

    host: str
    port: int
    prefix: tuple[str, ...]

    def cut(self) -> None:
        """Nothing passes any more."""

    def mend(self) -> None:
        """Everything passes again."""

    def close(self) -> None:
        """Take the line away."""


class RelayLine:
    """A relay in front of the hub's port."""

    prefix: tuple[str, ...] = ()

    def __init__(self, hub_port: int) -> None:
        self._relay = Relay(hub_port)
        self.host, self.port = "127.0.0.1", self._relay.port
        self.cut, self.mend, self.close = self._relay.cut, self._relay.mend, self._relay.close


class NamespaceLine:
    """A namespace of its own joined to ours by one cable. Programs of the office run behind `prefix`."""

    def __init__(self, office: int, hub_port: int) -> None:
        self.host, self.port = hub_side(office), hub_port
        self._name = f"lt{os.getpid() % 100_000}o{office}"
        self._cable = f"lt{os.getpid() % 100_000}v{office}"
        self.prefix = ("ip", "netns", "exec", self._name)
        far = f"{self._cable}f"
        ip("netns", "add", self._name)
        ip("link", "add", self._cable, "type", "veth", "peer", "name", far, "netns", self._name)
        ip("addr", "add", f"{self.host}/30", "dev", self._cable)
        ip("link", "set", self._cable, "up")
        for words in (
            ("addr", "add", f"{self.host[:-1]}2/30", "dev", far),
            ("link", "set", far, "up"),
            ("link", "set", "lo", "up"),
        ):
            ip("-n", self._name, *words)

    def cut(self) -> None:
        """Pull the cable."""
        ip("link", "set", self._cable, "down")

    def mend(self) -> None:
        """Put it back."""
        ip("link", "set", self._cable, "up")

    def close(self) -> None:
        """Both ends of the cable go with the namespace."""
        ip("netns", "del", self._name)


def can_make_namespaces() -> bool:
    """Whether this process may: root, with `ip` installed, in a system that lets it."""
    if os.geteuid() != 0:
        return False
    name = f"lt{os.getpid() % 100_000}try"
    try:
        ip("netns", "add", name)
        ip("netns", "del", name)
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def ip(*words: str) -> None:
    """One command of iproute2. Raises CalledProcessError."""
    subprocess.run(("ip", *words), check=True, capture_output=True)
