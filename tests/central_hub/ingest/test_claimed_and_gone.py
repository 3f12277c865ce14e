"""A grain that an upload claims to hold and does not (a power cut): the sender is asked for it again, and nothing is called refused."""

from __future__ import annotations

from pathlib import Path

from sync_protocol.ids import BlobDigest
from tests.offices import Clock, Hub
from tests.sync_protocol.adapters.files.promises import content, digest_of


def test_what_was_claimed_and_is_gone_is_asked_for_again(tmp_path: Path) -> None:
    hub = Hub(tmp_path / "hub", Clock())
    files = hub.service.files
    whole = content(300_000)
    digest = BlobDigest(bytes.fromhex(digest_of(whole)))
    half = 131_072
    assert files._have(digest, len(whole)).parts
    assert files._put_chunk(digest, 0, whole[:half]).parts
    upload = next(
        path for path in (tmp_path / "hub" / "files").rglob("*") if path.is_file() and path.read_bytes()[:4] == b"LTU1"
    )
    torn = bytearray(upload.read_bytes())
    torn[200:600] = bytes(400)
    upload.write_bytes(torn)
    asked = files._put_chunk(digest, half, whole[half:])
    while asked.parts:
        assert not asked.verified
        offset, length = asked.parts[0]
        asked = files._put_chunk(digest, offset, whole[offset : offset + length])
    assert asked.verified and files.files.get(digest.hex()) == whole
    hub.close()
