"""An office of `tests.offices` as a desk at which people settle cases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, cast

import apsw

from edge_node.desk import Desk
from edge_node.people.officers import Officer, Officers
from edge_node.store.node_store import NodeStore
from sync_protocol.adapters import event_log, projection
from sync_protocol.bodies import CustodyGranted, encode_body
from sync_protocol.envelope import make_event
from sync_protocol.ids import GENESIS, HUB_NODE, Incarnation, NodeId, OfficeCode, RecordId
from tests.offices import Office

NOTHING = cast(Any, None)  # what settling never asks for


def desk_of(office: Office, account: str = "cb01") -> Desk:
    """The office's desk with one officer."""
    return Desk(
        node=office.node, office=office.office, store=office.store, files=office.files, ledger=office.ledger,
        officers=Officers((Officer(account, "Nguyễn Thị Ẩn", ("resolving",)),)), sandbox=NOTHING, reading=NOTHING, reader="",
        now=lambda: dt.datetime.fromtimestamp(office.clock() / 1000, dt.UTC), new_id=NOTHING, typefaces_dir=Path(), current_catalogue=NOTHING,
        reserve_code=NOTHING,
    )  # fmt: skip


def granted_to(store: NodeStore, rid: RecordId, office: str) -> None:
    """The hub's grant of a dossier to an office comes with the news."""

    def keep(connection: apsw.Connection) -> None:
        body = CustodyGranted(office=OfficeCode(office), fence=1, previous_office=OfficeCode("00101"), reason="x", officer="cb09", until=())
        inc = Incarnation(b"h" * 16)
        lane = event_log.open_lane(connection, NodeId(HUB_NODE), inc, "peer")
        event = make_event(
            node=NodeId(HUB_NODE), inc=inc, seq=1, prev=GENESIS, type="custody.granted", tv=1, rid=rid, hlc=1, actor="hub", body=encode_body(body), base=(),
            fence=None,
        )  # fmt: skip
        event_log.append(connection, lane, [event], 1)
        projection.project(connection, [event])

    store.writer.run(keep)
