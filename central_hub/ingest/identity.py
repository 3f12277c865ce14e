"""Who this hub is, and under which epoch it speaks."""

from __future__ import annotations

import msgspec

from sync_protocol.ids import HubEpoch


class HubIdentity(msgspec.Struct, frozen=True):
    """The hub's name, and the epoch that is new after every restore (hub rule H4)."""

    hub: str
    epoch: HubEpoch
