"""The main job with real processes, sockets and files: it ends with equal counts at both offices and the hub, or it fails."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.timeout(1_200)
def test_the_main_job_ends_with_equal_counts_at_both_offices_and_the_hub(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "deploy.demo.job", "--once", "--folder", str(tmp_path / "run")]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert ended.returncode == 0, ended.stdout[-4_000:] + ended.stderr[-2_000:]
    assert "Mọi số đều khớp." in ended.stdout
