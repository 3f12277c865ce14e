"""Small files that are either wholly there or not at all, also after a power loss.

Invariant: temporary file, fsync, rename, fsync of the folder; a reader sees the old bytes or the new bytes, never a mixture.
Functions raise OSError; the calling room turns it into its own Problem.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterable
from pathlib import Path

OWNER_ONLY = 0o600


def write_durably(path: Path, content: bytes, *, mode: int = OWNER_ONLY) -> None:
    """Replace `path` by `content`; returns after both the bytes and the name are on the disk. Idempotent."""
    write_pieces_durably(path, (content,), mode=mode)


def write_pieces_durably(path: Path, pieces: Iterable[bytes], *, mode: int = OWNER_ONLY) -> int:
    """As `write_durably`, of what is made while it is written; returns how many bytes it was. What ends the making leaves `path` as it was."""
    partial = _written_beside(path, pieces, mode)
    size = partial.stat().st_size
    try:
        partial.replace(path)
    except OSError:
        partial.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)
    return size


def create_durably(path: Path, content: bytes, *, mode: int = OWNER_ONLY) -> None:
    """As `write_durably`, but an existing file stays untouched and FileExistsError is raised."""
    partial = _written_beside(path, (content,), mode)
    try:
        path.hardlink_to(partial)
    finally:
        partial.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in `folder` durable."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _written_beside(path: Path, pieces: Iterable[bytes], mode: int) -> Path:
    partial = path.with_name(f".{path.name}.{secrets.token_hex(6)}.partial")
    handle = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, mode)
    try:
        for piece in pieces:
            view = memoryview(piece)
            while view:
                view = view[os.write(handle, view) :]
        os.fsync(handle)
    except BaseException:  # whoever makes the pieces may fail, or be interrupted
        partial.unlink(missing_ok=True)
        raise
    finally:
        os.close(handle)
    return partial
