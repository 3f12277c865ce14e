"""Proofs of pages are bounded, and yet a hub that is put back to any backup it may be put back to finds every witness it needs."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from edge_node.store.node_store import NodeStore, write_number, write_state
from edge_node.sync.page_keeping import KEPT_MS, keep_page, note_settled, prune_pages
from sync_protocol.ids import HubEpoch, OfficeCode
from sync_protocol.page_proof import PageProof

NOW = 1_795_000_000_000
DAY = 86_400_000
OLD, PRESENT = HubEpoch(b"o" * 16), HubEpoch(b"p" * 16)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[NodeStore]:
    one = NodeStore(tmp_path / "node.db", b"K" * 32)
    one.writer.run(lambda c: write_state(c, "epoch", PRESENT))
    yield one
    one.close()


def keep(store: NodeStore, epoch: HubEpoch, upto: int, at_ms: int) -> None:
    proof = PageProof(epoch, OfficeCode("00101"), bytes(32), f"{epoch.hex()} {upto}".encode())
    store.writer.run(lambda c: keep_page(c, proof, upto, at_ms))


def held(store: NodeStore) -> list[tuple[bytes, int]]:
    rows = store.readers.run(lambda c: c.execute("SELECT epoch, upto FROM page_proof ORDER BY id").fetchall())
    return [(bytes(epoch), int(upto)) for epoch, upto in rows]  # type: ignore[arg-type]


def prune(store: NodeStore, backup_feed: int, now_ms: int = NOW) -> int:
    return store.writer.run(lambda c: prune_pages(c, PRESENT, backup_feed, now_ms))


@pytest.mark.parametrize("seed", range(40))
def test_no_page_goes_that_a_hub_put_back_could_need(store: NodeStore, seed: int) -> None:
    """Random pages, backups and ages: what goes is covered by the backup and has been kept its time; all of that but the newest goes."""
    chance = random.Random(seed)
    pages, at_ms, upto = [], NOW - 200 * DAY, 0
    for _ in range(chance.randrange(1, 30)):
        upto, at_ms = upto + chance.randrange(1, 500), at_ms + chance.randrange(20 * DAY)
        pages.append((upto, at_ms))
        keep(store, PRESENT, upto, at_ms)
    backup = chance.randrange(upto + 200)
    may_go = {place for place, kept in pages[:-1] if place <= backup and kept < NOW - KEPT_MS} if backup else set()
    assert prune(store, backup) == len(may_go)
    assert {place for _, place in held(store)} == {place for place, _ in pages} - may_go
    assert prune(store, backup) == 0


def test_pages_of_an_earlier_epoch_stay_until_a_backup_was_made_after_all_was_offered(store: NodeStore) -> None:
    long_ago = NOW - 2 * KEPT_MS
    keep(store, OLD, 700, long_ago)
    keep(store, PRESENT, 10, NOW)
    store.writer.run(lambda c: write_number(c, "offers_owed", 1))
    assert prune(store, 900) == 0
    store.writer.run(lambda c: (write_number(c, "offers_owed", 0), write_number(c, "feed_head", 50), note_settled(c)))
    assert prune(store, 49) == 0
    assert prune(store, 50) == 1 and held(store) == [(PRESENT, 10)]


def test_pages_whose_place_was_never_noted_stay_in_their_epoch(store: NodeStore) -> None:
    keep(store, PRESENT, 0, 0)
    keep(store, PRESENT, 9, NOW)
    assert prune(store, 1_000) == 0


def test_without_a_backup_nothing_goes(store: NodeStore) -> None:
    keep(store, PRESENT, 5, 0)
    keep(store, PRESENT, 9, 0)
    assert prune(store, 0) == 0


def test_a_year_of_pages_stays_bounded(store: NodeStore) -> None:
    """A page a day, a backup a night: ninety days of proofs and no more."""
    for day in range(365):
        now_ms = NOW + day * DAY
        keep(store, PRESENT, day + 1, now_ms)
        prune(store, day, now_ms)
    assert len(held(store)) <= KEPT_MS // DAY + 2
