"""An office of `tests.offices` as a desk at which people settle cases."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any, cast

from edge_node.desk import Desk
from edge_node.people.officers import Officer, Officers
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
