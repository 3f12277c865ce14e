"""The country of the story: one hub with its message server, three machines in two offices, their lines, and one ledger."""

from __future__ import annotations

import contextlib
import os
import random
import signal
from collections.abc import Iterator
from pathlib import Path

from deploy.demo.job.stage import Actor, free_port, wait_for
from tests.faults.processes import disks
from tests.faults.processes.desks import Desk
from tests.faults.processes.ledger import Ledger
from tests.faults.processes.lines import NamespaceLine, OfficeLine, RelayLine, hub_side

MACHINES = (("n00101a", "00101"), ("n00101b", "00101"), ("n00102a", "00102"))


class Country:
    """Made in `folder`. `is_root`: cables are pulled and disks are file systems; else a relay and a limit stand for them."""

    def __init__(self, folder: Path, seed: int, *, machines: int = 3, is_root: bool = False) -> None:
        self.folder, self.is_root = folder, is_root
        self.chance = random.Random(seed)
        self.ledger = Ledger()
        self.seats = seed * 1_000
        self.small_disks: dict[str, disks.SmallDisk] = {}
        self.bus_port, self.web_port = free_port(), free_port()
        self.desks: dict[str, Desk] = {}
        self.hub = Actor("hub", self._disk("hub"))
        try:
            self._begin(machines)
        except BaseException:
            self.close()  # a country half begun left programs and file systems behind
            raise

    def _begin(self, machines: int) -> None:
        names = [hub_side(number) for number in range(1, machines + 1)] if self.is_root else []
        self.hub.run("init", "--name", "trungtam", "--bus-port", str(self.bus_port), "--web-port", str(self.web_port))
        self._serve_on(names)
        self.hub.run("catalogue build", "--json")
        self.start_hub()
        for number, (node, office) in enumerate(MACHINES[:machines], start=1):
            self.enrol(node, office, self._line(number))

    def _disk(self, name: str) -> Path:
        if self.is_root:
            self.small_disks[name] = disks.SmallDisk(self.folder / name)
        return self.folder / name

    def _line(self, number: int) -> OfficeLine:
        return NamespaceLine(number, self.bus_port) if self.is_root else RelayLine(self.bus_port)

    def _serve_on(self, names: list[str]) -> None:
        if names:
            settings = self.hub.state / "hub.toml"
            listed = ", ".join(f'"{name}"' for name in ("localhost", "127.0.0.1", *names))
            text = settings.read_text(encoding="utf-8")
            settings.write_text(text.replace("[bus]\n", f'[bus]\nhost = "0.0.0.0"\nnames = [{listed}]\n'), encoding="utf-8")

    def enrol(self, node: str, office: str, line: OfficeLine) -> Desk:
        """One more machine, at work."""
        bundle = self.folder / f"{node}.bundle"
        handed = self.hub.run("enrol", node, office, "--out", bundle, "--server", f"tls://{line.host}:{line.port}", "--json")
        desk = Desk(node, office, self._disk(node), line)
        desk.settle_in(bundle.read_bytes(), handed["code"])
        desk.start()
        self.desks[node] = desk
        return desk

    # ---- the hub ----------------------------------------------------------------------------------------------------

    def start_hub(self) -> None:
        """Serve; returns when it does."""
        running = self.hub.state / "running.json"
        running.unlink(missing_ok=True)
        self.hub.start("serve")
        wait_for("the hub", lambda: self.hub.stands() and running.exists())

    def kill_server(self) -> bool:
        """SIGKILL the message server alone; its keeper starts it again. False where there was none just then."""
        with contextlib.suppress(OSError, ValueError):
            os.kill(int((self.hub.state / "bus" / "nats.pid").read_text(encoding="ascii")), signal.SIGKILL)
            return True
        return False

    # ---- people ------------------------------------------------------------------------------------------------------

    def seat(self, desk: Desk, *, says_first: bool = False) -> None:
        """An officer sits down at a desk where nobody does."""
        if desk.clerk is None:
            self.seats += 1
            desk.begin_work(self.seats, says_first=says_first)

    def listen(self) -> None:
        """Write down what everybody has said."""
        for desk in self.desks.values():
            if desk.clerk is not None:
                for saved in desk.clerk.words():
                    self.ledger.note(desk.node, saved, is_copy=desk.is_copy)

    def rise(self, desk: Desk, *, killed: bool = False) -> None:
        """The officer of a desk ends the work, or is ended; nothing said before is missed."""
        if desk.clerk is not None:
            desk.clerk.kill() if killed else desk.clerk.finish()
            self.listen()
            desk.clerk = None

    # ---- disks -------------------------------------------------------------------------------------------------------

    def held(self) -> set[str]:
        """Acts and files that stand on any disk now."""
        return set().union(*(disks.acts_on(one) | disks.files_on(one, self.ledger.files) for one in self.folders()))

    def folders(self) -> list[Path]:
        """The hub's disk and every desk's."""
        return [self.hub.state, *(desk.state for desk in self.desks.values())]

    @contextlib.contextmanager
    def full_disk(self, who: str) -> Iterator[None]:
        """For a while there is no room on the disk of "hub" or of a node."""
        pids = self.desks[who].pids() if who in self.desks else [self.hub.pid] if self.hub.pid else []
        if who in self.small_disks:
            self.small_disks[who].fill()
        else:
            for pid in pids:
                disks.limit_files(pid, disks.LITTLE_BYTES)
        try:
            yield
        finally:
            if who in self.small_disks:
                self.small_disks[who].empty()
            else:
                for pid in pids:
                    disks.limit_files(pid, None)

    def close(self) -> None:
        """End everything that was started here."""
        for desk in self.desks.values():
            with contextlib.suppress(Exception):
                self.rise(desk, killed=True)
                desk.stop(signal.SIGKILL)
        self.hub.kill()
        for line in {desk.line for desk in self.desks.values()}:
            line.close()  # a clone is on its original's line
        for disk in self.small_disks.values():
            disk.close()
