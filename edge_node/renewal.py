"""New keys for a node that goes on: connection and signing key change, the data key, the log and the queue stay.

The identity is written last. Interrupted before that, the node cannot connect (the hub has cut the former key off) and the same file works again.
"""

from __future__ import annotations

import datetime as dt

import msgspec

from edge_node.errors import OtherNodesBundle
from edge_node.identity import Identity, StateFolder
from sync_protocol.adapters.enrolment_bundle import STICK_KEY, open_bundle
from sync_protocol.adapters.keys import Keys, renew_signer


def renew(folder: StateFolder, keys: Keys, sealed: bytes, code: str, now: dt.datetime) -> Identity:
    """Take over the keys of an enrolment file that the hub issued for this very node.

    Raises:
        WrongCode, BundleExpired, BundleDamaged: the file or its code. OtherNodesBundle: it is another node's, or another hub's.
        NotInitialised: there is no node here.
    """
    identity = folder.read_identity()
    bundle = open_bundle(sealed, code, now)
    if (bundle.node, bundle.office_code, bundle.hub_public_key) != (
        identity.node,
        identity.office,
        identity.hub_public_key,
    ):
        raise OtherNodesBundle(node=identity.node, found=bundle.node)
    renew_signer(folder.keys, keys)
    renewed = msgspec.structs.replace(
        identity, credentials=bundle.credentials, servers=bundle.servers, server_name=bundle.server_name, authority_pem=bundle.authority_pem,
        bundle=bundle.bundle_id, hub_stick_key=bundle.extra.get(STICK_KEY, identity.hub_stick_key),
    )  # fmt: skip
    folder.write_identity(renewed)
    return renewed
