"""Secrets of the demonstration on disk, readable by this account only."""

from __future__ import annotations

import os
from pathlib import Path


def write_secret(path: Path, content: bytes) -> None:
    """Write a file with mode 0600."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
