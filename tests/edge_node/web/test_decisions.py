"""Not to digitize: each rule of Điều 5 and 13.3 as the clerk meets it, and a classified paper that leaves nothing behind."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from edge_node.app import Node
from edge_node.capture.handing_in import erase_job
from edge_node.capture.jobs import stopped_jobs
from edge_node.capture.landing import lay_waiting
from edge_node.capture.piles import files_in, piles_of
from edge_node.capture.service import hand_in
from edge_node.intake.service import Received, dossier
from edge_node.operations.backups import named_files
from edge_node.resolution.service import hand_over, move
from sync_protocol.lifecycle import DossierMove, DossierState
from sync_protocol.view import ComponentView
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.capture.sheets import sheet
from tests.edge_node.web.visitor import signed_in

Desk = tuple[Node, Received, TestClient[Litestar]]


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    node = make_node(tmp_path_factory.mktemp("decisions") / "node", Clock())
    yield node, receive_one(node), signed_in(web_of(node), "all")
    node.close()


def part(desk: Desk, number: int = 0) -> ComponentView:
    return dossier(desk[0].desk, desk[1].rid).components[number]


def send(desk: Desk, where: str, number: int = 0, **typed: str) -> tuple[int, str]:
    """(status, page) after sending a form of a component's page."""
    node, received, client = desk
    address = f"/dossiers/{received.rid.hex()}/components/{part(desk, number).component_id.hex()}/{where}"
    answer = client.post(
        address, data=typed, headers={"x-csrftoken": client.cookies.get("form") or ""}, follow_redirects=False
    )
    return answer.status_code, answer.text


def test_the_history_says_to_which_state_the_dossier_was_moved(desk: Desk) -> None:
    node, _, client = desk
    rid = receive_one(node, "Lò Văn Ửng", "001185020002").rid
    hand_over(node.desk, "all", rid, to_section="Bộ phận nghiệp vụ")
    move(node.desk, "all", rid, DossierMove.TAKE_UP)
    text = client.get(f"/dossiers/{rid.hex()}").text
    assert f"Chuyển trạng thái: {DossierState.IN_PROCESSING.label}</td>" in text


@pytest.mark.parametrize(
    ("decision", "state", "rule"),
    [
        ("presented_only", "presented_only", "5.3"),
        ("shared", "exempt", "5.1"),
        ("photocopy", "exempt", "5.2"),
        ("certified_paper_copy", "exempt", "5.2"),
    ],
)
def test_a_paper_that_is_not_digitized_carries_its_rule(desk: Desk, decision: str, state: str, rule: str) -> None:
    assert send(desk, "decision", decision=decision)[0] == 303
    found = part(desk)
    assert (found.state, found.rule) == (state, rule) and found.reason


@pytest.mark.parametrize(
    "typed",
    [
        {"leader": "only-leader", "reason": "giấy mục"},
        {"leader": "only-leader", "fragile": "1"},
        {"fragile": "1", "reason": "giấy mục"},
    ],
    ids=["not fragile", "no reason", "nobody decided"],
)
def test_a_waiver_that_lacks_something_says_what_and_keeps_what_was_typed(desk: Desk, typed: dict[str, str]) -> None:
    status, page = send(desk, "decision", decision="waived", **typed)
    assert status == 422 and "CAP-023" in page and typed.get("reason", "") in page


def test_only_a_leader_waives_and_the_leader_is_recorded_whoever_typed_it(desk: Desk) -> None:
    assert send(desk, "decision", decision="waived", leader="only-intake", fragile="1", reason="giấy mục")[0] == 403
    assert send(desk, "decision", decision="waived", leader="only-leader", fragile="1", reason="giấy mục")[0] == 303
    assert (part(desk).state, part(desk).rule, part(desk).reason) == ("waived", "13.3", "giấy mục")


def test_a_classified_paper_is_refused_and_what_was_scanned_of_it_is_gone(desk: Desk) -> None:
    node, received, client = desk
    form = {"pages": "1", "source": "upload"}
    address = f"/dossiers/{received.rid.hex()}/components/{part(desk, 1).component_id.hex()}/tray"
    client.post(
        address, data=form, files={"files": ("a.jpg", sheet("một"), "image/jpeg")}, headers={"x-csrftoken": client.cookies.get("form") or ""},
        follow_redirects=False,
    )  # fmt: skip
    lay_waiting(node.desk)
    (pile,) = node.store.readers.run(lambda c: piles_of(c, received.rid, part(desk, 1).component_id))
    digest = node.store.readers.run(lambda c: files_in(c, "laid"))[0].digest
    assert len(pile.tray.pages) == 1 and digest in node.store.readers.run(named_files)
    status, page = send(desk, "decision", 1, decision="classified")
    assert status == 403 and "dấu độ mật" in page
    assert not node.files.has(digest.hex()) and digest not in node.store.readers.run(named_files)
    assert (part(desk, 1).state, part(desk, 1).rule) == ("exempt", "5.4")


def test_a_job_that_stopped_at_a_secrecy_stamp_is_erased_by_its_button(desk: Desk) -> None:
    node, received, _ = desk
    content = sheet("MẬT, nhận thẳng")
    job = hand_in(node.desk, "all", received.rid, part(desk).component_id, [("a.jpg", content)], declared_pages=1)
    (waiting,) = [digest for digest in node.store.readers.run(named_files) if node.files.get(digest.hex()) == content]
    node.store.writer.run(
        lambda c: c.execute(
            "UPDATE capture_job SET state = 'stopped', problem = 'CAP-022' WHERE id = ?", (job,)
        ).fetchall()
    )
    assert erase_job(node.desk, "all", job) == 1
    assert not node.files.has(waiting.hex()) and node.store.readers.run(stopped_jobs) == []


def test_a_decision_that_is_none_is_asked_back(desk: Desk) -> None:
    """Canary: the page does refuse."""
    assert send(desk, "decision", decision="anything")[0] == 400
