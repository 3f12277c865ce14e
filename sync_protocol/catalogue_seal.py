"""Catalogue seal: the exact bytes the hub signs for a catalogue file and a node verifies.

Invariant: the bytes begin with what is signed, so that a signature on a catalogue can never pass for one on a receipt.
"""

from __future__ import annotations

_PURPOSE = b"lienthong catalogue file, sha-256\n"


def sealed_bytes(sha256: bytes) -> bytes:
    """Return the message to sign or verify for a file with this SHA-256 digest (32 bytes)."""
    return _PURPOSE + sha256
