"""A process killed while it saves loses nothing it acknowledged and leaves nothing half done."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.sqlite import full_read_check, open_database
from tests.faults.saver import KEY, SEALING

KILLS = 8


def acknowledged_before_kill(folder: Path, lines: int) -> list[str]:
    """Start the saver, read `lines` acknowledgements, kill it, and return all it had said."""
    command = [sys.executable, "-m", "tests.faults.saver", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={"PYTHONPATH": str(Path.cwd())}) as process:
        assert process.stdout is not None
        said = [process.stdout.readline() for _ in range(lines)]
        process.kill()
        said += process.stdout.readlines()
    return [line.strip() for line in said if line.endswith("\n")]


def test_nothing_acknowledged_is_lost_to_a_kill(tmp_path: Path) -> None:
    chance, acknowledged = random.Random(2), set[str]()
    for _ in range(KILLS):
        acknowledged |= set(acknowledged_before_kill(tmp_path, chance.randint(1, 12)))
    connection = open_database(tmp_path / "node.db", KEY)
    full_read_check(connection)
    papers = {str(digest) for (digest,) in connection.execute("SELECT digest FROM paper")}
    outbox = {str(digest) for (digest,) in connection.execute("SELECT digest FROM outbox")}
    connection.close()
    files = FilesOnDisk(tmp_path / "files", SEALING)
    assert len(acknowledged) >= KILLS and acknowledged <= papers == outbox
    assert all(files.get(digest) for digest in papers)
    assert not list((tmp_path / "files" / "partial").iterdir())
