"""A sealed courier file opens to its very bytes for the one it is for, and to nothing for anybody else or where anything of it was changed."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator

import msgspec
import pytest
from cryptography.cobblestone import Cobblestone256Decryptor
from cryptography.exceptions import AlreadyFinalized, InvalidTag
from hypothesis import given
from hypothesis import strategies as st

from sync_protocol.adapters import sealed_sticks
from sync_protocol.adapters.sealed_sticks import SEALED_MAGIC, StickReader, open_stick, seal_stick, seals
from sync_protocol.adapters.signatures import SoftwareSigner, verify
from sync_protocol.courier import (
    CourierFile,
    CourierReply,
    courier_pieces,
    read_courier,
    read_courier_reply,
    write_courier,
)
from sync_protocol.errors import Problem
from sync_protocol.ids import NodeId
from sync_protocol.stick_key import StickKey, check_stick_key, sign_stick_key
from sync_protocol.stick_problems import StickDamaged, StickForOthers, StickKeyMalformed, StickOtherKey

HUB, NODE = "hub-test", NodeId("n00101a")
READER, STRANGER = StickReader(b"r" * 32), StickReader(b"s" * 32)
PLAIN = write_courier(CourierFile(HUB, NODE, tuple(bytes([number]) * 9_000 for number in range(9))))
SEALED = b"".join(seal_stick([PLAIN], "courier", hub=HUB, node=NODE, to=READER.public_key))


def opened(raw: bytes, reader: StickReader | None = READER, *, way: sealed_sticks.Way = "courier", hub: str = HUB, node: NodeId | None = None) -> bytes:
    return bytes(open_stick(io.BytesIO(raw), way, hub=hub, node=node, reader=reader)[0])


@given(st.lists(st.binary(max_size=40_000), max_size=6))
def test_whatever_is_sealed_in_whatever_pieces_opens_to_the_same_bytes(pieces: list[bytes]) -> None:
    sealed = b"".join(seal_stick(pieces, "courier", hub=HUB, node=NODE, to=READER.public_key))
    plain, was_sealed = open_stick(io.BytesIO(sealed), "courier", hub=HUB, reader=READER)
    assert was_sealed and plain == b"".join(pieces)


@given(st.lists(st.binary(max_size=300) | st.integers(0, 90_000).map(bytes), max_size=40), st.binary(max_size=64))
def test_a_file_written_frame_by_frame_is_the_file_as_it_always_was(frames: list[bytes], mark: bytes) -> None:
    for content in (CourierFile(HUB, NODE, tuple(frames), (), mark), CourierReply(HUB, NODE, tuple(frames), mark, mark, tuple(frames))):
        body = b"LIENTHONG-CHUYEN-TAY-1\n" + msgspec.msgpack.encode(content)
        assert b"".join(courier_pieces(content)) == body + hashlib.sha256(body).digest()
    assert read_courier(write_courier(CourierFile(HUB, NODE, tuple(frames), (), mark)), hub=HUB).frames == tuple(frames)


def test_nothing_of_the_content_stands_in_it_and_no_two_files_are_alike() -> None:
    assert b"\x05" * 64 in PLAIN and b"\x05" * 64 not in SEALED
    assert SEALED.startswith(SEALED_MAGIC) and len(SEALED) < len(PLAIN) + 400
    assert b"".join(seal_stick([PLAIN], "courier", hub=HUB, node=NODE, to=READER.public_key))[200:] != SEALED[200:]


def test_whoever_it_is_not_for_is_told_so_by_a_code_of_its_own() -> None:
    assert opened(SEALED) == PLAIN
    for code, kind, raised in (
        ("SYN-038", StickOtherKey, lambda: opened(SEALED, STRANGER)),
        ("SYN-038", StickOtherKey, lambda: opened(SEALED, None)),
        ("SYN-037", StickForOthers, lambda: opened(SEALED, hub="hub-other")),
        ("SYN-037", StickForOthers, lambda: opened(SEALED, node=NodeId("n03300a"))),
        ("SYN-037", StickForOthers, lambda: opened(SEALED, way="courier.reply")),
    ):
        with pytest.raises(kind) as problem:
            raised()
        assert problem.value.code == code


def test_what_somebody_wrote_into_a_head_stands_in_no_log() -> None:
    forged = b"".join(seal_stick([PLAIN], "courier", hub="hub\n[red]2026 all well", node=NODE, to=READER.public_key))
    with pytest.raises(StickForOthers) as problem:
        opened(forged)
    assert problem.value.operator_line == "SYN-037 courier file for others: courier between n00101a and ?"


def test_a_head_that_was_made_to_name_somebody_else_opens_for_nobody() -> None:
    with pytest.raises(StickDamaged):
        opened(SEALED.replace(b"n00101a", b"n03300a", 1), node=NodeId("n03300a"))
    with pytest.raises(StickDamaged):
        opened(SEALED.replace(b"hub-test", b"hub-tesu", 1), hub="hub-tesu")


def taken(variants: Iterator[bytes]) -> list[int]:
    """Which of them were taken for anything; a refusal has a code."""
    found = []
    for number, raw in enumerate(variants):
        try:
            opened(raw)
        except Problem:
            continue
        found.append(number)
    return found


def cut() -> Iterator[bytes]:
    yield from (SEALED[:end] for end in range(len(SEALED_MAGIC), len(SEALED), 97))
    yield from (SEALED[:-end] for end in range(1, 40))


def altered() -> Iterator[bytes]:
    for at in (*range(len(SEALED_MAGIC), 260), *range(260, len(SEALED), 499), len(SEALED) - 1):
        yield SEALED[:at] + bytes([SEALED[at] ^ 1]) + SEALED[at + 1 :]


def test_one_that_was_cut_off_or_lengthened_opens_nowhere() -> None:
    assert taken(cut()) == []
    assert taken(iter([SEALED + b"\0", SEALED + SEALED[-500:]])) == []


def test_one_of_which_any_bit_was_turned_opens_nowhere() -> None:
    assert taken(altered()) == []


class Careless:
    """A mutant of the decryptor: what does not authenticate is left out, and where the end is nobody looks."""

    def __init__(self, key: bytes, context: bytes) -> None:
        self._really = Cobblestone256Decryptor(key, context)

    def update(self, data: bytes) -> bytes:
        try:
            return b"".join(self._really.update(data[at : at + 1_000]) for at in range(0, len(data), 1_000))
        except (InvalidTag, AlreadyFinalized):
            return b""

    def finalize(self) -> bytes:
        try:
            return self._really.finalize()
        except (InvalidTag, AlreadyFinalized):
            return b""


def test_mutant_that_skips_the_check_of_tags_is_seen_by_both(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_sticks, "Cobblestone256Decryptor", Careless)
    assert len(taken(cut())) > 100 and len(taken(altered())) > 100


def test_one_that_is_longer_than_any_may_be_is_not_read_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sealed_sticks, "COURIER_BYTES_MAX", 50_000)
    for raw in (SEALED, PLAIN):
        with pytest.raises(StickDamaged, match="longer"):
            opened(raw)


def test_a_plain_one_is_given_as_it_is_and_the_wrong_direction_is_said() -> None:
    assert open_stick(io.BytesIO(PLAIN), "courier", hub=HUB, reader=READER) == (bytearray(PLAIN), False)
    with pytest.raises(StickForOthers):
        read_courier_reply(PLAIN, hub=HUB, node=NODE)
    with pytest.raises(StickForOthers):
        read_courier(PLAIN, hub="hub-other")
    with pytest.raises(StickDamaged):
        read_courier(PLAIN[:-40] + PLAIN[-39:], hub=HUB)


def test_a_key_to_which_nothing_can_be_sealed_is_seen_beforehand() -> None:
    assert seals(READER.public_key)
    assert not any(seals(key) for key in (b"", b"k" * 31, bytes(32), b"\x01" + bytes(31)))


def test_a_key_of_the_hub_is_believed_under_its_signature_alone() -> None:
    signer = SoftwareSigner(b"H" * 32)

    def by_hub(message: bytes, mark: bytes) -> None:
        verify(signer.public_key, message, mark)

    told = sign_stick_key(HUB, READER.public_key, signer.sign)
    check_stick_key(told, hub=HUB, verify=by_hub)
    for other in (StickKey(STRANGER.public_key, told.signature), sign_stick_key("hub-other", told.key, signer.sign), sign_stick_key(HUB, told.key, SoftwareSigner(b"x" * 32).sign)):
        with pytest.raises(Problem):
            check_stick_key(other, hub=HUB, verify=by_hub)
    with pytest.raises(StickKeyMalformed):
        check_stick_key(sign_stick_key(HUB, b"short", signer.sign), hub=HUB, verify=by_hub)


def test_a_reader_shows_nothing_of_its_key() -> None:
    assert READER.public_key.hex() not in repr(READER) and "7272" not in repr(READER)
