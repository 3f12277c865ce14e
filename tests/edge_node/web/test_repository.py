"""The Kho as a page: what is older than the first page is one link away, for both of its lists."""

from __future__ import annotations

import re
from pathlib import Path

import apsw

from edge_node.intake.reuse import on_file
from sync_protocol import bodies as b
from sync_protocol.adapters import event_log, projection
from sync_protocol.ids import DocumentId, OfficeCode, RecordId
from tests.browser.desk import Clock, make_node, web_of
from tests.edge_node.store.test_paper_lists import Office
from tests.edge_node.web.visitor import signed_in


def test_both_lists_of_the_kho_lead_to_their_older_papers(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())

    def fill(connection: apsw.Connection) -> None:
        office = Office(connection)
        for _ in range(101):
            office.receive("coded", "unassigned")

    node.store.writer.run(fill)
    client = signed_in(web_of(node), "all")
    text = client.get("/repository").text
    assert text.count(">H-101</a>") == 2 and ">H-1</a>" not in text
    for link in ("older", "older-unassigned"):
        found = re.search(f'id="{link}" href="([^"]+)"', text)
        assert found is not None
        older = client.get(found[1]).text
        assert older.count(">H-1</a>") == 1 and f'id="{link}"' not in older
    node.close()


def test_a_paper_of_which_another_copy_is_current_says_so_and_is_offered_last(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())

    def fill(connection: apsw.Connection) -> tuple[RecordId, RecordId]:
        office = Office(connection)
        older, newer = office.receive("coded"), office.receive("coded")
        for rid, other, current in ((older, newer, newer), (newer, older, newer)):
            here, there, named = (DocumentId(one[8:] + bytes(8)) for one in (rid, other, current))
            told = b.DuplicateSuspected(
                kind="document", other_rid=other, other_office=OfficeCode("03401"), tier=1, document_id=here, other_document_id=there,
                current=b.CurrentCopy(current, named, OfficeCode("03401"), 1),
            )  # fmt: skip
            said = b.DuplicateJudged(kind="document", other_rid=other, same=True, reason="x", officer="cb02", document_id=here, other_document_id=there)
            events = [office.event(rid, told), office.event(rid, said)]
            office.lane, _ = event_log.append(connection, office.lane, events, 1)
            projection.project(connection, events)
        return older, newer

    older, newer = node.store.writer.run(fill)
    client = signed_in(web_of(node), "all")
    assert "Bản hiện hành của giấy tờ này do" in client.get(f"/dossiers/{older.hex()}").text
    page = client.get(f"/dossiers/{newer.hex()}").text
    assert "Bản hiện hành" in page and "Bản hiện hành của giấy tờ này do" not in page
    assert client.get("/repository").text.count("Bản hiện hành của giấy tờ này do") == 1
    party = b.Party(kind="person", name="x", personal_id="001185012345")
    found = node.store.readers.run(lambda c: on_file(c, party, "gks"))
    assert [(one.rid, one.is_superseded) for one in found] == [(newer, False), (older, True)]
    node.close()
