"""The closing table: what was declared, made, signed, coded, sent and acknowledged, and whether all three places agree."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from deploy.demo.job.story import Play
from sync_protocol.glossary import label


def close(play: Play, console: Console) -> bool:
    """Print the tables; True when every count agrees and every walk found nothing wrong."""
    censuses = {
        name: _census(actor) for name, actor in (("A", play.a.actor), ("B", play.b.actor), ("trung tâm", play.hub))
    }
    agreed = _dossiers(play, censuses, console)
    agreed &= _totals(play, censuses, console)
    agreed &= _walks(play, console)
    _times(play, console)
    console.print("[bold green]Mọi số đều khớp.[/]" if agreed else "[bold red]Có số không khớp.[/]")
    return agreed


def _census(actor: Any) -> dict[str, dict[str, Any]]:
    return {one["rid"]: one for one in actor.run("census", "--json")}


_FIGURES = {
    "events": "sự kiện", "declared_pages": "trang", "files": "tệp", "personal_signatures": "chữ ký cá nhân",
    "agency_signatures": "ký cơ quan", "codes": "mã", "slips": "phiếu", "reused": "dùng lại",
}  # fmt: skip


def _dossiers(play: Play, censuses: dict[str, dict[str, dict[str, Any]]], console: Console) -> bool:
    table = Table(title="Từng hồ sơ, đếm ở mọi nơi có giữ", title_justify="left")
    for heading in ("hồ sơ", "trạng thái", *_FIGURES.values(), "nơi giữ", "như nhau"):
        table.add_column(heading)
    all_equal = True
    for rid, at_hub in censuses["trung tâm"].items():
        holders = [name for name, census in censuses.items() if rid in census]
        rows = [censuses[name][rid] for name in holders]
        equal = all(row == at_hub for row in rows)
        all_equal &= equal
        figures = [str(at_hub[name]) for name in _FIGURES]
        state = label("dossier_state", at_hub["state"])
        table.add_row(at_hub["code"], state, *figures, ", ".join(holders), "có" if equal else "[red]KHÔNG[/]")
    console.print(table)
    return all_equal


def _totals(play: Play, censuses: dict[str, dict[str, dict[str, Any]]], console: Console) -> bool:
    a, b = play.a.actor.run("status", "--json"), play.b.actor.run("status", "--json")
    totals = play.hub.run("status", "--json")["totals"]
    hub = censuses["trung tâm"].values()
    given = a["own_events"] + b["own_events"] + totals["hub_events"]
    checks = [
        ("trang khai báo / trang trong tệp đã ký", play.declared_pages, sum(one["declared_pages"] for one in hub)),
        ("sự kiện A đã lưu / trung tâm đã xác nhận", a["own_events"], a["acknowledged"]),
        ("sự kiện B đã lưu / trung tâm đã xác nhận", b["own_events"], b["acknowledged"]),
        ("sự kiện A + B + của trung tâm / tại trung tâm", given, totals["events"]),
        ("tệp được nhắc đến / tệp trung tâm giữ", totals["files_referenced"], totals["files_held"]),
        ("tệp trung tâm đã kiểm tra chữ ký", totals["files_held"], totals["files_accepted"]),
        ("giấy tờ / giấy tờ có mã", totals["documents"], sum(one["codes"] for one in hub)),
        ("sự kiện A đã có bản dự phòng / đã lưu", a["backed_up"], a["own_events"]),
        ("gói bị giữ riêng", totals["quarantined"], 0),
        ("giấy tờ chưa gửi", a["files_waiting"] + b["files_waiting"], 0),
        ("lượt quét dừng", a["jobs_stopped"] + b["jobs_stopped"], play.stopped),
    ]
    table = Table(title="Đối chiếu", title_justify="left")
    for heading in ("điều đếm", "một bên", "bên kia", ""):
        table.add_column(heading)
    for what, one, other in checks:
        table.add_row(what, str(one), str(other), "khớp" if one == other else "[red]LỆCH[/]")
    looked = play.looked
    table.add_row("mục đọc được / cần người xem", str(looked.proposed), str(looked.needed_person), "")
    table.add_row("mục máy tin mà sai", str(looked.agreed_but_wrong), "", "")
    table.add_row("byte trên đường dây A lên / xuống", str(play.a.line.up_bytes), str(play.a.line.down_bytes), "")
    table.add_row("byte trên đường dây B lên / xuống", str(play.b.line.up_bytes), str(play.b.line.down_bytes), "")
    console.print(table)
    return all(one == other for _, one, other in checks)


def _walks(play: Play, console: Console) -> bool:
    table = Table(title="verify đi hết ba cuốn sổ", title_justify="left")
    for heading in ("nơi", "sự kiện", "hồ sơ", "tệp", "chữ ký", "xác nhận", "điều sai"):
        table.add_column(heading)
    clean = True
    for name, actor in (("A", play.a.actor), ("B", play.b.actor), ("trung tâm", play.hub)):
        walk = actor.run("verify", "--json", ok=(0, 1))
        clean &= not walk["findings"]
        signed = str(walk.get("signatures", ""))
        found = "không" if not walk["findings"] else f"[red]{walk['findings'][:3]}[/]"
        table.add_row(
            name, str(walk["events"]), str(walk["dossiers"]), str(walk["files"]), signed, str(walk.get("acknowledgements", "")), found
        )  # fmt: skip
    console.print(table)
    return clean


_STAGES = {
    "decode": "mở tệp", "recognition": "đọc chữ", "pdf": "tạo PDF/A", "sign": "ký cá nhân", "extract": "bóc tách", "save": "ghi sổ",
}  # fmt: skip


def _times(play: Play, console: Console) -> None:
    table = Table(title="Thời gian", title_justify="left")
    for heading in ("cảnh", "giây"):
        table.add_column(heading)
    for scene, seconds in play.seconds.items():
        table.add_row(scene, f"{seconds:.1f}")
    for stage, seconds in play.a.actor.run("status", "--json")["stage_seconds"].items():
        table.add_row(f"  trong đó tại A: {_STAGES.get(stage, stage)}", f"{seconds:.1f}")
    console.print(table)
