"""In which order files go to the hub: what was made here just now, then what goes again for dossiers in hand, then what goes again for those that are over.

A file goes again where the hub lost it, or was put back to before it came. Hundreds of thousands may then wait at one desk: today's paper is not among
them, so it goes before all of them; of the others the newest go first, because an older file is more likely to be in the copy that the hub was put back to
(sync.md 2.7: current dossiers before history).
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

import apsw

from sync_protocol.adapters.sqlite import Migration
from sync_protocol.ids import BlobDigest
from sync_protocol.lifecycle import RESOLVED

JUST_MADE: Final = 10
AGAIN_IN_HAND: Final = 5
AGAIN_OVER: Final = 0

IN_ORDER: Final = f"priority DESC, (CASE priority WHEN {JUST_MADE} THEN at_ms ELSE -at_ms END), digest"
"""ORDER BY of waiting files. What was made here keeps its turn, so that on a line that is always busy nothing waits for ever behind what is newer."""

SEND_ORDER = Migration("0053-send-order", f"CREATE INDEX blob_in_order ON blob({IN_ORDER}) WHERE state = 'local'")

_IN_HAND = f"""EXISTS(
    SELECT 1 FROM blob_reference r JOIN dossier d ON d.rid = r.rid
    WHERE r.digest = {{digest}} AND d.state NOT IN ({", ".join(f"'{one}'" for one in sorted(RESOLVED))})
)"""
_AGAIN = f"CASE WHEN {_IN_HAND.format(digest='blob.digest')} THEN {AGAIN_IN_HAND} ELSE {AGAIN_OVER} END"


def send_again(connection: apsw.Connection, digests: Collection[BlobDigest]) -> None:
    """These files go again, as far as the hub was believed to have them or they were fetched from it. Idempotent."""
    connection.executemany(
        f"UPDATE blob SET state = 'local', sent = 0, priority = {_AGAIN} WHERE digest = ? AND state IN ('at_hub', 'here')",
        [(one,) for one in digests],
    )


def send_all_again(connection: apsw.Connection) -> None:
    """Every file that the hub was believed to have goes again: one question each, where it has it after all."""
    connection.execute(f"UPDATE blob SET state = 'local', sent = 0, priority = {_AGAIN} WHERE state = 'at_hub'")


def priority_again(connection: apsw.Connection, digest: BlobDigest) -> int:
    """The turn of a file that the hub asks for."""
    row = connection.execute(f"SELECT {_IN_HAND.format(digest='?')}", (digest,)).fetchone()
    return AGAIN_IN_HAND if row and row[0] else AGAIN_OVER
