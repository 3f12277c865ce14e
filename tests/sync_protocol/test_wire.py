"""Any bytes become a message or a Problem, within bounds, and never anything else."""

from __future__ import annotations

import hashlib
import random

import msgspec
import pytest
from backports import zstd
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import limits
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.batch import seal_batch
from sync_protocol.bodies import encode_body
from sync_protocol.dictionary import DICTIONARY, dictionary
from sync_protocol.envelope import make_event
from sync_protocol.errors import Problem, RemoteProtocolError
from sync_protocol.ids import BlobDigest, EventId, HubEpoch, Incarnation, NodeId, OfficeCode
from sync_protocol.messages import BlobPut, Busy, Hello, Hint, Offer, Pull, PullReply, Push, Refusal, Request
from sync_protocol.page_proof import PageProof
from sync_protocol.wire import FRAME_BYTES_MAX, MAGIC, FutureVersion, pack, read_by, unpack_reply, unpack_request
from tests.benchmarks.workload import dossier
from tests.sync_protocol.test_batch import lane

SIGN = SoftwareSigner(b"A" * 32).sign
PROOF = PageProof(HubEpoch(b"e" * 16), OfficeCode("00101"), b"i" * 64, b"s" * 64)
REQUESTS: tuple[Request, ...] = (
    Push(seal_batch("hub-test", lane(5), SIGN)),
    Pull(HubEpoch(b"e" * 16), 7, 100, Incarnation(b"i" * 16)),
    Hello(
        versions=(1, 1), software="x", office=OfficeCode("00101"), inc=Incarnation(b"i" * 16), heads=(), epoch=None, cursor=0,
        clock_ms=0,
    ),
    BlobPut(BlobDigest(b"d" * 32), 0, b"chunk" * 100),
    Offer((PROOF,)),
)  # fmt: skip


def fate(frame: bytes) -> str:
    """What reading says: a message, or the code of the Problem. Anything else escapes and fails the test."""
    try:
        return type(unpack_request(frame)).__name__
    except Problem as problem:
        return problem.code


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_message_travels_unchanged(request_: Request) -> None:
    assert unpack_request(pack(request_)) == request_ == unpack_request(pack(request_, compress=False))


def test_every_reply_kind_reads_back() -> None:
    for reply in (Busy(5), Refusal("SYN-002", "x"), Hint(9), PullReply(HubEpoch(b"e" * 16), (), 3, False, b"s")):
        assert unpack_reply(pack(reply)) == reply


@settings(max_examples=2_000, deadline=None)
@given(st.binary(max_size=200))
def test_random_bytes_are_refused(frame: bytes) -> None:
    assert fate(frame).startswith("SYN-")


def test_twenty_thousand_damaged_frames_are_a_message_or_a_problem() -> None:
    chance = random.Random(20261122)
    frames = [pack(one, compress=compress) for one in REQUESTS for compress in (False, True)]
    fates: dict[str, int] = {}
    for _ in range(20_000):
        frame = bytearray(chance.choice(frames))
        for _ in range(chance.choice((1, 1, 2, 8))):
            kind, place = chance.randrange(4), chance.randrange(max(1, len(frame)))
            if kind == 0 and frame:
                frame[min(place, len(frame) - 1)] = chance.randrange(256)
            elif kind == 1:
                del frame[place:]
            elif kind == 2:
                frame[place:place] = chance.randbytes(chance.randrange(1, 9))
            else:
                del frame[place : place + chance.randrange(1, 9)]
        found = fate(bytes(frame))
        fates[found] = fates.get(found, 0) + 1
    assert {"SYN-002", "SYN-010", "Push", "Hello"} <= set(
        fates
    )  # the canary: damage was neither always nor never fatal


def test_a_frame_of_a_newer_protocol_says_so() -> None:
    frame = bytearray(pack(REQUESTS[1]))
    frame[2] = 2
    with pytest.raises(FutureVersion) as raised:
        unpack_request(bytes(frame))
    assert "2" in raised.value.clerk_sentence and raised.value.code == "SYN-010"


def bomb(size: int) -> bytes:
    return MAGIC + bytes((1, 1)) + zstd.compress(bytes(size), 3)


@pytest.mark.parametrize(
    "frame",
    [
        b"", b"LT", b"XX\x01\x00", MAGIC + b"\x01\x02\x80", MAGIC + b"\x01\x01" + b"not zstd", MAGIC + b"\x01\x01",
        bomb(limits.FRAME_PLAIN_BYTES_MAX + 1), bomb(512 * 1024 * 1024),
        MAGIC + b"\x01\x00" + bytes(FRAME_BYTES_MAX),
        MAGIC + b"\x01\x00" + b"\x91" * 100_000, MAGIC + b"\x01\x00" + b"\x81\xa1a" * 100_000,
        MAGIC + b"\x01\x01" + zstd.compress(b"\x91" * 2_000_000), MAGIC + b"\x01\x00\xdd\xff\xff\xff\xff",
        MAGIC + b"\x01\x00\xc6\xff\xff\xff\xff", MAGIC + b"\x01\x01" + zstd.compress(b"\x80") + zstd.compress(b"\x80"),
        MAGIC + b"\x01\x00" + msgspec.msgpack.encode({"type": "no.such.verb"}),
        MAGIC + b"\x01\x00" + msgspec.msgpack.encode({"type": "pull", "epoch": b"e", "cursor": 2**63, "limit": 1, "inc": b"i"}),
        MAGIC + b"\x01\x00" + msgspec.msgpack.encode({"type": "pull", "epoch": b"e", "cursor": -1, "limit": 1, "inc": b"i"}),
    ],
    ids=range(18),
)  # fmt: skip
def test_bombs_nests_lies_and_giants_are_refused(frame: bytes) -> None:
    with pytest.raises(RemoteProtocolError):
        unpack_request(frame)


def test_a_stream_whose_size_is_not_declared_is_refused() -> None:
    squeezer = zstd.ZstdCompressor(3)
    stream = squeezer.compress(b"\x80" * 1000) + squeezer.flush()
    with pytest.raises(RemoteProtocolError):
        unpack_request(MAGIC + b"\x01\x01" + stream)


def test_unknown_fields_of_a_newer_peer_are_ignored() -> None:
    plain = msgspec.msgpack.decode(msgspec.msgpack.encode(REQUESTS[1]))
    assert unpack_request(MAGIC + b"\x01\x00" + msgspec.msgpack.encode({**plain, "colour": "red"})) == REQUESTS[1]


def test_a_full_batch_fits_its_frame() -> None:
    events = lane(limits.BATCH_EVENTS_MAX, body=bytes(1_800))
    assert len(pack(Push(seal_batch("hub-test", events, SIGN)))) <= FRAME_BYTES_MAX
    assert EventId(events[-1].id) == events[-1].id


ONE = Push(seal_batch("hub-test", lane(1), SIGN))
FRAME_OF_OLD = (
    "4c5401070128b52ffd6015005d050054098299a86875622d74657374a76e303031303161c4106901c42000919901c41072ce00010000a46362303191"
    "01c4028001c0c4206fd1bd4c5c9165b53394bf3567ac614cad913bafd29c1645f5603c6dc412992fc440f9cda097e3ce297030b298a7fcd990f84764"
    "3cc5fce88880f6b73b715651285ec27806aacd8d499bf54732f806458dba4ce8160654a94c4ec98f454f25b2b50e070050703cae932db2814143e03a"
    "43355c42141b"
)


@pytest.mark.parametrize("request_", REQUESTS)
def test_a_message_travels_unchanged_with_the_dictionary_too(request_: Request) -> None:
    frame = pack(request_, dictionary=DICTIONARY)
    assert unpack_request(frame) == request_ and read_by(frame) == DICTIONARY
    assert read_by(pack(request_)) == 0, "who has not said so may not read it"


def test_a_single_record_is_shorter_by_the_dictionary_and_a_batch_carries_none() -> None:
    rid, received = dossier(1, OfficeCode("00101"))
    event = make_event(
        node=NodeId("n00101a"), inc=Incarnation(b"i" * 16), seq=1, prev=EventId(bytes(32)), type="dossier.received", tv=1, rid=rid, hlc=1 << 16, actor="cb01", body=encode_body(received)
    )  # fmt: skip
    for single, share in ((ONE, 0.95), (Push(seal_batch("hub-test", [event], SIGN)), 0.88)):
        assert len(pack(single, dictionary=DICTIONARY)) < share * len(pack(single))
    many = Push(seal_batch("hub-test", lane(400), SIGN))
    assert pack(many, dictionary=DICTIONARY)[5:] == pack(many)[4:]


def test_the_words_of_a_dictionary_stay_what_they_were() -> None:
    """Frames that used it lie in quarantine and in backups: other words are another version."""
    words = dictionary(1)
    assert words is not None and hashlib.sha256(words.dict_content).hexdigest() == "55a4826fe069f1d78101f0ac4500ffb05e76b8ac066d0fbdc1ee52545cf39723"
    assert unpack_request(bytes.fromhex(FRAME_OF_OLD)) == ONE


def test_an_unknown_dictionary_and_a_cut_one_are_refused() -> None:
    frame = pack(ONE, dictionary=DICTIONARY)
    assert pack(ONE, dictionary=99) == pack(ONE), "what is not known here is not written"
    for wrong in (frame[:4] + b"\x63" + frame[5:], frame[:4] + b"\x00" + frame[5:], frame[:5], frame[:3] + b"\x02" + frame[4:], frame[:-1]):
        assert fate(wrong).startswith("SYN-")


def test_an_answer_uses_the_version_that_was_named_and_none_that_is_not_known() -> None:
    long = pack(Push(seal_batch("hub-test", lane(400), SIGN)), dictionary=DICTIONARY)
    later = long[:4] + b"\x09" + long[5:]  # a program of a later year, which reads another dictionary
    assert read_by(later) == 9 and unpack_request(later) == unpack_request(long)
    assert pack(ONE, dictionary=read_by(later)) == pack(ONE)


def test_a_bomb_behind_a_dictionary_is_refused_as_one_without() -> None:
    bomb = zstd.compress(bytes(limits.FRAME_PLAIN_BYTES_MAX + 1), 19, zstd_dict=dictionary(DICTIONARY))
    assert fate(MAGIC + bytes((1, 3, DICTIONARY)) + bomb).startswith("SYN-")
