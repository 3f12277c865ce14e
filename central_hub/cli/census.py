"""`central-hub census`: figures of every dossier at the hub, comparable with every office's."""

from __future__ import annotations

from central_hub.cli.opening import AsJson, State, open_hub
from sync_protocol.adapters.census import census as count
from sync_protocol.adapters.terminal_tables import show_census


def census(*, state: State, json: AsJson = False) -> None:
    """Đếm từng hồ sơ tại trung tâm để đối chiếu với các điểm."""
    hub = open_hub(state)
    try:
        rows = hub.store.readers.run(count)
    finally:
        hub.store.close()
    show_census("Hồ sơ tại trung tâm", rows, as_json=json)
