"""`central-hub status`: every office, what it last said, what is stuck; and how much the hub holds."""

from __future__ import annotations

import datetime as dt

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.operations.overview import overview
from sync_protocol.adapters.terminal import print_json, show, show_facts

_STATES = {
    "here": "đang kết nối",
    "away": "không kết nối",
    "slow": "đường truyền chậm",
    "look": "cần xem",
    "never": "chưa kết nối",
    "revoked": "đã thu hồi",
}


def status(*, state: State, json: AsJson = False) -> None:
    """Tình trạng trung tâm và các điểm."""
    hub = open_hub(state)
    try:
        found = hub.store.readers.run(lambda c: overview(c, hub.now_ms()))
    finally:
        hub.store.close()
    if json:
        print_json(found)
        return
    show_facts("Trung tâm", {**found.totals, "epoch": hub.identity.epoch.hex()[:8]}, as_json=False)
    show(
        "Các điểm",
        {"node": "điểm", "office": "cơ quan", "state": "tình trạng", "last": "gặp lần cuối", "queue": "chờ gửi", "age": "cũ nhất (giờ)", "lag": "còn thiếu", "floor": "đã nhận", "held": "giữ riêng", "complaints": "cần xem"},
        [
            (
                one.node, one.office, _STATES[one.state], _time(one.last_hello_ms), one.queue_events, one.queue_age_ms // 3_600_000, one.floor_lag, one.floor, one.quarantined,
                " ".join(one.complaints),
            )
            for one in found.nodes
        ],
        as_json=False,
    )  # fmt: skip
    if found.recovered:
        show(
            "Nhật ký để riêng sau khi khôi phục", {"node": "điểm", "events": "sự kiện"}, [(one.node, one.events) for one in found.recovered], as_json=False
        )  # fmt: skip


def _time(ms: int | None) -> str:
    if ms is None:
        return "chưa"
    return dt.datetime.fromtimestamp(ms / 1000, dt.timezone(dt.timedelta(hours=7))).strftime("%H:%M:%S %d/%m/%Y")
