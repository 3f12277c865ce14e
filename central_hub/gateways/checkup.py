"""The doctor's line about outside systems."""

from __future__ import annotations

from pathlib import Path

import apsw

from central_hub.gateways.mailbox import OLD_MS, counts, oldest_waiting_ms
from central_hub.settings import GatewaysChoice, IdentityChoice, PortalChoice
from sync_protocol.adapters.checkup import Line, State
from sync_protocol.adapters.sqlite.rows import one_int

NAME = "Cổng kết nối"


def check_gateways(root: Path, chosen: GatewaysChoice, connection: apsw.Connection, now_ms: int) -> Line:
    """Whether token files are there, nothing is dead, nothing waits for long."""
    open_ones: dict[str, PortalChoice | IdentityChoice] = {"portal": chosen.portal, "identity": chosen.identity}
    used = {name: one for name, one in open_ones.items() if one.address}
    if not used:
        return Line(NAME, State.WELL, "không dùng")
    missing = [name for name, one in used.items() if one.token_file and not (root / one.token_file).is_file()]
    if missing:
        return Line(
            NAME, State.BROKEN, f"thiếu tệp khóa của {', '.join(missing)}", "Đặt tệp khóa đúng chỗ nêu trong hub.toml."
        )
    by_state = counts(connection)
    dead = sum(count for (_, state), count in by_state.items() if state == "dead")
    held = one_int(connection.execute("SELECT count(*) FROM gateway_arrival WHERE state = 'held'").fetchone())
    oldest = oldest_waiting_ms(connection)
    if dead or held or (oldest is not None and now_ms - oldest > OLD_MS):
        waiting = sum(count for (_, state), count in by_state.items() if state == "waiting")
        finding = f"{waiting} thư chờ, {dead} thư bị từ chối, {held} hồ sơ đến chưa chuyển được"
        return Line(NAME, State.SOON, finding, "Mở trang Cổng kết nối.")
    return Line(NAME, State.WELL, f"{', '.join(sorted(used))}: không có gì phải xem")
