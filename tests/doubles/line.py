"""A bad line between a node and a server: a TCP proxy that is slow, late, cut, frozen or noisy on command.

It works wherever Python runs. It cannot lose single packets (the kernel's TCP on both sides is a loopback's); for loss see
`namespace_line`, which needs root.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from collections.abc import Callable
from types import TracebackType
from typing import Literal

Direction = Literal["up", "down"]  # up: from the node to the server

_PIECE = 16_384


class Line:
    """One listening port that leads to `target_port` on this machine.

    Attributes:
        bytes_per_s: the rate of each direction; 0 is unlimited.
        delay_s: how late each piece arrives.
        accepted: connections ever taken.
        carried: bytes delivered in each direction.
        on_piece: sees every piece as an eavesdropper would.
    """

    def __init__(self, target_port: int) -> None:
        self.bytes_per_s = 0
        self.delay_s = 0.0
        self.accepted = 0
        self.carried: dict[Direction, int] = {"up": 0, "down": 0}
        self.port = 0
        self.on_piece: Callable[[bytes], object] = lambda piece: None
        self._target_port = target_port
        self._refusing = False
        self._noise: dict[Direction, int] = {"up": 0, "down": 0}
        self._flows: dict[Direction, asyncio.Event] = {"up": asyncio.Event(), "down": asyncio.Event()}
        self._writers: set[asyncio.StreamWriter] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def __aenter__(self) -> Line:
        for flow in self._flows.values():
            flow.set()
        listener = socket.create_server(("127.0.0.1", 0))
        # Small buffers: the node's kernel must feel the slow line, not fill megabytes of loopback buffer at once.
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, _PIECE)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _PIECE)
        self._server = await asyncio.start_server(self._on_connect, sock=listener, limit=_PIECE)
        self.port = listener.getsockname()[1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.cut()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._server is not None:
            self._server.close()

    @property
    def url(self) -> str:
        """Where a node connects instead of the server."""
        return f"nats://127.0.0.1:{self.port}"

    def cut(self) -> None:
        """Reset every connection; what was under way is gone."""
        for writer in list(self._writers):
            _reset(writer)

    def refuse(self, refusing: bool = True) -> None:
        """Reset new connections at once (the cable is out), or take them again."""
        self._refusing = refusing

    def freeze(self, *directions: Direction) -> None:
        """Carry nothing more in these directions (both by default), with every connection left open."""
        for direction in directions or ("up", "down"):
            self._flows[direction].clear()

    def thaw(self) -> None:
        """Carry again; what was held arrives late."""
        for flow in self._flows.values():
            flow.set()

    def corrupt_next(self, direction: Direction) -> None:
        """Flip one bit of the next piece carried in this direction."""
        self._noise[direction] += 1

    async def _on_connect(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.accepted += 1
        if self._refusing:
            _reset(writer)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target_port, limit=_PIECE)
        except OSError:
            _reset(writer)
            return
        self._writers |= {writer, far_writer}
        for direction, source, sink in (("up", reader, far_writer), ("down", far_reader, writer)):
            task = asyncio.get_running_loop().create_task(self._carry(direction, source, sink))  # type: ignore[arg-type]
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _carry(self, direction: Direction, source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while True:
                await self._flows[direction].wait()
                piece = await source.read(_PIECE)
                if not piece:
                    break
                await self._flows[direction].wait()
                pause = self.delay_s + (len(piece) / self.bytes_per_s if self.bytes_per_s else 0)
                if pause:
                    await asyncio.sleep(pause)
                self.on_piece(piece)
                sink.write(self._with_noise(direction, piece))
                await sink.drain()
                self.carried[direction] += len(piece)
        self._writers.discard(sink)
        _reset(sink)

    def _with_noise(self, direction: Direction, piece: bytes) -> bytes:
        if not self._noise[direction]:
            return piece
        self._noise[direction] -= 1
        middle = len(piece) // 2
        return piece[:middle] + bytes([piece[middle] ^ 0x10]) + piece[middle + 1 :]


def _reset(writer: asyncio.StreamWriter) -> None:
    sock = writer.get_extra_info("socket")
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()
