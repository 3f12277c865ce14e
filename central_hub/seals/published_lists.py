"""The file of revocation lists that every office is offered: packed from the trust folder, signed by the hub, named in its tables.

Source: signing.md §2c, §4.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable

import apsw
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sync_protocol.adapters.files.store import FileStore
from sync_protocol.adapters.trust_lists import TrustLists, newest_lists, pack, sealed_bytes
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.ids import BlobDigest
from sync_protocol.messages import TrustOffer


def newest_offer(connection: apsw.Connection) -> TrustOffer | None:
    """What greeted nodes are offered, or None before the first publication."""
    row = connection.execute(
        "SELECT made_ms, digest, size, signature FROM trust_lists ORDER BY made_ms DESC LIMIT 1"
    ).fetchone()
    return None if row is None else TrustOffer(int(row[0]), BlobDigest(bytes(row[1])), int(row[2]), bytes(row[3]))


def prepare(trust: Trust, files: FileStore, sign: Callable[[bytes], bytes], now_ms: int) -> tuple[TrustOffer, bytes]:
    """The file of lists, kept and signed, ready to be published, and the fingerprint of what is in it."""
    authorities = [x509.load_der_x509_certificate(der) for der in (*trust.roots, *trust.intermediates)]
    newest = newest_lists(authorities, trust.crls).values()
    crls = tuple(sorted(one.public_bytes(Encoding.DER) for one in newest))
    content = pack(TrustLists(now_ms, trust.intermediates, crls))
    digest = BlobDigest(bytes.fromhex(files.put(content)))
    return TrustOffer(now_ms, digest, len(content), sign(sealed_bytes(content))), fingerprint(trust)


def fingerprint(trust: Trust) -> bytes:
    """Changes when what would be published changes."""
    return hashlib.sha256(
        b"".join(hashlib.sha256(one).digest() for one in sorted((*trust.intermediates, *trust.crls)))
    ).digest()


def publish(connection: apsw.Connection, offer: TrustOffer, printed: bytes) -> None:
    """Offer this file from the next greeting on. The caller's transaction."""
    connection.execute(
        "INSERT OR REPLACE INTO trust_lists(made_ms, digest, size, signature, printed) VALUES(?,?,?,?,?)",
        (offer.made_ms, offer.digest, offer.size, offer.signature, printed),
    )


def is_published(connection: apsw.Connection, printed: bytes) -> bool:
    """Whether the newest publication holds just this."""
    row = connection.execute("SELECT printed FROM trust_lists ORDER BY made_ms DESC LIMIT 1").fetchone()
    return row is not None and bytes(row[0]) == printed
