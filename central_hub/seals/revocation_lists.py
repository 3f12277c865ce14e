"""Revocation lists at the hub: taken from an operator, kept in the trust folder, published to every office under the hub's signature.

Without a fresh list nothing is judged (hard-fail), so the newest one is what counts: an older or foreign list is refused, never kept beside it.

Source: RFC 5280 §5; signing.md §2c, §4.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from central_hub.seals.errors import ListForeign, ListOutdated, ListUnreadable
from central_hub.seals.published_lists import fingerprint, is_published, prepare, publish
from central_hub.seals.trust_folder import read_trust
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.trust_lists import (
    ListState,
    is_signed_by,
    list_states,
    name_of,
    newest_lists,
    read_list,
)
from sync_protocol.adapters.verification.report import Trust

if TYPE_CHECKING:
    from central_hub.app import Hub


def states_of(trust: Trust) -> list[ListState]:
    """How the list of every authority the hub believes stands, the most urgent first."""
    return list_states((*trust.roots, *trust.intermediates), trust.crls)


def stale_names(trust: Trust, now: dt.datetime) -> tuple[str, ...]:
    """The authorities whose list cannot be judged with at `now` (aware): why files wait."""
    return tuple(one.issuer for one in states_of(trust) if one.is_stale(now))


def renew_list(folder: Path, content: bytes, now: dt.datetime) -> ListState:
    """Put a newer list (DER or PEM) in the place of its authority's former one; durable when this returns. Idempotent.

    Raises:
        NoTrustFolder: nobody is trusted yet.
        ListUnreadable, ListForeign, ListOutdated: SEA-006 … SEA-008; the former list stays.
    """
    trust = read_trust(folder)
    found = read_list(content)
    if found is None:
        raise ListUnreadable(size=len(content))
    authorities = [x509.load_der_x509_certificate(der) for der in (*trust.roots, *trust.intermediates)]
    issuer = next((one for one in authorities if one.subject == found.issuer and is_signed_by(found, one)), None)
    if issuer is None:
        raise ListForeign(issuer=hashlib.sha256(found.issuer.public_bytes()).hexdigest()[:16])
    held = newest_lists([issuer], trust.crls).get(issuer.subject)
    is_older = held is not None and found.last_update_utc < held.last_update_utc
    if is_older or (found.next_update_utc is not None and found.next_update_utc <= now):
        raise ListOutdated(
            authority=name_of(issuer), until=f"{found.next_update_utc:%d/%m/%Y}" if found.next_update_utc else ""
        )
    place = folder / f"{hashlib.sha256(issuer.subject.public_bytes()).hexdigest()[:16]}.crl"
    write_durably(place, found.public_bytes(Encoding.DER))
    for path in folder.glob("*.crl"):
        other = read_list(path.read_bytes()) if path != place else None
        if other is not None and other.issuer == found.issuer:
            path.unlink()
    return next(one for one in list_states([issuer.public_bytes(Encoding.DER)], [place.read_bytes()]))


def publish_now(hub: Hub, folder: Path) -> None:
    """Publish what lies in the folder now, unless the newest publication holds just that. Raises NoTrustFolder."""
    trust = read_trust(folder)
    printed = fingerprint(trust)
    if not hub.store.readers.run(lambda c: is_published(c, printed)):
        offer, _ = prepare(trust, hub.files.files, hub.keys.signer.sign, hub.now_ms())
        hub.store.writer.run(lambda c: publish(c, offer, printed))
