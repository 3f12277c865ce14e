"""The JSON interface keeps its own schema under invented requests, never fails by itself, and is closed to strangers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from litestar import Litestar, get
from litestar.testing import TestClient
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from edge_node.app import Node
from edge_node.capture.jobs import waiting_jobs
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one, scanned_paper
from tests.edge_node.web.visitor import signed_in

EXAMPLES = 90  # for each of six operations: 540 and more
CHECKS = (not_a_server_error, response_schema_conformance, status_code_conformance)


class Place:
    """A node with one dossier and a signed-in officer."""

    def __init__(self, root: Path) -> None:
        self.node: Node = make_node(root / "node", Clock())
        self.received = receive_one(self.node)
        self.app: Litestar = web_of(self.node)
        self.client = signed_in(self.app, "all")
        token = self.client.cookies.get("form") or ""
        session = self.client.cookies.get("lienthong") or ""
        self.headers = {"x-csrftoken": token, "cookie": f"form={token}; lienthong={session}"}


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    one = Place(tmp_path_factory.mktemp("api"))
    yield one
    one.node.close()


def operations(place: Place) -> list[Any]:
    schema = schemathesis.openapi.from_asgi("/api/v1/schema/openapi.json", place.app, headers=place.headers)
    return [found.ok() for found in schema.get_all_operations()]  # type: ignore[union-attr]


def fuzz(operation: Any, headers: dict[str, str], known: dict[str, str], examples: int) -> list[int]:
    """Send invented requests, every fourth about what really exists; returns the status codes. Raises where a check fails."""
    seen: list[int] = []

    @settings(
        max_examples=examples,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy())
    def run(case: Any) -> None:
        if len(seen) % 4 == 0:
            case.path_parameters = {
                **(case.path_parameters or {}),
                **{k: v for k, v in known.items() if k in (case.path_parameters or {})},
            }
        response = case.call(headers=headers)
        seen.append(response.status_code)
        case.validate_response(response, checks=list(CHECKS))

    run()
    return seen


def test_invented_requests_are_answered_as_the_schema_says_and_never_with_a_failure(place: Place) -> None:
    known = {"code": place.received.code, "component": place.received.components[0].component_id.hex()}
    seen = {f"{one.method.upper()} {one.path}": fuzz(one, place.headers, known, EXAMPLES) for one in operations(place)}
    assert len(seen) == 6 and sum(len(codes) for codes in seen.values()) >= 500, {
        name: len(codes) for name, codes in seen.items()
    }
    assert all(code < 500 for codes in seen.values() for code in codes)
    assert 200 in seen["GET /api/v1/dossiers/{code}"] and 404 in seen["GET /api/v1/dossiers/{code}"]


def test_the_contract_check_can_fail() -> None:
    @get("/broken")
    async def broken() -> int:
        raise RuntimeError

    app = Litestar([broken], logging_config=None)
    schema = schemathesis.openapi.from_asgi("/schema/openapi.json", app)
    operation = next(iter(schema.get_all_operations())).ok()  # type: ignore[union-attr]
    with pytest.raises(BaseException, match="(?i)server error"):
        fuzz(operation, {}, {}, 2)


def test_a_dossier_its_state_and_a_scan_by_their_codes(place: Place) -> None:
    base = f"/api/v1/dossiers/{place.received.code}"
    found = place.client.get(base).json()
    assert (
        found["code"] == place.received.code
        and found["state"]["state"] == "received"
        and found["sync"]["word"] == "saved_here"
    )
    assert "hand_over" in place.client.get(f"{base}/state").json()["moves"]
    component = found["components"][0]["id"]
    before = len(place.node.store.readers.run(waiting_jobs))
    answer = place.client.post(
        f"{base}/components/{component}/scans", data={"pages": "1"}, files=[("files", ("trang.jpg", scanned_paper(), "image/jpeg"))],
        headers={"x-csrftoken": place.client.cookies.get("form") or ""},
    )  # fmt: skip
    assert answer.status_code == 202 and answer.json()["files"] == 1
    assert len(place.node.store.readers.run(waiting_jobs)) == before + 1
    again = place.client.get(base).json()["components"][0]
    assert again["waiting_scans"] >= 1


def test_a_ticket_printer_draws_numbers_and_sees_the_line(place: Place) -> None:
    before = place.client.get("/api/v1/tickets").json()
    form = {"x-csrftoken": place.client.cookies.get("form") or ""}
    drawn = place.client.post("/api/v1/tickets", json={"kind": "collect"}, headers=form)
    assert drawn.status_code == 201 and (drawn.json()["label"], drawn.json()["state"]) == ("Nhận kết quả", "waiting")
    after = place.client.get("/api/v1/tickets").json()
    assert (
        len(after["waiting"]) == len(before["waiting"]) + 1 and after["waiting"][-1]["number"] == drawn.json()["number"]
    )
    assert place.client.post("/api/v1/tickets", json={"kind": "khác"}, headers=form).status_code == 400
    assert signed_in(place.app, "only-resolving").get("/api/v1/tickets").json()["code"] == "WEB-003"


def test_strangers_and_forms_of_other_sites_get_json_and_nothing_else(place: Place) -> None:
    stranger = TestClient(place.app)
    for path in ("/api/v1/states", f"/api/v1/dossiers/{place.received.code}", "/api/v1/schema/openapi.json"):
        answer = stranger.get(path, follow_redirects=False)
        assert answer.status_code == 401 and answer.json()["code"] == "WEB-004", path
    refused = place.client.post(
        f"/api/v1/dossiers/{place.received.code}/components/{'0' * 32}/scans", data={"pages": "1"}
    )
    assert refused.status_code == 403 and refused.json()["code"] == "WEB-002"
    administrator = signed_in(place.app, "only-administrator")
    assert administrator.get("/api/v1/states").json()["code"] == "WEB-003", "an administrator sees no citizen's paper"


def test_the_page_of_the_interface_asks_this_node_alone_and_is_for_officers_only(place: Place) -> None:
    text = place.client.get("/api/v1/docs").text.replace("http://www.w3.org", "")
    assert "http://" not in text and "https://" not in text and "<style" not in text
    for name in ("swagger-ui.js", "swagger-ui.css", "interface.js", "interface.css"):
        found = re.search(rf'"(/assets/{re.escape(name)}[^"]*)"', text)
        assert found and place.client.get(found[1]).status_code == 200, name
    assert TestClient(place.app).get("/api/v1/docs", follow_redirects=False).status_code in (303, 401)
    assert signed_in(place.app, "only-administrator").get("/api/v1/docs").status_code == 403
