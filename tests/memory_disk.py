"""A folder in memory, where tests keep what they would otherwise wait for a disk to have written.

No test here cuts a power cord: what a lost write costs is tried in tests/faults and tests/simulation, which lose it themselves. On a busy disk one
fsync took 9.4 ms, there 0.003; a hub's database on a server took 0.6 s to make and 1.8 to remove, there 0.07 and 0.04 (630 files, 19 MB).
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Final

MEMORY: Final = Path("/dev/shm")
BYTES_MIN: Final = 4 * 2**30


def memory_disk() -> Path | None:
    """The folder, where the machine has it with room for a test run and lets programs run there."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= BYTES_MIN else None
