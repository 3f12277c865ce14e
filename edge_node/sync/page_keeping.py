"""Proofs of pages: kept with the news, let go when no backup of the hub could need a witness for them any more.

A page of the present epoch is let go when the hub's backup covers the feed up to its end, a page of an earlier epoch when a backup was made after
the hub had heard everything held here; either only `KEPT_MS` after it was told, so that a hub which is put back from an older backup than
its last finds its witnesses too (node rule N2, sync.md 2.4). The newest page always stays: it is what a hub is reminded with.
"""

from __future__ import annotations

import apsw

from edge_node.store.node_store import read_number, read_state, write_number
from sync_protocol.ids import HubEpoch
from sync_protocol.page_proof import PageProof

KEPT_MS = 90 * 86_400_000
OFFER_ALL = "offer_all"  # pages of the present epoch are offered, too
TAKEN_BY_HAND = "offers_by_hand"  # the hub, by its last greeting, reads offers on a stick
_SETTLED_AT = "offers_settled_at"


def keep_page(connection: apsw.Connection, proof: PageProof, upto: int, now_ms: int) -> None:
    """Keep the proof of a page that ends at `upto` of the feed. Idempotent."""
    connection.execute(
        "INSERT OR IGNORE INTO page_proof(epoch, office, ids, signature, upto, kept_ms) VALUES(?,?,?,?,?,?)",
        (proof.epoch, proof.office, proof.ids, proof.signature, upto, now_ms),
    )


def owe_offers(connection: apsw.Connection, epoch: HubEpoch) -> None:
    """The hub entered an epoch: all pages are to be offered again from the first; those of this very epoch only where it is one that has come back.

    A hub that was put back together with its mark a second time may speak again in an epoch that it had left: what it told in its first life in it
    may be lost as well, and no place of its feed says so.
    """
    write_number(connection, "offers_owed", 1)
    write_number(connection, "offered_upto", 0)
    if connection.execute("SELECT 1 FROM page_proof WHERE epoch = ? LIMIT 1", (epoch,)).fetchone():
        write_number(connection, OFFER_ALL, 1)


def note_settled(connection: apsw.Connection) -> None:
    """The hub of this epoch has heard everything; its feed stands where it last said."""
    write_number(connection, _SETTLED_AT, read_number(connection, "feed_head"))


def prune_pages(connection: apsw.Connection, epoch: HubEpoch, backup_feed: int, now_ms: int) -> int:
    """Let go of what nobody can need any more; returns how many. `backup_feed`: how far the hub's backup covers the feed of this epoch."""
    if backup_feed == 0 or read_state(connection, "epoch") != epoch:
        return 0
    before, newest = now_ms - KEPT_MS, "id < (SELECT max(id) FROM page_proof)"
    connection.execute(
        f"DELETE FROM page_proof WHERE epoch = ? AND upto BETWEEN 1 AND ? AND kept_ms < ? AND {newest}",
        (epoch, backup_feed, before),
    )
    gone = connection.changes()
    if not read_number(connection, "offers_owed") and backup_feed >= read_number(connection, _SETTLED_AT):
        connection.execute(f"DELETE FROM page_proof WHERE epoch <> ? AND kept_ms < ? AND {newest}", (epoch, before))
        gone += connection.changes()
    return gone
