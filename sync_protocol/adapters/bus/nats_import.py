"""Importing the NATS client without its WebSocket half, which no office uses and which costs a third of a second at every start.

`nats.aio.transport` takes `aiohttp` along when it finds it, and that reads every certificate authority of the machine. The client is written to
live without it. Only a program's entry point calls this; whoever needs `aiohttp` later imports it as usual.
"""

from __future__ import annotations

import importlib
import sys


def import_client_alone() -> None:
    """Import the client now, so that it does not find `aiohttp`. Nothing happens where either was imported before."""
    if "nats" in sys.modules or "aiohttp" in sys.modules:
        return
    hidden: dict[str, object] = sys.modules  # type: ignore[assignment]  # None is Python's own way to say "not there"
    hidden["aiohttp"] = None
    try:
        importlib.import_module("nats.aio.client")
    finally:
        del hidden["aiohttp"]
