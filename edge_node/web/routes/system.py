"""The state of the system with its diagnostic report, and the log of who did what."""

from __future__ import annotations

import re
from typing import Any, Final

import msgspec
from litestar import Response, Router, get
from litestar.response import Template

from edge_node.operations.diagnostics import check_lines, diagnostics
from edge_node.store.audit import broken_at
from edge_node.store.audit_reading import PAGE, read_audit
from edge_node.web.office import Office
from edge_node.web.roles import only
from sync_protocol.adapters import projection
from sync_protocol.search_keys import key_for

WATCHERS = ("leader", "administrator")
ACTS: Final = frozenset({
    "accept_supplemented", "add", "agency_signature", "archive", "answer", "ask_supplement", "capture", "capture_stopped", "code",
    "complete_supplement", "confirm", "consult", "correct", "counter_close_day", "counter_end", "counter_no_show", "decide", "declare", "extend", "find",
    "hand_back", "hand_in", "hand_over", "judge", "phone_link", "read_copy", "receive", "refuse", "report_freeze", "return_result", "return_with_notice",
    "reuse", "settle", "slip", "stop", "supplement", "take_up", "tray", "withdraw",
})  # fmt: skip


def act_word(what: str) -> str:
    """The message id of an act as the log names it.

    >>> act_word("find:personal_id"), act_word("slip 01"), act_word("counter.end"), act_word("tray_discard_file"), act_word("new")
    ('act.find', 'act.slip', 'act.counter_end', 'act.tray', 'act.other')
    """
    name = re.split(r"[: ]", what)[0].replace(".", "_")
    name = "tray" if name.startswith("tray_") else name
    return f"act.{name}" if name in ACTS else "act.other"


@get("/system", opt=only(*WATCHERS))
async def system(office: Office, now: bool = False) -> Template:
    """The page at once; its lines follow. The first check-up of a process proves models and letters, and a silent line keeps it for seconds.

    `now` waits for the lines, for a browser without scripts.
    """
    found = await office.read(lambda c: check_lines(office.node, c)) if now else None
    return Template("system.html", context={"lines": found, "bar": await office.read(office.bar())})


@get("/system/lines", opt=only(*WATCHERS))
async def lines(office: Office) -> Template:
    """Every line of the check-up with its next step."""
    return Template("system_lines.html", context={"lines": await office.read(lambda c: check_lines(office.node, c))})


@get("/system/diagnostics.json", opt=only(*WATCHERS))
async def report(office: Office) -> Response[bytes]:
    """The report to send to a technician: no citizen is in it."""
    line = office.line()
    made = await office.read(lambda c: diagnostics(office.node, c, line))
    name = f"chan-doan-{made.node}-{made.made_at[:10]}.json"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(msgspec.json.format(msgspec.json.encode(made)), media_type="application/json", headers=headers)


@get("/log", opt=only(*WATCHERS))
async def log(office: Office, before: int = 0, account: str = "", dossier: str = "") -> Template:
    """Who did what, when, to which dossier and for which purpose; whether the chain is whole."""

    def read(connection: Any) -> dict[str, Any]:
        found = projection.find(connection, key_for("code", dossier)) if dossier.strip() else []
        rows = (
            []
            if dossier.strip() and not found
            else read_audit(connection, before=before, actor=account, rid=found[0].rid if found else None)
        )
        return {"rows": rows, "broken": broken_at(connection) if not before else None}

    read_rows = await office.read(read)
    older = read_rows["rows"][-1].id if len(read_rows["rows"]) == PAGE else 0
    context = {
        **read_rows, "older": older, "before": before, "account": account, "dossier": dossier, "act_word": act_word,
        "accounts": [(one.account, one.name) for one in office.node.settings.officers], "bar": await office.read(office.bar()),
    }  # fmt: skip
    return Template("log.html", context=context)


system_router = Router("/", route_handlers=[system, lines, report, log])
