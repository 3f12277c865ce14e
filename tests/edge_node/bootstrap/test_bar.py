"""While a new node is being filled every page says so; afterwards none does."""

from __future__ import annotations

from pathlib import Path

from edge_node.bootstrap.progress import begin, complete
from sync_protocol.ids import BlobDigest, HubEpoch, OfficeCode
from sync_protocol.snapshot import Manifest, PartFile
from tests.browser.desk import Clock, make_node, web_of
from tests.edge_node.web.visitor import signed_in


def test_every_page_says_that_the_first_filling_is_not_complete(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())
    try:
        client = signed_in(web_of(node), "all")
        assert "dữ liệu ban đầu" not in client.get("/bar").text
        manifest = Manifest(
            HubEpoch(b"e" * 16), OfficeCode("00101"), 9, 1, b"v" * 16, (PartFile(BlobDigest(bytes(32)), 1, 1, 1),) * 3
        )
        node.store.writer.run(lambda c: begin(c, manifest))
        assert "đang nhận dữ liệu ban đầu (0 trên 3 phần)" in client.get("/bar").text
        node.store.writer.run(complete)
        assert "dữ liệu ban đầu" not in client.get("/bar").text
    finally:
        node.close()
