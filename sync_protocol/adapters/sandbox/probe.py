"""The task that shows the sandbox works on this machine: it gives back what it was given."""

from __future__ import annotations

from typing import Any


def echo(payload: bytes, arguments: dict[str, Any]) -> bytes:
    """Return the payload unchanged."""
    return payload
