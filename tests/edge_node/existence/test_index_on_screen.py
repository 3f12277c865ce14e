"""Without a line the intake's checklist says where a paper was known and as of when; the dossier says what the repeated check found."""

from __future__ import annotations

import re
from pathlib import Path

from edge_node.app import Node
from edge_node.existence.asking_again import Elsewhere, Repeat, keep
from edge_node.existence.known import KEY, TAKEN_MS
from edge_node.intake.promise import procedure_on
from edge_node.store.node_store import write_number, write_state
from sync_protocol.existence import Hasher, write_index
from sync_protocol.ids import OfficeCode
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in, token

PERSON = "001185012345"
SECRET = b"k" * 32


def give_index(node: Node, key: str, document_type: str, office: str) -> int:
    """An index file in force at this node, as `take_index` leaves it."""
    at = node.desk.now_ms()
    content = write_index([(Hasher(SECRET)(key, document_type), OfficeCode(office))], as_of_ms=at, position=1)
    digest = bytes.fromhex(node.files.put(content))
    row = (digest, len(content), at, 1, 1)
    node.store.writer.run(
        lambda c: c.execute(
            "INSERT INTO existence_file(digest, size, as_of_ms, position, is_base) VALUES(?,?,?,?,?)", row
        ).fetchall()
    )
    node.store.writer.run(lambda c: write_state(c, KEY, SECRET))
    node.store.writer.run(lambda c: write_number(c, TAKEN_MS, at))
    return at


def test_the_checklist_names_the_office_and_the_day_of_the_index(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())
    try:
        received = receive_one(node)
        view = node.desk.store.readers.run(lambda c: c.execute("SELECT procedure FROM dossier").fetchone())
        assert view is not None
        procedure = procedure_on(node.desk, str(view[0]), node.now())
        wanted = received.components[0].document_type
        give_index(node, f"personal_id:{PERSON}", wanted, "07901")
        client = signed_in(web_of(node), "all")
        form = {
            "procedure": procedure.code,
            "kind": "person",
            "personal_id": PERSON,
            "name": "Ẩn",
            "form_id": "0" * 32,
            "_csrf_token": token(client),
        }
        found = client.get("/intake").text
        rule = re.search(r'name="rule"[^>]*value="([^"]*)"', found)
        text = client.post("/intake/papers", data={**form, "rule": rule[1] if rule else "any|"}).text
        assert "Chỉ mục toàn quốc tính đến" in text and "Có ở nơi khác" in text and "07901" in text
        other = client.post("/intake/papers", data={**form, "personal_id": "001185099999"}).text
        assert "Chỉ mục toàn quốc tính đến" in other and "Có ở nơi khác" not in other
    finally:
        node.close()


def test_the_dossier_says_what_the_repeated_check_found(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())
    try:
        received = receive_one(node)
        client = signed_in(web_of(node), "all")
        assert "Đã tra lại mọi nơi" not in client.get(f"/dossiers/{received.rid.hex()}").text
        found = (Elsewhere("Giấy khai sinh", "KS", OfficeCode("07901"), "001.1.KS.7"),)
        node.store.writer.run(lambda c: keep(c, Repeat(received.rid, 1, node.desk.now_ms(), found)))
        text = client.get(f"/dossiers/{received.rid.hex()}").text
        assert "Đã tra lại mọi nơi" in text and "Giấy khai sinh có ở cơ quan 07901 (001.1.KS.7)" in text
    finally:
        node.close()
