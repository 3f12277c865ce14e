"""`edge-node census`: figures of every dossier held here, comparable with the hub's."""

from __future__ import annotations

from edge_node.cli.opening import AsJson, State, open_node
from sync_protocol.adapters.census import census as count
from sync_protocol.adapters.terminal import print_json, show


def census(*, state: State, json: AsJson = False) -> None:
    """Đếm từng hồ sơ tại điểm để đối chiếu với trung tâm."""
    node = open_node(state)
    try:
        rows = node.store.readers.run(count)
    finally:
        node.close()
    if json:
        print_json(rows)
        return
    show(
        "Hồ sơ tại điểm",
        {
            "code": "mã hồ sơ",
            "state": "trạng thái",
            "events": "sự kiện",
            "pages": "trang",
            "files": "tệp",
            "codes": "mã",
            "print": "vân",
        },
        [(r.code, r.state, r.events, r.declared_pages, r.files, r.codes, r.fingerprint[:8]) for r in rows],
        as_json=False,
    )
