"""`central-hub catalogue build|show`: rules of law from plain source files into one signed file, in force from now on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts

from central_hub.app import utc_now
from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.directory.build import SOURCES, build_catalogue
from central_hub.ingest.greeting import newest_catalogue, publish_catalogue
from sync_protocol.adapters.terminal import say, show_facts
from sync_protocol.ids import BlobDigest

app = cyclopts.App(name="catalogue", help="Danh mục: thủ tục, giấy tờ, mã kết quả, đơn vị, ngày nghỉ.")


@app.command
def build(
    *,
    state: State,
    sources: Annotated[Path, cyclopts.Parameter(help="Thư mục nguồn.")] = SOURCES,
    json: AsJson = False,
) -> None:
    """Dựng, ký và công bố danh mục mới."""
    hub = open_hub(state)
    try:
        held = hub.store.readers.run(newest_catalogue)
        version = (held.version if held else 0) + 1
        hub.folder.catalogues.mkdir(exist_ok=True)
        path = hub.folder.catalogues / f"catalogue-{version}.db"
        built = build_catalogue(
            sources, path, version=str(version), built_at=utc_now().replace(microsecond=0), sign=hub.keys.signer.sign
        )
        content = path.read_bytes()
        digest = BlobDigest(bytes.fromhex(hub.files.files.put(content)))
        hub.store.writer.run(
            lambda c: publish_catalogue(c, version, digest, len(content), built.signature, hub.now_ms())
        )
    finally:
        hub.store.close()
    show_facts(
        "Danh mục đã công bố",
        {"version": version, "sha256": built.sha256, "bytes": built.size_bytes, **built.counts},
        as_json=json,
    )


@app.command(name="show")
def show_current(*, state: State, json: AsJson = False) -> None:
    """Danh mục đang có hiệu lực."""
    hub = open_hub(state)
    try:
        held = hub.store.readers.run(newest_catalogue)
    finally:
        hub.store.close()
    if held is None:
        say("Chưa công bố danh mục nào. Chạy: central-hub catalogue build")
        return
    show_facts("Danh mục", {"version": held.version, "sha256": held.digest.hex(), "bytes": held.size}, as_json=json)
