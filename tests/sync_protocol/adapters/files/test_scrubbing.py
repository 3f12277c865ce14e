"""A round of looks reads every file within its nights, goes on where it was cut, and names what no longer says its own name."""

from __future__ import annotations

import errno
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from sync_protocol.adapters.files import on_disk
from sync_protocol.adapters.files.errors import FileDamaged
from sync_protocol.adapters.files.on_disk import FilesOnDisk
from sync_protocol.adapters.files.scrubbing import (
    NIGHT_MS,
    NIGHTS,
    Look,
    Named,
    Round,
    is_due,
    look_through,
    read_round,
    time_for,
    written_round,
)
from sync_protocol.adapters.files.sealing import HEADER_BYTES, Sealing
from sync_protocol.adapters.files.store import always
from sync_protocol.adapters.sqlite import Migration, close_quietly, migrate, open_database
from sync_protocol.adapters.sqlite.readers import Readers

TABLE = Migration("0001-blob", "CREATE TABLE blob(digest BLOB PRIMARY KEY) STRICT, WITHOUT ROWID")
HELD = Named("SELECT digest FROM blob", lambda c: ())


class Place:
    """A file store and the table that names what it holds."""

    def __init__(self, root: Path) -> None:
        self.files = FilesOnDisk(root / "files", Sealing(b"F" * 32, b"N" * 32))
        self.root = root
        self.connection = open_database(root / "a.db", b"k" * 32)
        migrate(self.connection, [TABLE])
        self.readers = Readers(lambda: open_database(root / "a.db", b"k" * 32, read_only=True))
        self.round = Round()

    def keep(self, count: int) -> list[str]:
        names = [self.files.put(f"paper {number}".encode() * 40) for number in range(count)]
        self.connection.executemany("INSERT INTO blob VALUES(?)", [(bytes.fromhex(one),) for one in names])
        return names

    def place_of(self, name: str) -> Path:
        sealed = Sealing(b"F" * 32, b"N" * 32).name(name)
        return self.root / "files" / "objects" / sealed[:2] / sealed

    def flip(self, name: str, byte: int) -> None:
        content = bytearray(self.place_of(name).read_bytes())
        content[byte] ^= 4
        self.place_of(name).write_bytes(bytes(content))

    def look(self, night: int, goes_on: Callable[[], bool] = always) -> Look:
        """One look in a new life of the program: only what was written goes from night to night."""
        found = look_through(self.files, self.readers, HELD, read_round(written_round(self.round)), 1 + night * NIGHT_MS, goes_on=goes_on)
        self.round = found.round
        return found


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    one.readers.close()
    close_quietly(one.connection)


def test_every_file_is_read_once_within_the_nights_of_a_round(place: Place) -> None:
    place.keep(50)
    assert sum(place.look(night).checked for night in range(NIGHTS)) == 50
    assert place.round.whole_ms == 1 and not place.round.after


def test_nights_that_were_missed_are_made_up_for(place: Place) -> None:
    place.keep(50)
    assert place.look(0).checked == 8
    assert sum(place.look(night).checked for night in (5, 6)) == 42 and place.round.whole_ms == 1


def test_a_look_whose_time_is_over_goes_on_from_there(place: Place) -> None:
    place.keep(50)
    assert place.look(0, goes_on=lambda: False).checked == 1, "at least one, or a short time would never come to an end"
    answers = iter([True, True, False])
    assert place.look(1, goes_on=lambda: next(answers)).checked == 3
    assert sum(place.look(night).checked for night in range(2, NIGHTS)) == 46


def test_a_flipped_bit_anywhere_in_a_file_is_found_by_name_and_kept_aside(place: Place) -> None:
    names = place.keep(3)
    for number, byte in enumerate((0, HEADER_BYTES - 1, HEADER_BYTES + 5)):
        place.flip(names[number], byte)
    found = [one.hex() for night in range(NIGHTS) for one in place.look(night).lost]
    assert set(found) == set(names) and len(list((place.root / "files" / "damaged").iterdir())) == 3


def test_a_file_that_is_not_there_at_all_is_found_by_its_row(place: Place) -> None:
    names = place.keep(30)
    place.place_of(names[4]).unlink()
    assert names[4] in {one.hex() for night in range(NIGHTS) for one in place.look(night).lost}


def test_a_sector_that_cannot_be_read_is_damage_to_one_file_and_the_look_goes_on(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    names = place.keep(5)
    worn, whole = place.place_of(names[2]), on_disk._opened

    def opened(path: Path, digest: str) -> object:
        return Worn() if path == worn else whole(path, digest)

    monkeypatch.setattr(on_disk, "_opened", opened)
    with pytest.raises(FileDamaged):
        place.files.get(names[2])
    assert {one.hex() for night in range(NIGHTS) for one in place.look(night).lost} == {names[2]}
    assert place.round.whole_ms == 1


class Worn:
    """An opened file on a worn disk."""

    def __enter__(self) -> BinaryIO:
        raise OSError(errno.EIO, "Input/output error")

    def __exit__(self, *what: object) -> None: ...


def test_a_look_is_due_once_a_day_and_again_where_the_clock_was_set_back() -> None:
    assert is_due(Round(), 1_795_000_000_000) and not is_due(Round(looked_ms=1_000), NIGHT_MS) and is_due(Round(looked_ms=1_000), 999)


def test_the_time_of_a_look_ends_with_its_seconds_or_with_the_program() -> None:
    now = [0.0]
    with time_for(10, clock=lambda: now[0]) as goes_on:
        assert goes_on()
        now[0] = 10.0
        assert not goes_on()
    with time_for(10, clock=lambda: now[0]) as goes_on:
        pass
    assert not goes_on()


def test_a_round_that_cannot_be_read_begins_anew() -> None:
    assert read_round(b"\xff") == read_round(None) == Round()
