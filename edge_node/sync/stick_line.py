"""A stick as a line: what the hub put on it answers the questions of whoever fetches files; everything else has to wait for a line."""

from __future__ import annotations

from edge_node.sync.errors import NoLine
from edge_node.sync.line import Line
from sync_protocol.ids import BlobDigest
from sync_protocol.limits import CHUNK_BYTES
from sync_protocol.messages import BlobGet, BlobPart, ExistenceAsk, ExistenceOffer, Reply, Request


class StickLine(Line):
    """Answers from what was kept. Nothing is believed for lying here: files prove themselves by hash and signature as on any line."""

    def __init__(self) -> None:
        self.sent_bytes = self.received_bytes = 0
        self._parts: dict[tuple[BlobDigest, int], BlobPart] = {}
        self._index: ExistenceOffer | None = None

    def keep(self, reply: BlobPart | ExistenceOffer) -> None:
        """One answer that may be asked for."""
        if isinstance(reply, BlobPart):
            self._parts[reply.digest, reply.offset] = reply
        else:
            self._index = reply

    def has(self, digest: BlobDigest) -> bool:
        """Whether anything of a file is on the stick."""
        return any(held == digest for held, _ in self._parts)

    async def ask(self, request: Request, frame: bytes | None = None) -> Reply:
        """Raises NoLine: it is not on the stick."""
        match request:
            case ExistenceAsk() if self._index is not None:
                return self._index
            case BlobGet(digest=digest, offset=offset, length=length):
                begin = offset - offset % CHUNK_BYTES
                part = self._parts.get((digest, begin))
                chunk = part.chunk[offset - begin :][:length] if part else b""
                if part and chunk:
                    return BlobPart(digest, offset, chunk, part.size)
        raise NoLine()
