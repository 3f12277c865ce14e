"""Key files: only their owner may read them, and they are whole or absent, never half written."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from central_hub.enrolment.errors import MaterialDamaged


def write_private(path: Path, content: bytes) -> None:
    """Write `content` so that it survives a power cut, with mode 0600 (its folder 0700).

    Raises:
        MaterialDamaged: the file could not be written.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = path.with_name(path.name + ".new")
        fresh.unlink(missing_ok=True)
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise MaterialDamaged(name=path.name, reason=error.strerror or type(error).__name__) from None


def read_private(path: Path) -> bytes:
    """The content of a key file.

    Raises:
        MaterialDamaged: missing, unreadable, or readable by others (then it is no longer a secret).
    """
    try:
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise MaterialDamaged(name=path.name, reason=f"mode {mode:04o} lets others read it")
        return path.read_bytes()
    except OSError as error:
        raise MaterialDamaged(name=path.name, reason=error.strerror or type(error).__name__) from None
