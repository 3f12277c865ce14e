"""The existence index: nothing known is ever missed, nothing is kept in memory, no foreign file is believed."""

from __future__ import annotations

import random
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync_protocol.errors import RemoteProtocolError
from sync_protocol.existence import ENTRY_BYTES, Hasher, Index, write_index
from sync_protocol.ids import OfficeCode

KEY = b"k" * 32
BITS = 2**48


def opened(raw: bytes, reads: list[int] | None = None) -> Index:
    def read(offset: int, length: int) -> bytes:
        if reads is not None:
            reads.append(length)
        return raw[offset : offset + length]

    return Index(read)


def office(number: int) -> OfficeCode:
    return OfficeCode(f"{number:05d}")


near = st.integers(0, BITS - 1) | st.sampled_from([0, 1, BITS - 2, BITS - 1]) | st.integers(1000, 1010)


@given(st.lists(st.tuples(near, st.integers(0, 5))), st.lists(near, max_size=20))
def test_it_answers_as_a_dictionary_would(entries: list[tuple[int, int]], asked: list[int]) -> None:
    index = opened(write_index([(one, office(at)) for one, at in entries], as_of_ms=1, position=2))
    for wanted in [*asked, *(one for one, _ in entries)]:
        assert sorted(index.offices(wanted)) == sorted({office(at) for one, at in entries if one == wanted})


@pytest.mark.parametrize("shape", ["even", "clustered", "one hash"])
def test_it_answers_for_every_entry_of_a_large_file_whatever_its_shape(shape: str) -> None:
    chance = random.Random(7)
    span = {"even": BITS, "clustered": 3_000, "one hash": 1}[shape]
    entries = [(chance.randrange(span), office(chance.randrange(900))) for _ in range(20_000)]
    index = opened(write_index(entries, as_of_ms=1, position=2))
    known: dict[int, set[OfficeCode]] = {}
    for one, at in entries:
        known.setdefault(one, set()).add(at)
    for wanted, offices in list(known.items())[:3_000]:
        assert set(index.offices(wanted)) == offices
    assert index.offices(span) == [] or span == BITS


def test_an_entry_costs_eight_bytes_and_an_answer_a_few_small_reads() -> None:
    chance = random.Random(1)
    entries = [(chance.randrange(BITS), office(chance.randrange(700))) for _ in range(50_000)]
    raw = write_index(entries, as_of_ms=1, position=2)
    assert len(raw) < len(entries) * ENTRY_BYTES + 6_000
    reads: list[int] = []
    index = opened(raw, reads)
    reads.clear()
    for wanted, at in entries[:500]:
        assert at in index.offices(wanted)
    assert len(reads) <= 1_500 and max(reads) <= 4_096


def test_the_hash_depends_on_key_number_and_type() -> None:
    seen = {
        Hasher(key)(number, kind)
        for key in (KEY, b"other" * 6)
        for number in ("personal_id:1", "personal_id:2")
        for kind in ("G1", "G2")
    }
    assert len(seen) == 8 and max(seen) < BITS
    assert Hasher(KEY)("a", "b") == Hasher(KEY)("a", "b")


@pytest.mark.parametrize(
    "raw", [b"", b"LTX", b"PK\x03\x04" + b"\0" * 60, b"LTX1" + struct.pack(">I", 2**31) + b"\0" * 9, b"LTX1\0\0\0\x02\xc1\xc1"]
)  # fmt: skip
def test_a_file_that_is_none_is_refused(raw: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        opened(raw)


def test_a_file_that_was_cut_says_so_instead_of_not_known() -> None:
    raw = write_index([(number << 40, office(1)) for number in range(200)], as_of_ms=1, position=2)
    index = opened(raw[: len(raw) // 2])
    with pytest.raises(RemoteProtocolError):
        for number in range(200):
            index.offices(number << 40)


def test_an_empty_index_knows_nothing_as_of_its_time() -> None:
    index = opened(write_index([], as_of_ms=5, position=9))
    assert index.offices(1) == [] and (index.header.as_of_ms, index.header.position) == (5, 9)
