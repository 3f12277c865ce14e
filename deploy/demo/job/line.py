"""The line of an office: a TCP relay in front of the hub that the story can cut and mend, and that counts what passes."""

from __future__ import annotations

import asyncio
import contextlib
import threading


class Relay:
    """Relays one port to another in a thread of its own. Cut: every connection is dropped and none is taken."""

    def __init__(self, target_port: int) -> None:
        self.up_bytes = 0
        self.down_bytes = 0
        self.port = 0
        self._target = target_port
        self._is_cut = False
        self._open: set[asyncio.StreamWriter] = set()
        self._loop = asyncio.new_event_loop()
        ready = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready,), daemon=True, name="line")
        self._thread.start()
        ready.wait()

    def cut(self) -> None:
        """Cut the line now."""
        self._is_cut = True
        asyncio.run_coroutine_threadsafe(self._drop(), self._loop).result()

    def mend(self) -> None:
        """Let connections through again."""
        self._is_cut = False

    def close(self) -> None:
        """End the relay."""
        self.cut()
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(2)

    def _run(self, ready: threading.Event) -> None:
        asyncio.set_event_loop(self._loop)
        server = self._loop.run_until_complete(asyncio.start_server(self._serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        ready.set()
        self._loop.run_forever()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._is_cut:
            writer.close()
            return
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self._target)
        except OSError:
            writer.close()
            return
        self._open |= {writer, far_writer}
        await asyncio.gather(self._pump(reader, far_writer, True), self._pump(far_reader, writer, False))
        self._open -= {writer, far_writer}

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, is_up: bool) -> None:
        with contextlib.suppress(OSError, ConnectionError):
            while piece := await reader.read(65_536):
                if is_up:
                    self.up_bytes += len(piece)
                else:
                    self.down_bytes += len(piece)
                writer.write(piece)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()

    async def _drop(self) -> None:
        for writer in list(self._open):
            writer.transport.abort()
