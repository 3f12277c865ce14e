"""`central-hub courier`: take a node's courier file, write the answers for the way back."""

from __future__ import annotations

import asyncio
from pathlib import Path

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.ingest.courier import answer_courier
from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.adapters.terminal import show_facts


def courier(path: Path, out: Path, *, state: State, json: AsJson = False) -> None:
    """Nhận tệp chuyển tay của một điểm và ghi tệp trả lời."""
    hub = open_hub(state)
    try:
        answer = asyncio.run(answer_courier(hub.service, path.read_bytes()))
        write_durably(out, answer)
    finally:
        hub.store.close()
    show_facts("Tệp trả lời", {"bytes": len(answer), "file": str(out)}, as_json=json)
