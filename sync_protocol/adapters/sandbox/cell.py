"""The cell around a sandboxed process: which directories it sees and which command starts it.

Invariant: only libraries are visible: `/usr/lib`, the interpreter, its packages and the top packages that hold the
tasks. No shell, no `/etc`, no home, no data directory, no network; root is read-only and the user is nobody.
`/usr` is never bound whole: with it, `sh` could be executed (measured).
"""

from __future__ import annotations

import os
import shutil
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path

import sync_protocol
from sync_protocol.adapters.sandbox import stem as sandbox_stem

NOBODY = "65534"


def _interpreter() -> str:
    return os.path.realpath(getattr(sys, "_base_executable", sys.executable))


def _search_path() -> list[str]:
    """Directories for the child's `sys.path`: the packages, then the checkout (or the same directory again)."""
    places = [sysconfig.get_path("purelib"), sysconfig.get_path("platlib"), str(_package_root())]
    return list(dict.fromkeys(places))


def _package_root() -> Path:
    return Path(next(iter(sync_protocol.__path__))).parent


def stem_command() -> list[str]:
    """The bare command that starts a stem, without any cell."""
    return [_interpreter(), "-I", "-S", "-B", "-X", "utf8", str(sandbox_stem.__file__), *_search_path()]


def child_environment() -> dict[str, str]:
    """The whole environment of a stem: one thread, and the interpreter's own shared library."""
    return {
        "LD_LIBRARY_PATH": f"{sys.base_prefix}/lib",
        "OPENBLAS_NUM_THREADS": "1",
        "OMP_NUM_THREADS": "1",
        "LANG": "C.UTF-8",
    }


def bubblewrap_command(top_packages: Iterable[str]) -> list[str] | None:
    """The prefix that puts the child into new namespaces, or None where bubblewrap is not installed.

    Args:
        top_packages: names of top-level packages beside `sync_protocol` that hold task functions.
    """
    program = shutil.which("bwrap")
    if program is None:
        return None
    command = [program, "--unshare-all", "--unshare-user", "--uid", NOBODY, "--gid", NOBODY, "--cap-drop", "ALL"]
    # Not --die-with-parent: that follows the thread which started it. A stem ends when its socket does.
    command += ["--new-session", "--hostname", "sandbox", "--chdir", "/"]
    for link in ("/lib", "/lib64"):
        if Path(link).is_symlink():
            command += ["--symlink", str(Path(link).readlink()), link]
        else:
            command += ["--ro-bind-try", link, link]
    for place in _visible_places(top_packages):
        command += ["--ro-bind-try", place, place]
    return [*command, "--remount-ro", "/", "--"]


def _visible_places(top_packages: Iterable[str]) -> list[str]:
    root = _package_root()
    places = ["/usr/lib", "/usr/lib64", _interpreter(), sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib")]
    places += [str(Path(sys.base_prefix) / "lib"), sysconfig.get_path("purelib"), sysconfig.get_path("platlib")]
    places += [str(root / name) for name in ("sync_protocol", *top_packages)]
    return list(dict.fromkeys(places))
