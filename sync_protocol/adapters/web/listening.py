"""The socket of the pages (and a look at the port for nodes), taken before anything else is started, so that a taken port is said in our words and leaves nothing half begun."""

from __future__ import annotations

import errno
import socket

from sync_protocol.adapters.web.errors import AddressNotFree


def listen_at(host: str, port: int, *, section: str = "web") -> socket.socket:
    """A listening socket at a host's name or address and a port (0: any free one); the caller closes it.

    `section` names the part of the settings that asked for it.

    Raises:
        AddressNotFree: another program has it, it is not this machine's, or this user may not.
    """
    try:
        family, *_, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
        listener = socket.create_server(address[:2], family=family)
        # Taken over by every connection. asyncio does so by itself only for sockets that were opened by it; without it the second half of
        # each answer waits 40 ms until the browser acknowledges the first.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        return listener
    except OSError as error:
        reason = errno.errorcode.get(error.errno or 0, type(error).__name__)
        raise AddressNotFree(host=host, port=port, section=section, reason=reason) from error
