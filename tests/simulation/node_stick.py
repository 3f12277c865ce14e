"""What a simulated node carries to the hub by hand, and reads when it comes back."""

from __future__ import annotations

import contextlib
import hashlib
from functools import partial

from edge_node.existence.taking import take_index
from edge_node.store.node_store import read_number
from edge_node.sync.courier import Greeting, export_courier
from edge_node.sync.courier_answer import Desk, take_answer
from edge_node.sync.errors import NoLine
from edge_node.sync.stick_line import StickLine
from edge_node.sync.transfers import Transfers
from sync_protocol.adapters.sealed_sticks import StickReader
from sync_protocol.messages import HelloReply
from sync_protocol.stick_problems import StickOtherKey
from tests.simulation.hub import HUB, STICKS, line_signer_of
from tests.simulation.node_disk import Disk
from tests.simulation.stores import software_that_knows_not


class Stick(Disk):
    """The way without a line."""

    @property
    def sticks(self) -> StickReader:
        """What opens this machine's sticks; a copy of it has the same, a new machine under the name has not."""
        return StickReader(hashlib.sha256(b"sticks of " + self.signer.public_key).digest())

    def write_stick(self) -> bytes:
        """Everything not acknowledged, as a courier file. Raises Crashed when the machine is off."""
        greeting = None
        if self.world.weather.has("whole_sticks"):
            greeting = Greeting(self.office, self.signer.public_key, self.clock(), line_signer_of(self.node).sign, stick_key=self.sticks.public_key)
        return export_courier(self.store, self.files, HUB, self.signer.sign, self.node, greeting, to=STICKS.public_key).content  # type: ignore[arg-type]

    def read_stick(self, content: bytes) -> None:
        """The hub's answers come back by hand."""
        self._alive(partial(self._take_stick, content))

    def _take_stick(self, content: bytes) -> None:
        desk = Desk(self.store, self.files, self.known, self.node, self.office, self.clock, self.sticks)  # type: ignore[arg-type]
        work = take_answer(desk, content, self._take_index if self.world.weather.has("papers") else None)
        try:
            with software_that_knows_not(self.store.hides):
                work.send(None)
        except StopIteration as done:
            self.world.counters["stick_pages"] += done.value.news
            self.world.counters["stick_greeted"] += done.value.is_greeted
            self.note_words()
            return
        except StickOtherKey:  # of the machine that bore the name before: a person is told so, and nothing else happens
            self.world.counters["stick_of_another"] += 1
            return
        raise AssertionError("a stick that waits for something")

    async def _take_index(self, line: StickLine, transfers: Transfers, welcome: HelloReply) -> None:
        with contextlib.suppress(NoLine):
            if welcome.existence_ms > self.store.readers.run(lambda c: read_number(c, "existence_ms")):
                await take_index(line, transfers, self.store, self.known, welcome.existence_ms)  # type: ignore[arg-type]
