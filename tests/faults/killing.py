"""Real processes killed with SIGKILL at random moments: the node, the hub with its message server, or both; then what was said is compared with what is there.

The short run is `test_killed_processes.py`; the long one `python -m tests.faults.killing --rounds 200 --seed 1`.
"""

from __future__ import annotations

import argparse
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import msgspec

from central_hub.app import Hub
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.log_walk import walk_lanes, walk_views
from tests.benchmarks.stage import open_stage

DRAIN_S = 120
START_S = 60


class Killed(msgspec.Struct, frozen=True):
    """What a run did and found. `restored` counts hubs put back from an older copy."""

    kills: int
    restored: int
    said: int
    lost: int
    doubled: int
    findings: tuple[str, ...]

    @property
    def is_clean(self) -> bool:
        """Everything that was said to be saved is at the hub once, and both logs hold."""
        return self.lost == self.doubled == 0 and not self.findings


class _Desk:
    """The node's process and everything it ever said to be durable."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.said: set[str] = set()
        self._start()

    def _start(self, *more: str) -> None:
        command = [sys.executable, "-m", "tests.faults.desk_process", str(self.root), *more]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path.cwd())
        self._listening = threading.Thread(target=self._listen, args=(self.process,))
        self._listening.start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            if line.endswith("\n"):
                self.said.add(line.strip())

    def say_more(self, count: int) -> None:
        """Wait until it has said so much more."""
        until = time.monotonic() + START_S
        wanted = len(self.said) + count
        while len(self.said) < wanted and time.monotonic() < until:
            time.sleep(0.005)

    def kill(self) -> None:
        """SIGKILL; what it had said is kept."""
        self.process.kill()
        self.process.wait()
        self._listening.join()

    def again(self) -> None:
        """Start on the same disk."""
        self._start()

    def drain(self) -> bool:
        """Bring everything to the hub; False when it did not end."""
        self.kill()
        self._start("--drain")
        try:
            return self.process.wait(DRAIN_S) == 0
        except subprocess.TimeoutExpired:
            return False
        finally:
            self.kill()


def kill_at_random(rounds: int, seed: int, *, with_restore: bool = True) -> Killed:
    """`rounds` kills; in the middle, once, the hub is put back from the copy that it had at the beginning ("yesterday's")."""
    chance = random.Random(seed)
    restored = 0
    with tempfile.TemporaryDirectory() as folder, open_stage(Path(folder), settings="\n[feed]\nbytes = 4194304\n") as stage:
        node = stage.node("n00101a", "00101")
        root = node.folder.root
        node.close()
        stage.hub.stop()  # an orderly end: the copy of a database that was killed would lack its write-ahead log
        yesterday = Path(folder) / "yesterday.db"
        shutil.copy(stage.files.database, yesterday)
        stage.start()
        desk = _Desk(root)
        for number in range(rounds):
            desk.say_more(chance.randint(1, 40))
            time.sleep(chance.uniform(0, 0.3))
            victims = chance.choice((("desk",), ("hub",), ("desk", "hub")))
            if "desk" in victims:
                desk.kill()
            if "hub" in victims or (with_restore and number == rounds // 2):
                stage.hub.kill()
                if with_restore and number == rounds // 2:
                    for end in ("-wal", "-shm"):
                        stage.files.database.with_name(stage.files.database.name + end).unlink(missing_ok=True)
                    shutil.copy(yesterday, stage.files.database)
                    restored += 1
                stage.start()
            if "desk" in victims:
                desk.again()
        is_drained = desk.drain()
        stage.hub.stop()
        return _compare(stage.files.root, desk.said, rounds, restored, is_drained)


def _compare(root: Path, said: set[str], rounds: int, restored: int, is_drained: bool) -> Killed:
    hub = Hub(root, KeyFileOnDisk(root / "unattended.key"))
    try:
        held = hub.store.readers.run(lambda c: [bytes(one).hex() for (one,) in c.execute("SELECT id FROM event WHERE type = 'dossier.received'")])
        rids = hub.store.readers.run(lambda c: [one for (one,) in c.execute("SELECT rid FROM event WHERE type = 'dossier.received'")])
        findings = [one.detail for one in (*hub.store.readers.run(walk_lanes)[2], *hub.store.readers.run(walk_views)[1])]
    finally:
        hub.store.close()
    if not is_drained:
        findings.append("the queue did not drain")
    return Killed(rounds, restored, len(said), len(said - set(held)), len(rids) - len(set(rids)), tuple(findings))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    outcome = kill_at_random(asked.rounds, asked.seed)
    sys.stdout.write(f"{outcome}\n")
    sys.exit(0 if outcome.is_clean else 1)
