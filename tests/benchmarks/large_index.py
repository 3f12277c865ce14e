"""Fills a hub's database with dossiers as fast as it goes, for figures about a large hub.

Each row of `dossier` and `search_key` is what the hub itself would have written for a reception of 1 KB: the view of one real dossier with
another id and code in its bytes, four keys. Rows go in by their primary keys, in order, with the journal off: nobody serves meanwhile.
The event log of these dossiers is left out; look-ups by key never read it, and what is pushed afterwards grows it as always. The keys are spread
over the numbers and names that pushed dossiers have (workload.py), so that each of theirs falls between those held, as in a hub that has grown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice, product
from typing import Any

import apsw

from sync_protocol.adapters import projection_rows
from sync_protocol.bodies import encode_body
from sync_protocol.envelope import make_event
from sync_protocol.folding import folded
from sync_protocol.ids import GENESIS, Incarnation, NodeId, RecordId
from sync_protocol.merge import fold
from sync_protocol.search_keys import keys_of
from sync_protocol.view import DossierView, encode_view
from tests.benchmarks.workload import FAMILY_NAMES, FIRST_MS, GIVEN_NAMES, MIDDLE_NAMES, dossier

AT_ONCE = 50_000
_NAMES = sorted(folded(" ".join(parts)) for parts in product(FAMILY_NAMES, MIDDLE_NAMES, GIVEN_NAMES))
Row = tuple[Any, ...]


def code_of(number: int) -> str:
    """The code of the dossier with this number."""
    return f"00999-251122-{number:08d}"


def rid_of(number: int) -> RecordId:
    """Its id: in the order of the numbers, as version 7 ids are in the order of time."""
    return RecordId((number << 64 | 7 << 60 | 0x5A5A).to_bytes(16, "big"))


def fill(connection: apsw.Connection, count: int) -> None:
    """Write dossiers `0 … count-1`. The connection is the only one; it is closed by the caller, and opened again under the policy."""
    connection.pragma("journal_mode", "off")
    connection.pragma("synchronous", "off")
    _in_pages(connection, projection_rows._INSERT_DOSSIER, _dossiers(count))
    for kind in ("bhxh_number", "code", "name_birth", "personal_id"):
        _in_pages(
            connection,
            "INSERT INTO search_key(key, rid) VALUES(?,?)",
            ((_key(kind, n, count), rid_of(n)) for n in range(count)),
        )
    connection.pragma("synchronous", "full")


def _in_pages(connection: apsw.Connection, sql: str, rows: Iterable[Row]) -> None:
    going = iter(rows)
    while page := list(islice(going, AT_ONCE)):
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany(sql, page)
        connection.execute("COMMIT")


def _key(kind: str, number: int, count: int) -> str:
    """The key of this kind of dossier `number` of `count`: in the order of the numbers."""
    match kind:
        case "bhxh_number":
            return f"bhxh_number:{10**9 + number * 9 * 10**9 // count}"
        case "code":
            return f"code:{code_of(number)}"
        case "name_birth":
            return f"name_birth:{_NAMES[number * len(_NAMES) // count]} {number:010d}|1985-02-01"
        case _:
            return f"personal_id:{10**11 + number * 9 * 10**11 // count}"


def _dossiers(count: int) -> Iterator[Row]:
    model = _model()
    raw, keys = encode_view(model), len(list(keys_of(model)))
    assert keys == 4 and raw.count(model.code.encode()) == 1 and raw.count(model.rid) == 1
    before, between, after = _pieces(raw, model)
    for number in range(count):
        rid, code = rid_of(number), code_of(number)
        written = (
            "["
            + ",".join(f'"{_key(kind, number, count)}"' for kind in ("bhxh_number", "code", "name_birth", "personal_id"))
            + "]"
        )
        view = before + rid + between + code.encode() + after
        yield (
            rid,
            code,
            model.procedure,
            "00999",
            "00999",
            model.state,
            FIRST_MS + number,
            "2026-12-01",
            0,
            0,
            view,
            written,
        )


def _pieces(raw: bytes, model: DossierView) -> tuple[bytes, bytes, bytes]:
    before, rest = raw.split(model.rid)
    between, after = rest.split(model.code.encode())
    return before, between, after


def _model() -> DossierView:
    rid, body = dossier(0, "00999")
    event = make_event(
        node=NodeId("n00999a"), inc=Incarnation(b"i" * 16), seq=1, prev=GENESIS, type="dossier.received", tv=1, rid=rid, hlc=FIRST_MS << 16,
        actor="cb01", body=encode_body(body),
    )  # fmt: skip
    view = fold(rid, [event])
    assert len(view.code) == len(code_of(0))
    return view
