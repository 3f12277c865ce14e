"""Who this hub is, and under which epoch it speaks."""

from __future__ import annotations

import msgspec

from sync_protocol.ids import HubEpoch


class HubIdentity(msgspec.Struct):
    """The hub's name, and the epoch that is new after every restore (hub rule H4).

    One object for all who speak: a restore that only a node noticed (reminding.py) changes the epoch of a serving hub.
    """

    hub: str
    epoch: HubEpoch

    def learn(self, epoch: HubEpoch | None) -> None:
        """Another worker may have been reminded of what the hub forgot."""
        if epoch is not None:
            self.epoch = epoch
