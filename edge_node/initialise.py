"""Making a node: identity, keys, encrypted database, first lane, code block and catalogue, all from one enrolment file.

The identity file is written last: a node that was interrupted on the way is no node yet, and the same file works again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import msgspec

from edge_node.catalogues import Catalogues
from edge_node.errors import AlreadyInitialised
from edge_node.identity import Identity, StateFolder
from edge_node.incarnation import Lane, prepare
from edge_node.settings import NodeSettings
from edge_node.store.node_store import NodeStore
from edge_node.sync.pushing import HubKnown
from sync_protocol.adapters import event_log
from sync_protocol.adapters.anchor import AnchorFile
from sync_protocol.adapters.enrolment_bundle import STICK_KEY, EnrolmentBundle, open_bundle
from sync_protocol.adapters.keys import KeyFileOnDisk, Keys, Passphrase, create_keys, create_raw_key_file
from sync_protocol.adapters.settings import load_settings
from sync_protocol.areas import AREAS
from sync_protocol.ids import Incarnation, NodeId, OfficeCode
from sync_protocol.messages import CatalogueOffer, CodeBlock


def initialise(
    state: Path,
    sealed: bytes,
    code: str,
    settings: Path | None,
    passphrase: str | None,
    now: dt.datetime,
    entropy: Callable[[int], bytes],
) -> Identity:
    """Make a node in `state`.

    Raises:
        AlreadyInitialised: there is one. SettingsRejected, SettingsUnreadable: before anything is made. WrongCode, BundleExpired, BundleDamaged: the enrolment file or its code.
    """
    folder = StateFolder(state)
    if folder.identity.exists():
        raise AlreadyInitialised()
    if settings is not None:
        load_settings(NodeSettings, settings, {})
    bundle = open_bundle(sealed, code, now)
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    for leftover in (folder.keys, folder.raw_key, folder.database, folder.anchor):
        leftover.unlink(missing_ok=True)  # of an interrupted attempt: without an identity none of it was ever used
    keys = _keys(folder, passphrase)
    if settings is not None:
        folder.settings.write_text(settings.read_text(encoding="utf-8"), encoding="utf-8")
    elif not folder.settings.exists():
        folder.settings.write_text(f'office_name = "{bundle.office_code}"\n', encoding="utf-8")
    _database(folder, keys, bundle, now, entropy)
    identity = Identity(
        node=NodeId(bundle.node), office=OfficeCode(bundle.office_code), hub=bundle.hub_id, hub_public_key=bundle.hub_public_key,
        servers=bundle.servers, server_name=bundle.server_name, authority_pem=bundle.authority_pem,
        credentials=bundle.credentials, bundle=bundle.bundle_id, hub_stick_key=bundle.extra.get(STICK_KEY, b""),
    )  # fmt: skip
    folder.write_identity(identity)
    return identity


def _keys(folder: StateFolder, passphrase: str | None) -> Keys:
    if passphrase is not None:
        return create_keys(folder.keys, [Passphrase(passphrase)])
    create_raw_key_file(folder.raw_key)
    return create_keys(folder.keys, [KeyFileOnDisk(folder.raw_key)])


def _database(
    folder: StateFolder, keys: Keys, bundle: EnrolmentBundle, now: dt.datetime, entropy: Callable[[int], bytes]
) -> None:
    now_ms = int(now.timestamp() * 1000)
    store = NodeStore(folder.database, keys.database_key)
    try:
        inc = Incarnation(bundle.extra.get("incarnation") or entropy(16))
        store.writer.run(lambda c: event_log.open_lane(c, NodeId(bundle.node), inc, "own"))
        state = store.writer.run(lambda c: prepare(c, entropy(16)))
        Lane(store, AnchorFile(folder.anchor), entropy, lambda: now_ms).anchor_to(state)
        if "code_block" in bundle.extra:
            block = msgspec.msgpack.decode(bundle.extra["code_block"], type=CodeBlock)
            store.writer.run(
                lambda c: c.execute(
                    "INSERT OR IGNORE INTO code_block(inc, office, first, last) VALUES(?,?,?,?)",
                    (block.inc, block.office, block.first, block.last),
                )
            )
        if "catalogue" in bundle.extra:
            hub = HubKnown(bundle.hub_id, bundle.hub_public_key)
            offer = msgspec.msgpack.decode(bundle.extra["catalogue_offer"], type=CatalogueOffer)
            catalogues = Catalogues(folder.catalogues, store, hub.verify, lambda: now_ms)
            part = catalogues.take(offer, bundle.extra["catalogue"]).part(AREAS)
            if part is not None and AREAS in bundle.extra:
                catalogues.take_areas(part, bundle.extra[AREAS])
    finally:
        store.close()
