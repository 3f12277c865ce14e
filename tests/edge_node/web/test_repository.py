"""The Kho as a page: what is older than the first page is one link away, for both of its lists."""

from __future__ import annotations

import re
from pathlib import Path

import apsw

from tests.browser.desk import Clock, make_node, web_of
from tests.edge_node.store.test_paper_lists import Office
from tests.edge_node.web.test_access import signed_in


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
