"""`central-hub existence publish|show`: the country-wide index by hand; a serving hub publishes by itself every day."""

from __future__ import annotations

import secrets
from typing import Annotated

import cyclopts

from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.existence.entries import coded_papers
from central_hub.existence.publishing import files_in_force
from central_hub.existence.publishing import publish as publish_index
from sync_protocol.adapters.terminal import show, show_facts

app = cyclopts.App(name="existence", help="Chỉ mục toàn quốc: giấy tờ nào đã có ở đâu, để các điểm tra khi mất mạng.")


@app.command
def publish(
    *,
    state: State,
    whole: Annotated[bool, cyclopts.Parameter(negative="", help="Làm lại từ đầu.")] = False,
    json: AsJson = False,
) -> None:
    """Công bố phần mới kể từ lần trước; làm lại từ đầu khi cần."""
    hub = open_hub(state)
    try:
        made = publish_index(hub.store, hub.files.files, hub.now_ms(), secrets.token_bytes, whole=whole)
    finally:
        hub.store.close()
    show_facts(
        "Chỉ mục",
        {"files": made.files, "entries": made.entries, "bytes": made.bytes, "whole": made.is_base},
        as_json=json,
    )


@app.command(name="show")
def show_files(*, state: State, json: AsJson = False) -> None:
    """Các tệp chỉ mục đang có hiệu lực."""
    hub = open_hub(state)
    try:
        found = hub.store.readers.run(files_in_force)
        papers = hub.store.readers.run(coded_papers)
    finally:
        hub.store.close()
    show(
        f"Chỉ mục toàn quốc ({papers} giấy tờ có mã)",
        {"digest": "tệp", "bytes": "byte", "as_of_ms": "tính đến (ms)", "is_base": "bản đầy đủ"},
        [(one.digest.hex()[:16], one.size, one.as_of_ms, one.is_base) for one in found],
        as_json=json,
    )
