"""Multi-value registers: concurrent values coexist until a person, or a rule of rank, settles them.

An entry is dominated when another entry's base names it: its author had seen it. The entries nobody dominates are the heads. Among the
heads the highest provenance rank speaks; heads of that rank which are equal after normalisation join; if two really different values
remain, that is a conflict with an id that every replica computes alike.

Source: design.md §5; sync.md 2.5; NĐ 30/2020 Phụ lục VI (conflicts and duplicates are notified, never settled silently).
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable
from enum import IntEnum

import msgspec

from sync_protocol.ids import ActId, EventId, RecordId


class Rank(IntEnum):
    """Provenance lattice: settled by a person > resolving officer > intake officer > typed > QR > OCR.

    Below it lies what somebody proposed and a second person has not settled (`disputed`): it never speaks by itself.
    """

    PROPOSED = 0
    OCR = 1
    QR = 2
    TYPED = 3
    INTAKE = 4
    RESOLVING = 5
    SETTLED = 6


class Entry(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One value somebody or something gave to a field."""

    id: ActId
    value: str
    rank: int
    base: tuple[EventId, ...]
    node: str = ""
    actor: str = ""


class Settled(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a register says now. `heads` are what a new entry must name as its base."""

    value: str
    rank: int
    heads: tuple[Entry, ...]
    conflict: bytes | None  # deterministic id, or None


_TONED = {  # tone placement: the old and the new way of writing the same syllable
    "oà": "òa", "oá": "óa", "oả": "ỏa", "oã": "õa", "oạ": "ọa",
    "oè": "òe", "oé": "óe", "oẻ": "ỏe", "oẽ": "õe", "oẹ": "ọe",
    "uỳ": "ùy", "uý": "úy", "uỷ": "ủy", "uỹ": "ũy", "uỵ": "ụy",
}  # fmt: skip


def normalise(value: str) -> str:
    """Equality for people: NFC, one space, no case, one way of placing the tone.

    >>> normalise("  NGUYỄN  thị Hoà") == normalise("Nguyễn Thị Hòa")
    True
    >>> normalise("Nguyễn") == normalise("Nguyên")
    False
    """
    text = " ".join(unicodedata.normalize("NFC", value).casefold().split())
    for new, old in _TONED.items():
        text = text.replace(new, old)
    return text


def settle(rid: RecordId, name: bytes, entries: Iterable[Entry]) -> Settled | None:
    """The state of one register from the set of its entries; order and repetition of the input do not matter."""
    given = list(entries)
    if len(given) == 1:  # nearly every field is said once
        return Settled(given[0].value, given[0].rank, (given[0],), None)
    known: dict[ActId, Entry] = {}
    for one in given:
        held = known.get(one.id)
        if held is None or (held.rank, held.value) < (one.rank, one.value):  # one act may offer a field twice: the better rank stands
            known[one.id] = one
    if not known:
        return None
    dominated = {seen for one in known.values() for seen in one.base}
    heads = tuple(sorted((one for one in known.values() if one.id not in dominated), key=lambda one: one.id))
    if not heads:  # only a broken hash could make bases circular; even then nothing is hidden
        heads = tuple(sorted(known.values(), key=lambda one: one.id))
    top = max(one.rank for one in heads)
    speaking = [one for one in heads if one.rank == top]
    distinct = {one.value for one in speaking}
    if len(distinct) > 1:  # what is written alike needs no normalising; nearly every register ends here
        distinct = {normalise(value) for value in distinct}
    conflict = None
    if len(distinct) > 1:
        conflict = _conflict_id(rid, name, speaking)
    return Settled(speaking[0].value, top, heads, conflict)


def disputed(rid: RecordId, name: bytes, settled: Settled | None, proposed: Iterable[Entry]) -> Settled | None:
    """A register with proposals that nobody has settled: its value still speaks, whatever its rank, and the case is open.

    A proposal is over once an entry of the register names it in its base: only open ones are given here. Pure; order does not matter.
    """
    waiting = sorted({one.id: one for one in proposed}.values(), key=lambda one: one.id)
    if not waiting:
        return settled
    held = settled.heads if settled else ()
    heads = tuple(sorted((*held, *waiting), key=lambda one: one.id))
    return Settled(settled.value if settled else "", settled.rank if settled else Rank.PROPOSED, heads, _conflict_id(rid, name, heads))


def _conflict_id(rid: RecordId, name: bytes, entries: Iterable[Entry]) -> bytes:
    ids = b"".join(sorted(one.id for one in entries))
    return hashlib.sha256(b"lienthong/conflict/1\0" + rid + name + b"\0" + ids).digest()
