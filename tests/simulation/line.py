"""The line of a simulated node: what asks the hub is a generator, resumed with the reply, or with None when no answer came."""

from __future__ import annotations

from collections.abc import Coroutine, Generator

from edge_node.sync.line import Line
from sync_protocol.adapters import signatures
from sync_protocol.adapters.bus.errors import RequestTimedOut
from sync_protocol.messages import Reply, Request
from tests.simulation.hub import SIGNER

Work = Generator[Request, Reply | None, None] | Coroutine[Request, Reply | None, None]


class _Question:
    """A request that the world carries; what awaits it is resumed with the reply."""

    def __init__(self, request: Request) -> None:
        self.request = request

    def __await__(self) -> Generator[Request, Reply | None, Reply | None]:
        return (yield self.request)


class SimLine(Line):
    """The line as the product's own file, filling and index code uses it."""

    def __init__(self) -> None:
        self.sent_bytes = self.received_bytes = 0

    async def ask(self, request: Request) -> Reply:
        reply = await _Question(request)
        if reply is None:
            raise RequestTimedOut(verb=type(request).__name__, seconds=60)
        return reply


def verify_hub(message: bytes, mark: bytes) -> None:
    """Prove a signature of the hub."""
    signatures.verify(SIGNER.public_key, message, mark)
