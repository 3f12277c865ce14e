"""`central-hub catalogue build|show`: rules of law from plain source files into one signed file, in force from now on."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import cyclopts
import msgspec

from central_hub.app import Hub, utc_now
from central_hub.cli.opening import AsJson, State, open_hub
from central_hub.directory.areas import PACKAGE
from central_hub.directory.build import SOURCES, build_from
from central_hub.directory.changes import difference
from central_hub.directory.errors import CatalogueSourcesWrong
from central_hub.directory.parts import areas_part
from central_hub.directory.sources import read_sources
from central_hub.directory.validation import find_complaints
from central_hub.directory.web_state import law_desk_of
from central_hub.ingest.greeting import newest_catalogue, publish_catalogue
from central_hub.ingest.law_numbers import next_version
from sync_protocol.adapters.terminal import say, show_facts
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.catalogue import Catalogue, CataloguePart
from sync_protocol.ids import BlobDigest

CONSOLE = Visitor("console", "máy chủ", ("operator",))  # who types here is not known by account, and never approves

app = cyclopts.App(name="catalogue", help="Danh mục: thủ tục, giấy tờ, mã kết quả, đơn vị, ngày nghỉ.")


@app.command
def build(
    *,
    state: State,
    sources: Annotated[Path, cyclopts.Parameter(help="Thư mục nguồn.")] = SOURCES,
    json: AsJson = False,
) -> None:
    """Dựng, ký và công bố danh mục đầu tiên; về sau, đưa khác biệt của nguồn vào một bản nháp chờ người thứ hai duyệt."""
    hub = open_hub(state)
    try:
        if hub.store.readers.run(newest_catalogue) is not None:
            _draft_from(hub, sources, as_json=json)
            return
        version = hub.store.readers.run(next_version)
        hub.folder.catalogues.mkdir(exist_ok=True)
        path = hub.folder.catalogues / f"catalogue-{version}.db"
        wanted = _wanted(hub, sources, str(version), (), as_json=json)
        built = build_from(wanted, path, sign=hub.keys.signer.sign)
        content = path.read_bytes()
        path.unlink()  # the file store holds it from here on, and the backups with it
        path.with_name(path.name + ".sig").unlink(missing_ok=True)
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


def _draft_from(hub: Hub, sources: Path, *, as_json: bool) -> None:
    """A draft that brings the sources' content, for somebody else to approve on screen. Raises CatalogueSourcesWrong."""
    desk = law_desk_of(hub)
    version, newest = desk.held.newest()
    wanted = _wanted(hub, sources, "0", newest.parts, as_json=as_json)
    changes = difference(newest, wanted)
    if not changes:
        say(f"Nguồn không khác danh mục phiên bản {version} đang có hiệu lực.")
        return
    draft = desk.begin_with(
        CONSOLE,
        "Danh mục từ tệp nguồn",
        f"tệp nguồn của bản phát hành, {len(changes)} khác biệt",
        wanted,
        "law.sources",
    )
    show_facts(
        "Bản nháp chờ xem và duyệt trên trang Bản nháp",
        {"draft": draft, "base": version, "changes": len(changes)},
        as_json=as_json,
    )


def _wanted(hub: Hub, sources: Path, version: str, held: tuple[CataloguePart, ...], *, as_json: bool) -> Catalogue:
    """The sources with the files that go with them; `held` goes on where those cannot be made here. Raises CatalogueSourcesWrong."""
    wanted, complaints = read_sources(sources, version=version, built_at=utc_now().replace(microsecond=0))
    complaints += find_complaints(wanted)
    if complaints:
        raise CatalogueSourcesWrong(count=len(complaints), first=complaints[0].file, complaints=tuple(complaints))
    areas = areas_part(sources, hub.store, hub.files.files, hub.now_ms())
    if areas is None and not as_json:
        so_far = "giữ danh sách tỉnh, huyện, xã đang có" if held else "không có danh sách tỉnh, huyện, xã; địa chỉ trên giấy vẫn đọc được, nhưng không đối chiếu"
        say(f"Máy chủ chưa cài gói {PACKAGE}: danh mục {so_far}. Cài lại theo deploy/runtime.lock rồi chạy lại lệnh này.")
    return msgspec.structs.replace(wanted, parts=held if areas is None else (areas,))


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
