"""Who may open what: one table, held against every route that the application has."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from edge_node.capture.finding import FoundScanner
from edge_node.web.live import LiveState
from tests.browser.desk import ROLES, Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in, token

EVERYONE = set(ROLES)
STAFF = {"intake", "resolving", "leader", "clerk", "archive"}
# Route → roles that pass the guard; "public" needs nobody. A route that is missing here fails the test.
TABLE: dict[str, set[str] | str] = {
    "GET /login": "public", "POST /login": "public", "POST /language/{language}": "public", "GET /assets/{name}": "public",
    "GET /health/live": "public", "GET /health/ready": "public", "GET /metrics": "public", "POST /logout": EVERYONE, "GET /": EVERYONE, "GET /bar": EVERYONE, "GET /help": EVERYONE,
    "GET /queue": EVERYONE, "GET /queue/list": EVERYONE, "POST /queue/now": EVERYONE, "POST /queue/file/{digest}": EVERYONE,
    "POST /queue/job/{job}": EVERYONE, "GET /today": STAFF, "GET /today/list": STAFF, "GET /dossiers/{rid}": STAFF,
    "GET /dossiers/{rid}/parts": STAFF, "GET /dossiers/{rid}/word": STAFF, "GET /dossiers/{rid}/papers/{paper}/copy.pdf": STAFF,
    "GET /dossiers/{rid}/slips/{digest}/slip.pdf": STAFF, "GET /dossiers/{rid}/papers/{paper}/pages/{number}": STAFF,
    "POST /dossiers/{rid}/fetch": STAFF, "POST /dossiers/{rid}/hand-over": {"intake"},
    "POST /dossiers/{rid}/hand-back": {"resolving"}, "POST /dossiers/{rid}/move": {"resolving", "intake", "archive"}, "POST /dossiers/{rid}/decision": {"leader"},
    "POST /dossiers/{rid}/agency-signature": {"clerk"}, "POST /dossiers/{rid}/return": {"intake"},
    "POST /dossiers/{rid}/custody": {"resolving"}, "POST /dossiers/{rid}/slips": {"intake"}, "POST /dossiers/{rid}/notes": STAFF, "POST /dossiers/{rid}/reopen": {"resolving", "leader"}, "POST /dossiers/{rid}/withdrawals": {"intake", "resolving"}, "POST /key": STAFF,
    "GET /dossiers/{rid}/components/{cid}": {"intake"}, "POST /dossiers/{rid}/components/{cid}/files": {"intake"},
    "POST /dossiers/{rid}/components/{cid}/decision": {"intake"}, "GET /dossiers/{rid}/papers/{paper}": {"intake", "resolving", "leader"},
    "POST /dossiers/{rid}/papers/{paper}/confirm": {"intake", "resolving"}, "POST /dossiers/{rid}/papers/{paper}/code": {"intake"},
    "GET /intake": {"intake", "postal"}, "POST /intake": {"intake", "postal"}, "GET /intake/procedures": {"intake", "postal"},
    "GET /api/v1/states": STAFF, "GET /api/v1/dossiers/{code}": STAFF, "GET /api/v1/dossiers/{code}/state": STAFF, "GET /api/v1/docs": STAFF,
    "POST /api/v1/dossiers/{code}/components/{component}/scans": {"intake"}, "GET /api/v1/schema": STAFF, "GET /api/v1/schema/{path}": STAFF,
    "GET /api/v1/schema/openapi.json": STAFF, "GET /my-account": EVERYONE, "POST /my-account/password": EVERYONE, "POST /my-account/factor": EVERYONE,
    "POST /my-account/factor/code": EVERYONE, "POST /my-account/factor/off": EVERYONE, "POST /people": {"administrator"}, "POST /people/{account}/token": {"administrator"}, "POST /agency-token": {"administrator"},
    "POST /people/{account}/block": {"administrator"}, "POST /people/{account}/reset": {"administrator"}, "GET /first-run": "public",
    "POST /first-run": "public", "GET /first-run/check": {"administrator"}, "GET /first-run/test-page.pdf": {"administrator"},
    "GET /dossiers/{rid}/reuse": {"intake"}, "POST /dossiers/{rid}/reuse": {"intake"}, "POST /intake/papers": {"intake", "postal"}, "POST /dossiers/{rid}/accept": {"intake"}, "POST /dossiers/{rid}/refuse": {"intake"},
    "GET /intake/rules": {"intake", "postal"}, "GET /conflicts": STAFF, "POST /conflicts/correction": {"resolving"}, "POST /conflicts/value": {"resolving", "leader"},
    "POST /conflicts/pair": {"resolving"}, "POST /conflicts/proposal": {"resolving", "leader", "intake", "archive"}, "GET /lookup": {"intake", "resolving", "leader", "archive"},
    "POST /dossiers/{rid}/correct": {"resolving"}, "POST /conflicts/law": {"resolving"},
    "GET /dossiers/{rid}/receipt": {"leader"}, "POST /dossiers/{rid}/receipt": {"leader"},
    "GET /dossiers/{rid}/papers/{paper}/revoke": {"resolving", "leader"}, "POST /dossiers/{rid}/papers/{paper}/revoke": {"resolving", "leader"},
    "POST /conflicts/reuse": {"resolving"},
    "POST /dossiers/{rid}/let-go": {"intake", "resolving", "leader", "archive"}, "GET /let-go": STAFF,
    "POST /lookup": {"intake", "resolving", "leader", "archive"}, "POST /lookup/open": {"intake", "resolving", "leader", "archive"},
    "GET /tray": {"intake"}, "GET /tray/list": {"intake"}, "POST /tray/files": {"intake"}, "POST /tray/refused/{file}": {"intake"},
    "POST /tray/jobs/{job}": {"intake"}, "GET /tray/pages/{page}/{kind}": {"intake"}, "GET /tray/piles/{pile}": {"intake"},
    "GET /tray/piles/{pile}/sheets": {"intake"}, "GET /tray/piles/{pile}/corners/{page}": {"intake"}, "POST /tray/piles/{pile}/act": {"intake"}, "POST /tray/piles/{pile}/purpose": {"intake"},
    "POST /tray/piles/{pile}/phone": {"intake"}, "POST /tray/scan": {"intake"}, "GET /scanners": {"intake", "administrator"}, "POST /scanners/search": {"administrator"}, "POST /scanners/add": {"administrator"}, "POST /scanners/remove": {"administrator"},
    "POST /dossiers/{rid}/components/{cid}/tray": {"intake"}, "GET /dossiers/{rid}/separators": {"intake"},
    "GET /phone/{pile}/{token}": "public", "POST /phone/{pile}/{token}": "public",
    "GET /applications": {"intake"}, "POST /applications/{rid}/begin": {"intake"},
    "GET /repository": STAFF, "POST /repository": STAFF, "POST /dossiers/{rid}/components": {"intake"}, "POST /queue/courier": {"intake", "leader", "administrator"},
    "POST /queue/courier-answer": {"intake", "leader", "administrator"}, "GET /people": {"administrator"},
    "POST /people/{account}/password": {"administrator"}, "POST /people/{account}/unlock": {"administrator"},
    "GET /api/v1/tickets": {"intake"}, "POST /api/v1/tickets": {"intake"}, "GET /bao-cao": STAFF, "GET /bao-cao/workbook.xlsx": STAFF, "POST /bao-cao/frozen": {"leader"}, "GET /today/pictures": STAFF,
    "GET /quay": {"intake"}, "GET /quay/line": {"intake"}, "POST /quay/tickets": {"intake"}, "POST /quay/desk": {"intake"}, "POST /quay/call": {"intake"},
    "GET /quay/tickets/{ticket}/ticket.pdf": {"intake"}, "POST /quay/tickets/{ticket}/start": {"intake"}, "POST /quay/tickets/{ticket}/end": {"intake"},
    "POST /quay/tickets/{ticket}/no-show": {"intake"}, "GET /agency-signatures": {"clerk"}, "POST /agency-signatures": {"clerk"}, "GET /system": {"leader", "administrator"},
    "GET /system/lines": {"leader", "administrator"}, "GET /system/diagnostics.json": {"leader", "administrator"}, "GET /log": {"leader", "administrator"}, "GET /quay/board": "public", "GET /quay/board/numbers": "public",
}  # fmt: skip


@pytest.fixture(scope="module", params=["00101", "001"], ids=["a local office", "a province"])
def desk(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[tuple[Litestar, str]]:
    node = make_node(tmp_path_factory.mktemp("access") / "node", Clock(), office=request.param)
    received = receive_one(node)

    async def nothing() -> tuple[FoundScanner, ...]:
        return ()

    yield web_of(node, LiveState(look_for_scanners=nothing)), received.rid.hex()
    node.close()


def routes_of(app: Litestar) -> list[tuple[str, str]]:
    """(method, path) of every handler, parameters as `{name}`."""
    found = []
    for route in app.routes:
        path = re.sub(r"{(\w+):\w+}", r"{\1}", route.path)
        found += [(method, path) for method in sorted(route.methods - {"OPTIONS", "HEAD"})]
    return found


def filled(path: str, rid: str) -> str:
    return re.sub(
        r"{(\w+)}",
        lambda m: {"rid": rid, "language": "vi", "name": "desk.css", "number": "1"}.get(m[1], "00" * 16),
        path,
    )


def test_the_table_names_every_route_and_no_other(desk: tuple[Litestar, str]) -> None:
    assert {f"{method} {path}" for method, path in routes_of(desk[0])} == set(TABLE)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_passes_where_the_table_says_and_nowhere_else(desk: tuple[Litestar, str], role: str) -> None:
    app, rid = desk
    client = signed_in(app, f"only-{role}")
    form = client.cookies.get("form") or ""
    for method, path in routes_of(app):
        if path in ("/login", "/logout"):
            continue
        allowed = TABLE[f"{method} {path}"]
        answer = client.request(
            method, filled(path, rid), headers={"x-csrftoken": form, "accept": "application/json"}, follow_redirects=False
        )  # fmt: skip
        refused = answer.status_code == 403 and "WEB-003" in answer.text
        assert refused == (allowed != "public" and role not in allowed), f"{role} {method} {path}: {answer.status_code}"


def test_without_signing_in_only_public_routes_answer(desk: tuple[Litestar, str]) -> None:
    app, rid = desk
    client = TestClient(app)
    token(client)
    form = client.cookies.get("form") or ""
    for method, path in routes_of(app):
        answer = client.request(
            method, filled(path, rid), headers={"x-csrftoken": form, "accept": "application/json"}, follow_redirects=False
        )  # fmt: skip
        refused = answer.status_code == 401 and "WEB-004" in answer.text
        assert refused == (TABLE[f"{method} {path}"] != "public"), f"{method} {path}: {answer.status_code}"


def test_a_form_without_its_token_or_from_another_site_is_refused(desk: tuple[Litestar, str]) -> None:
    client = signed_in(desk[0], "all")
    form = client.cookies.get("form") or ""
    assert "WEB-002" in client.post("/queue/now").text
    stolen = client.post("/queue/now", headers={"x-csrftoken": form, "sec-fetch-site": "cross-site"})
    assert stolen.status_code == 403 and "WEB-002" in stolen.text
    foreign = client.post("/queue/now", headers={"x-csrftoken": form, "origin": "http://evil.example"})
    assert foreign.status_code == 403


def test_every_answer_carries_the_headers_even_an_error(desk: tuple[Litestar, str]) -> None:
    client = signed_in(desk[0], "all")
    for path in ("/today", "/login", "/no/such/page", "/assets/desk.css", "/dossiers/zz", "/bar"):
        headers = client.get(path, follow_redirects=False).headers
        assert headers["content-security-policy"].startswith("default-src 'self';"), path
        assert "unsafe" not in headers["content-security-policy"]
        assert headers["x-content-type-options"] == "nosniff" and headers["x-frame-options"] == "DENY"
        assert headers["referrer-policy"] == "no-referrer"
        assert ("immutable" in headers["cache-control"]) == path.startswith("/assets/")
        if not path.startswith("/assets/"):
            assert headers["cache-control"] == "no-store", path


def test_no_page_names_an_address_outside_this_machine_or_carries_script_inside(desk: tuple[Litestar, str]) -> None:
    app, rid = desk
    client = signed_in(app, "all")
    for path in (
        "/login",
        "/today",
        "/queue",
        "/intake",
        "/conflicts",
        "/lookup",
        "/repository",
        "/help",
        "/tray",
        "/scanners",
        f"/dossiers/{rid}",
        f"/dossiers/{rid}/separators",
    ):
        text = client.get(path).text.replace("http://www.w3.org", "")
        assert "http://" not in text and "https://" not in text and "//cdn" not in text, path
        assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", text), path


def test_a_deeply_nested_body_is_the_clients_fault(desk: tuple[Litestar, str]) -> None:
    client = signed_in(desk[0], "all")
    form = client.cookies.get("form") or ""
    body = b"[" * 20_000 + b"]" * 20_000
    answer = client.post("/intake", content=body, headers={"content-type": "application/json", "x-csrftoken": form})
    assert answer.status_code == 400


def test_names_with_markup_marks_and_length_are_text_everywhere(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())
    capitals = "ẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰĐ"
    names = ["<script>alert(1)</script>\"'&", "Nguyễn \u202eAn", "Nguyễn " + "Ễ" * 500, capitals, "{{ 7*7 }}"]
    for number, name in enumerate(names):
        receive_one(node, name, f"00118501{number:04d}")
    text = signed_in(web_of(node), "all").get("/today").text
    node.close()
    assert "<script>alert" not in text and "&lt;script&gt;" in text
    assert capitals in text and "Ễ" * 500 in text and "{{ 7*7 }}" in text
