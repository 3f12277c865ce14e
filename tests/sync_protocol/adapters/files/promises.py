"""What every file store promises; each implementation runs all of it (`test_files_on_disk`, `test_files_object_store`)."""

from __future__ import annotations

import datetime as dt
import hashlib
import random

import pytest

from sync_protocol.adapters.files import errors as problems
from sync_protocol.adapters.files.sealing import Sealing
from sync_protocol.adapters.files.store import (
    COLLECT_AGE_MIN,
    FILE_SIZE_LIMIT_BYTES,
    GRAIN_BYTES,
    SEGMENT_BYTES,
    FileStore,
)

SEALING = Sealing(b"f" * 32, b"n" * 32)
NOW = dt.datetime(2035, 1, 1, tzinfo=dt.UTC)


def content(size: int, seed: int = 1) -> bytes:
    """Reproducible bytes."""
    return random.Random(seed).randbytes(size)


def digest_of(whole: bytes) -> str:
    """The address of `whole`."""
    return hashlib.sha256(whole).hexdigest()


class FileStorePromises:
    """Tests over the fixture `store`, plus `damage`, which flips a byte of the only stored file."""

    @pytest.mark.parametrize("size", [0, 1, SEGMENT_BYTES - 1, SEGMENT_BYTES, SEGMENT_BYTES + 1, 3 * SEGMENT_BYTES])
    def test_what_is_put_comes_back_whole_and_in_pieces(self, store: FileStore, size: int) -> None:
        whole = content(size)
        digest = store.put(whole)
        assert digest == digest_of(whole)
        assert store.has(digest) and store.size(digest) == size
        assert store.get(digest) == whole
        for offset in {0, size // 2, size}:
            assert store.read_chunk(digest, offset, 70_000) == whole[offset : offset + 70_000]

    def test_a_page_scanned_twice_is_stored_once(self, store: FileStore) -> None:
        assert store.put(b"page") == store.put(b"page")
        assert store.scrub(10).checked == 1

    def test_an_absent_file_says_so(self, store: FileStore) -> None:
        absent = digest_of(b"absent")
        assert not store.has(absent)
        for ask in (store.get, store.size, lambda digest: store.read_chunk(digest, 0, 1)):
            with pytest.raises(problems.FileAbsent):
                ask(absent)

    def test_an_address_of_another_form_is_refused(self, store: FileStore) -> None:
        for address in ("", "..", "../../etc/passwd", "A" * 64, "0" * 63):
            with pytest.raises(problems.DigestMalformed):
                store.has(address)

    def test_a_range_outside_the_file_is_refused(self, store: FileStore) -> None:
        digest = store.put(b"abc")
        for offset, length in ((-1, 2), (4, 1), (0, -1)):
            with pytest.raises(problems.ChunkMisplaced):
                store.read_chunk(digest, offset, length)

    def test_an_upload_arrives_in_any_order_and_twice(self, store: FileStore) -> None:
        whole = content(5 * GRAIN_BYTES + 17)
        digest = digest_of(whole)
        store.begin(digest, len(whole))
        assert store.missing(digest) == [(0, len(whole))]
        starts = [*range(0, len(whole), GRAIN_BYTES)] * 2
        random.Random(3).shuffle(starts)
        for start in starts:
            store.put_chunk(digest, start, whole[start : start + GRAIN_BYTES])
        assert store.missing(digest) == [] and not store.has(digest)
        store.finish(digest)
        store.finish(digest)
        assert store.get(digest) == whole and store.missing(digest) == []

    def test_missing_names_exactly_the_holes(self, store: FileStore) -> None:
        whole = content(4 * GRAIN_BYTES)
        digest = digest_of(whole)
        store.begin(digest, len(whole))
        store.put_chunk(digest, GRAIN_BYTES, whole[GRAIN_BYTES : 2 * GRAIN_BYTES])
        store.begin(digest, len(whole))
        assert store.missing(digest) == [(0, GRAIN_BYTES), (2 * GRAIN_BYTES, 2 * GRAIN_BYTES)]
        with pytest.raises(problems.UploadIncomplete):
            store.finish(digest)

    def test_an_empty_file_can_be_uploaded(self, store: FileStore) -> None:
        store.begin(digest_of(b""), 0)
        store.finish(digest_of(b""))
        assert store.get(digest_of(b"")) == b""

    def test_a_wrong_hash_is_discarded_before_it_becomes_visible(self, store: FileStore) -> None:
        digest = digest_of(b"right")
        store.begin(digest, 5)
        store.put_chunk(digest, 0, b"wrong")
        with pytest.raises(problems.DigestMismatch):
            store.finish(digest)
        assert not store.has(digest)
        with pytest.raises(problems.UploadUnknown):
            store.missing(digest)

    def test_a_chunk_in_the_wrong_place_is_refused(self, store: FileStore) -> None:
        digest = digest_of(b"x")
        with pytest.raises(problems.UploadUnknown):
            store.put_chunk(digest, 0, b"x")
        store.begin(digest, 2 * GRAIN_BYTES)
        for offset, piece in (
            (1, b"x"),
            (0, b"x"),
            (2 * GRAIN_BYTES, b"x"),
            (0, b""),
            (-GRAIN_BYTES, bytes(GRAIN_BYTES)),
        ):
            with pytest.raises(problems.ChunkMisplaced):
                store.put_chunk(digest, offset, piece)

    def test_a_file_beyond_the_limit_is_refused(self, store: FileStore) -> None:
        with pytest.raises(problems.FileTooLarge):
            store.begin(digest_of(b"big"), FILE_SIZE_LIMIT_BYTES + 1)

    def test_a_damaged_file_is_never_returned_and_can_be_stored_again(self, store: FileStore, damage: object) -> None:
        whole = content(SEGMENT_BYTES + 10)
        digest = store.put(whole)
        assert callable(damage)
        damage()
        with pytest.raises(problems.FileDamaged):
            store.get(digest)
        assert store.scrub(10).damaged == (digest,)
        assert not store.has(digest)
        store.put(whole)
        assert store.get(digest) == whole

    def test_a_scrub_goes_through_everything_in_steps(self, store: FileStore) -> None:
        for number in range(5):
            store.put(bytes([number]))
        cursor, seen = "", 0
        for _ in range(3):
            scrubbed = store.scrub(2, cursor)
            cursor, seen = scrubbed.cursor, seen + scrubbed.checked
        assert seen == 5 and cursor == ""

    def test_a_removed_file_is_gone_whole_or_half_arrived_and_removing_it_again_is_nothing(
        self, store: FileStore
    ) -> None:
        other = store.put(b"other")
        digest = store.put(b"erased by order")
        half = content(GRAIN_BYTES + 1)
        store.begin(digest_of(half), len(half))
        store.put_chunk(digest_of(half), 0, half[:GRAIN_BYTES])
        for name in (digest, digest_of(half), digest):
            store.remove(name)
            assert not store.has(name)
        with pytest.raises(problems.UploadUnknown):
            store.missing(digest_of(half))
        assert store.get(other) == b"other"

    def test_only_unreferenced_old_files_are_collected(self, store: FileStore) -> None:
        kept, loose = store.put(b"kept"), store.put(b"loose")
        assert store.collect({kept}, older_than=dt.timedelta(0), now=dt.datetime.now(dt.UTC)) == 0
        assert store.collect({kept}, older_than=COLLECT_AGE_MIN, now=NOW) == 1
        assert store.has(kept) and not store.has(loose)
