"""The file store on a disk keeps the promises, and what only a disk can break."""

from __future__ import annotations

import errno
import fcntl
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from sync_protocol.adapters.files import errors as problems
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.store import GRAIN_BYTES, SEGMENT_BYTES, FileStore
from sync_protocol.errors import Problem
from tests.sync_protocol.adapters.files.promises import SEALING, FileStorePromises, content, digest_of


def stored_files(root: Path) -> list[Path]:
    return [path for path in (root / "objects").rglob("*") if path.is_file()]


def flip(path: Path, place: int, bit: int = 0) -> None:
    whole = bytearray(path.read_bytes())
    whole[place] ^= 1 << bit
    path.write_bytes(whole)


class TestFilesOnDisk(FileStorePromises):
    """The conformance suite."""

    @pytest.fixture
    def store(self, tmp_path: Path) -> FileStore:
        return FilesOnDisk(tmp_path, SEALING)

    @pytest.fixture
    def damage(self, tmp_path: Path) -> Callable[[], None]:
        return lambda: flip(stored_files(tmp_path)[0], -1)


def test_no_flipped_bit_is_ever_returned_as_content(tmp_path: Path) -> None:
    store, chance = FilesOnDisk(tmp_path, SEALING), random.Random(11)
    whole = content(SEGMENT_BYTES + 999)
    digest = store.put(whole)
    path = stored_files(tmp_path)[0]
    sealed = path.read_bytes()
    detected = 0
    for _ in range(300):
        flip(path, chance.randrange(len(sealed)), chance.randrange(8))
        with pytest.raises(problems.FileDamaged):
            store.get(digest)
        detected += 1
        path.write_bytes(sealed)
    assert detected == 300 and store.get(digest) == whole


def test_a_file_cut_off_or_swapped_is_damaged(tmp_path: Path) -> None:
    store = FilesOnDisk(tmp_path, SEALING)
    one = store.put(content(SEGMENT_BYTES * 2))
    path = stored_files(tmp_path)[0]
    other = store.put(content(SEGMENT_BYTES * 2, seed=2))
    second = next(found for found in stored_files(tmp_path) if found != path)
    second.write_bytes(path.read_bytes())
    with pytest.raises(problems.FileDamaged):
        store.get(other)
    path.write_bytes(path.read_bytes()[:-SEGMENT_BYTES])
    with pytest.raises(problems.FileDamaged):
        store.get(one)


def test_neither_name_nor_bytes_tell_what_is_stored(tmp_path: Path) -> None:
    store = FilesOnDisk(tmp_path, SEALING)
    marker = b"NGUYEN THI MARKER 079185001234 " * 40
    digest = store.put(marker)
    store.begin(digest_of(marker + b"!"), len(marker) + 1)
    store.put_chunk(digest_of(marker + b"!"), 0, marker + b"!")
    for path in tmp_path.rglob("*"):
        assert digest not in path.name and not digest.startswith(path.name)
        assert not path.is_file() or (b"MARKER" not in path.read_bytes() and path.stat().st_mode & 0o077 == 0)


def test_an_upload_survives_a_restart_and_forgets_what_did_not_reach_the_disk(tmp_path: Path) -> None:
    whole = content(3 * GRAIN_BYTES)
    digest = digest_of(whole)
    store = FilesOnDisk(tmp_path, SEALING)
    store.begin(digest, len(whole))
    store.put_chunk(digest, 0, whole)
    again = FilesOnDisk(tmp_path, SEALING)
    assert again.missing(digest) == []
    # grain 1 was claimed but never written
    flip(next((tmp_path / "incoming").iterdir()), 12 + 3 + GRAIN_BYTES + 28 + 100)
    with pytest.raises(problems.UploadIncomplete):
        again.finish(digest)
    assert again.missing(digest) == [(GRAIN_BYTES, GRAIN_BYTES)] and not again.has(digest)
    again.put_chunk(digest, GRAIN_BYTES, whole[GRAIN_BYTES : 2 * GRAIN_BYTES])
    again.finish(digest)
    assert again.get(digest) == whole


def test_the_sweep_takes_orphans_and_leaves_files_being_written(tmp_path: Path) -> None:
    store = FilesOnDisk(tmp_path, SEALING)
    orphan, busy = tmp_path / "partial" / "orphan", tmp_path / "partial" / "busy"
    orphan.write_bytes(b"x")
    with busy.open("wb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        assert store.sweep() == 1
    assert not orphan.exists() and busy.exists()


def test_a_full_disk_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FilesOnDisk(tmp_path, SEALING)

    def refuse(_: int) -> None:
        raise OSError(errno.ENOSPC, "no room")

    monkeypatch.setattr("os.fsync", refuse)
    with pytest.raises(problems.FileStoreUnavailable):
        store.put(b"page")
    monkeypatch.undo()
    assert not store.has(digest_of(b"page")) and not list((tmp_path / "partial").iterdir())


def test_a_grain_of_which_the_full_disk_took_a_part_is_not_claimed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = FilesOnDisk(tmp_path, SEALING)
    whole = content(3 * GRAIN_BYTES)
    digest = digest_of(whole)
    store.begin(digest, len(whole))
    write, written = os.pwrite, []

    def short(handle: int, data: bytes, at: int) -> int:
        if written:
            raise OSError(errno.ENOSPC, "no space left")
        written.append(at)
        return write(handle, data[: len(data) // 2], at)

    monkeypatch.setattr(os, "pwrite", short)
    with pytest.raises(Problem):
        store.put_chunk(digest, 0, whole)
    monkeypatch.undo()
    assert sum(length for _, length in store.missing(digest)) == len(whole)
    store.put_chunk(digest, 0, whole)
    store.finish(digest)
    assert store.get(digest) == whole
