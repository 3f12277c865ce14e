"""Opening a citizen's paper at this desk: the bytes, with the audit row that says who opened what (domain.md E.3)."""

from __future__ import annotations

from edge_node.desk import Desk
from edge_node.store import audit
from sync_protocol.ids import BlobDigest, RecordId


def is_here(desk: Desk, digest: BlobDigest) -> bool:
    """Whether the file is held at this node."""
    return desk.files.has(digest.hex())


def read_copy(desk: Desk, officer: str, role: str, rid: RecordId, digest: BlobDigest) -> bytes:
    """The file's bytes; the audit row is durable before they are returned. A Problem of the store where they are not here."""
    content = desk.files.get(digest.hex())
    desk.store.writer.run(
        lambda c: audit.record(
            c, at_ms=desk.now_ms(), actor=officer, role=role, what="read_copy", rid=rid, purpose="giải quyết hồ sơ",
            outcome=digest.hex()[:16],
        )
    )  # fmt: skip
    return content
