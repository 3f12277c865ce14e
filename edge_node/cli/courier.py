"""`edge-node export-courier` and `import-courier`: the same batches and acknowledgements on a USB stick, for an office without a line."""

from __future__ import annotations

from pathlib import Path

from edge_node.cli.opening import AsJson, State, open_node
from edge_node.sync.courier import export_courier as export_file
from edge_node.sync.courier import import_courier as import_file
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.terminal import show_facts


def export_courier(out: Path, *, state: State, json: AsJson = False) -> None:
    """Ghi mọi thứ đang chờ gửi ra một tệp để mang đến trung tâm."""
    node = open_node(state)
    try:
        made = export_file(node.store, node.files, node.hub.hub, node.keys.signer.sign, node.identity.node)
        write_durably(out, made.content)
    finally:
        node.close()
    show_facts("Tệp chuyển tay", {"events": made.events, "files": made.files, "bytes": len(made.content)}, as_json=json)


def import_courier(path: Path, *, state: State, json: AsJson = False) -> None:
    """Nạp tệp trả lời của trung tâm: xác nhận có chữ ký cho từng gói."""
    node = open_node(state)
    try:
        taken = import_file(node.store, node.hub, node.identity.node, path.read_bytes())
    finally:
        node.close()
    show_facts("Đã nạp", {"acknowledged_upto": taken.upto, "files_at_hub": taken.files}, as_json=json)
