"""`edge-node census`: figures of every dossier held here, comparable with the hub's."""

from __future__ import annotations

from edge_node.cli.opening import AsJson, State, open_node
from sync_protocol.adapters.census import census as count
from sync_protocol.adapters.terminal_tables import show_census


def census(*, state: State, json: AsJson = False) -> None:
    """Đếm từng hồ sơ tại điểm để đối chiếu với trung tâm."""
    node = open_node(state)
    try:
        rows = node.store.readers.run(count)
    finally:
        node.close()
    show_census("Hồ sơ tại điểm", rows, as_json=json)
