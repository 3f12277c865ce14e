"""`central-hub census`: figures of every dossier at the hub, comparable with every office's."""

from __future__ import annotations

from central_hub.cli.opening import AsJson, State, open_hub
from sync_protocol.adapters.census import census as count
from sync_protocol.adapters.terminal import print_json, show


def census(*, state: State, json: AsJson = False) -> None:
    """Đếm từng hồ sơ tại trung tâm để đối chiếu với các điểm."""
    hub = open_hub(state)
    try:
        rows = hub.store.readers.run(count)
    finally:
        hub.store.close()
    if json:
        print_json(rows)
        return
    show(
        "Hồ sơ tại trung tâm",
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
