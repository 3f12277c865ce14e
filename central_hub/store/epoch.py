"""The hub's epoch: new at creation and at every restore, so that nodes notice what the hub forgot (hub rule H4)."""

from __future__ import annotations

import apsw

from central_hub.store.hub_store import write_state
from sync_protocol.ids import HubEpoch

EPOCH = "epoch"
EPOCH_SINCE = "epoch_since_ms"


def begin_epoch(connection: apsw.Connection, epoch: HubEpoch, now_ms: int) -> None:
    """Start a new epoch on a restored database, before anything is answered. `epoch` is 16 fresh random bytes."""
    write_state(connection, EPOCH, epoch)
    write_state(connection, EPOCH_SINCE, now_ms.to_bytes(8, "big"))
