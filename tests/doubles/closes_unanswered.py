"""A message server that greets, listens to who asks, and closes without an answer: a refusal whose words were lost on the way."""

from __future__ import annotations

import asyncio
from types import TracebackType

_GREETING = (
    b'INFO {"server_id":"X","version":"2.11.0","proto":1,"headers":true,"max_payload":1048576,"nonce":"abc"}\r\n'
)


class ClosesUnanswered:
    """One listening port on this machine.

    Attributes:
        asked: how many connections sent their credentials.
    """

    def __init__(self) -> None:
        self.asked = 0
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> ClosesUnanswered:
        self._server = await asyncio.start_server(self._greet, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._server is not None:
            self._server.close()

    @property
    def url(self) -> str:
        """Where to connect."""
        assert self._server is not None
        return f"nats://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(_GREETING)
        await writer.drain()
        if (await reader.readline()).startswith(b"CONNECT"):
            self.asked += 1
        await reader.readline()  # its ping, so that the close below is a plain one
        writer.close()
