"""What this desk could not take from its hub, by kind, with the code: kept in the database, so that every process of the desk can say so.

A bad catalogue, bad lists or a page of news that proves nothing is set aside alone: what comes behind it goes on (N6), and the former stays in force.
"""

from __future__ import annotations

from typing import Literal

import apsw
import msgspec

from edge_node.store.node_store import read_state, write_state

Kind = Literal["catalogue", "areas", "trust_lists", "snapshot", "news", "index", "comparison", "erasures", "files", "damaged", "law"]
KIND_LABELS: dict[Kind, str] = {
    "catalogue": "danh mục mới", "areas": "danh sách xã, phường mới", "trust_lists": "danh sách thu hồi mới", "snapshot": "bản chụp ban đầu", "news": "tin mới", "index": "chỉ mục toàn quốc",
    "comparison": "đối chiếu với trung tâm", "erasures": "lệnh xóa", "files": "tệp chờ gửi", "damaged": "tệp hỏng cần lấy lại", "law": "đối chiếu hồ sơ với danh mục",
}  # fmt: skip
_KEY = "not_taken"


def not_taken(connection: apsw.Connection) -> dict[Kind, str]:
    """Kind → code of what could not be taken the last time."""
    raw = read_state(connection, _KEY)
    return msgspec.msgpack.decode(raw, type=dict[Kind, str]) if raw else {}


def note(connection: apsw.Connection, kind: Kind, code: str) -> None:
    """Remember why something of this kind was not taken; "" when it was. Idempotent."""
    held = not_taken(connection)
    if held.get(kind, "") != code:
        others = {name: other for name, other in held.items() if name != kind}
        write_state(connection, _KEY, msgspec.msgpack.encode(others | {kind: code} if code else others))
