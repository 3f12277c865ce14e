"""The country-wide existence index: which papers are known somewhere, as keyed hashes that fit on every desk.

One entry is eight bytes: 48 bits of a keyed hash of (search key, document type) and 16 bits that number the office. Entries stand sorted, so
an answer costs a few small reads of a file that stays on the disk. Whoever lacks the key learns nothing from the file; whoever has it can only
ask about a number they know. An answer is always "known as of" or "not known as of", never "does not exist" (design.md §6, R-10).
False answers: of ten million entries, one question in 28 million meets a stranger's hash.
"""

from __future__ import annotations

import hashlib
import struct
import sys
from array import array
from collections.abc import Callable, Iterable, Sequence
from itertools import groupby
from typing import Final

import msgspec

from sync_protocol.batch import Verify
from sync_protocol.errors import RemoteProtocolError
from sync_protocol.ids import BlobDigest, OfficeCode
from sync_protocol.limits import EXISTENCE_FILES_MAX, EXISTENCE_OFFICES_MAX, Natural

MAGIC: Final = b"LTX1"
ENTRY_BYTES: Final = 8
_HASH_BYTES: Final = 6
_OFFICE_BITS: Final = 16
_HASH_SPAN: Final = 1 << (8 * _HASH_BYTES)
_PERSON: Final = b"lt-existence"
_HEAD = struct.Struct(">4sI")
_PAGE_ENTRIES: Final = 512
_HEADER_BYTES_MAX: Final = 2_097_152

_OFFER_DOMAIN: Final = b"lienthong/existence/1\0"

Read = Callable[[int, int], bytes]
"""(offset, length) → bytes of an index file, fewer at its end."""

_encode = msgspec.msgpack.Encoder().encode


class IndexHeader(msgspec.Struct, frozen=True, array_like=True):
    """What an index file says of itself: as of which hub time and position, and the offices that its entries number."""

    as_of_ms: Natural
    position: Natural
    entries: Natural
    offices: tuple[OfficeCode, ...]


class IndexFile(msgspec.Struct, frozen=True, array_like=True):
    """One file of the index: a part of the base, or what came since. Times are hub time (UTC)."""

    digest: BlobDigest
    size: Natural
    as_of_ms: Natural
    position: Natural
    is_base: bool


class Offered(msgspec.Struct, frozen=True, array_like=True):
    """The files in force and the key of their hashes: together they replace whatever was offered before."""

    key: bytes
    files: tuple[IndexFile, ...]


def offer_message(hub: str, offered: Offered) -> bytes:
    """The bytes that the hub signs."""
    return _OFFER_DOMAIN + hub.encode() + b"\0" + hashlib.sha256(_encode(offered)).digest()


def check_offer(offered: Offered, signature: bytes, *, hub: str, verify: Verify) -> None:
    """Prove that the hub offered exactly this.

    Raises:
        RemoteProtocolError: no usable key, or more files than there may be.
        Problem: whatever `verify` raises for a wrong signature.
    """
    if len(offered.key) != 32 or len(offered.files) > EXISTENCE_FILES_MAX:
        raise RemoteProtocolError(what="existence offer of a wrong shape")
    verify(offer_message(hub, offered), signature)


_decode_header = msgspec.msgpack.Decoder(IndexHeader).decode


class Hasher:
    """The keyed hash of one generation. `key` is 32 bytes that the hub gives to enrolled nodes."""

    def __init__(self, key: bytes) -> None:
        self._keyed = hashlib.blake2b(key=key, digest_size=_HASH_BYTES, person=_PERSON)

    def __call__(self, search_key: str, document_type: str) -> int:
        """48 bits for a search key (search_keys.key_for) and a document type."""
        keyed = self._keyed.copy()
        keyed.update(f"{search_key}\0{document_type}".encode())
        return int.from_bytes(keyed.digest(), "big")


def write_index(entries: Iterable[tuple[int, OfficeCode]], *, as_of_ms: int, position: int) -> bytes:
    """An index file of (hash, office) pairs, given in any order and with repetitions.

    Raises:
        RemoteProtocolError: more offices than 16 bits number.
    """
    numbers: dict[OfficeCode, int] = {}
    packed = array("Q")
    for one, office in entries:
        packed.append((one << _OFFICE_BITS) | numbers.setdefault(office, len(numbers)))
        if len(numbers) > EXISTENCE_OFFICES_MAX:
            raise RemoteProtocolError(what="index of more offices than 16 bits number")
    packed = array("Q", (one for one, _ in groupby(sorted(packed))))
    header = _encode(IndexHeader(as_of_ms, position, len(packed), tuple(numbers)))
    return _HEAD.pack(MAGIC, len(header)) + header + _big_endian(packed)


def _big_endian(packed: array[int]) -> bytes:
    if sys.byteorder == "little":
        packed.byteswap()
    return packed.tobytes()


class Index:
    """An index file behind a reading function; nothing but its header is kept in memory."""

    def __init__(self, read: Read) -> None:
        """Raises RemoteProtocolError: not an index file of this version."""
        self._read = read
        self.header, self._start = _header(read)

    def offices(self, wanted: int) -> list[OfficeCode]:
        """Offices under a hash, in the file's order; empty where it is not known."""
        count = self.header.entries
        low, high = 0, count
        at = wanted * count // _HASH_SPAN - _PAGE_ENTRIES // 2  # hashes are spread evenly: the place is nearly known
        while low < high:
            first = max(low, min(at, high - 1))
            page = self._page(first)
            if not page:
                raise RemoteProtocolError(what="existence index shorter than it says")
            if page[0] >> _OFFICE_BITS >= wanted and first > low:
                high = first + 1 if page[0] >> _OFFICE_BITS == wanted else first
                at = first - _PAGE_ENTRIES
                continue
            if page[-1] >> _OFFICE_BITS < wanted:
                low = first + len(page)
                at = low
                continue
            return self._named(wanted, page, first + len(page))
        return []

    def _named(self, wanted: int, page: Sequence[int], following: int) -> list[OfficeCode]:
        found = [one for one in page if one >> _OFFICE_BITS == wanted]
        while page and page[-1] >> _OFFICE_BITS == wanted and following < self.header.entries:
            page = self._page(following)
            found += [one for one in page if one >> _OFFICE_BITS == wanted]
            following += len(page)
        mask = (1 << _OFFICE_BITS) - 1
        return [self.header.offices[one & mask] for one in found if one & mask < len(self.header.offices)]

    def _page(self, first: int) -> tuple[int, ...]:
        count = min(_PAGE_ENTRIES, self.header.entries - first)
        raw = self._read(self._start + first * ENTRY_BYTES, count * ENTRY_BYTES)
        return struct.unpack(f">{len(raw) // ENTRY_BYTES}Q", raw[: len(raw) // ENTRY_BYTES * ENTRY_BYTES])


def entries_in(content: bytes) -> int:
    """How many entries an index file holds. Raises RemoteProtocolError."""
    return _header(lambda offset, length: content[offset : offset + length])[0].entries


def _header(read: Read) -> tuple[IndexHeader, int]:
    head = read(0, _HEAD.size)
    if len(head) != _HEAD.size:
        raise RemoteProtocolError(what="existence index too short")
    magic, size = _HEAD.unpack(head)
    if magic != MAGIC or size > _HEADER_BYTES_MAX:
        raise RemoteProtocolError(what="not an existence index of this version")
    try:
        return _decode_header(read(_HEAD.size, size)), _HEAD.size + size
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise RemoteProtocolError(what="existence index unreadable") from error
