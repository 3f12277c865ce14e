"""The hub's signature under what it told an office: a page of news, provable years later.

A node keeps the proof of each page it pulled. When the hub is restored from an older copy, the node offers what it holds of others, and the
hub, whose signing key survives a restore, takes back exactly what carries its own signature (sync.md 2.13). So no node can bring
an event in another's name that the hub has not accepted before.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from sync_protocol.batch import Sign, Verify
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import EventId, HubEpoch, OfficeCode
from sync_protocol.limits import PULL_EVENTS_MAX

_DOMAIN = b"lienthong/page/1\0"
_ID_BYTES = 32


class PageProof(msgspec.Struct, frozen=True, array_like=True):
    """The ids of one page, concatenated in the page's order, and the hub's signature over them."""

    epoch: HubEpoch
    office: OfficeCode
    ids: bytes
    signature: bytes

    @property
    def event_ids(self) -> tuple[EventId, ...]:
        """The ids one by one, in the page's order."""
        return tuple(EventId(self.ids[at : at + _ID_BYTES]) for at in range(0, len(self.ids), _ID_BYTES))


def page_message(hub: str, epoch: HubEpoch, office: OfficeCode, ids: bytes) -> bytes:
    """The bytes that the hub signs: hub, epoch and office are named, so a page proves nothing elsewhere."""
    return _DOMAIN + hub.encode() + b"\0" + epoch + office.encode() + b"\0" + hashlib.sha256(ids).digest()


def sign_page(hub: str, epoch: HubEpoch, office: OfficeCode, ids: Iterable[EventId], sign: Sign) -> PageProof:
    """Prove one page, also an empty one."""
    joined = b"".join(ids)
    return PageProof(epoch, office, joined, sign(page_message(hub, epoch, office, joined)))


def check_page(proof: PageProof, *, hub: str, verify: Verify) -> None:
    """Prove that the hub itself once told exactly these events to this office.

    Raises:
        RemoteProtocolError: not a list of ids, or longer than a page.
        Problem: whatever `verify` raises for a wrong signature.
    """
    if len(proof.ids) % _ID_BYTES or len(proof.ids) > PULL_EVENTS_MAX * _ID_BYTES:
        raise RemoteProtocolError(what="page proof of a wrong size")
    verify(page_message(hub, proof.epoch, proof.office, proof.ids), proof.signature)
