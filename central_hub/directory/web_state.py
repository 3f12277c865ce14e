"""What the directory's pages stand on, made once per hub."""

from __future__ import annotations

from central_hub.app import Hub
from central_hub.directory.held import HeldCatalogues
from central_hub.directory.law_desk import LawDesk
from sync_protocol.adapters import signatures


def law_desk_of(hub: Hub) -> LawDesk:
    """The law desk over a hub: catalogues count only under the hub's own signature."""
    signer = hub.keys.signer

    def verify(message: bytes, signature: bytes) -> None:
        signatures.verify(signer.public_key, message, signature)

    held = HeldCatalogues(hub.store, hub.files.files, verify)
    return LawDesk(hub.store, hub.files.files, hub.folder, held, signer.sign, hub.now)
