"""The verifier loads on a machine without time-zone files, and leaves the zones as they were."""

from __future__ import annotations

import subprocess
import sys

CODE = """
import sys, zoneinfo
zoneinfo.reset_tzpath([])
sys.modules["tzdata"] = None
from sync_protocol.adapters.verification.zone import load_validation
before = zoneinfo.ZoneInfo
load_validation()
print("pyhanko.sign.validation" in sys.modules or "files found", zoneinfo.ZoneInfo is before)
"""


def test_the_verifier_loads_without_time_zone_files() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, check=True)
    assert done.stdout.decode().split() == ["True", "True"]


def test_without_the_help_it_would_not_load() -> None:
    bare = CODE.replace("load_validation()\n", "import pyhanko.sign.validation\n")
    assert (
        b"ZoneInfoNotFoundError"
        in subprocess.run([sys.executable, "-c", bare], capture_output=True, check=False).stderr
    )
