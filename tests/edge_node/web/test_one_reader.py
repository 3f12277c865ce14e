"""A paper that only one reader has read says so above its values; one that both have read does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.browser.desk import Clock, make_node, web_of
from tests.browser.lists import listed
from tests.browser.officers import KEY_PASSPHRASE, give_keys
from tests.edge_node.web.visitor import signed_in

SAID = "Chỉ một bộ đọc đã đọc giấy này"


@pytest.mark.parametrize("in_a_hurry", [True, False])
def test_a_paper_read_in_a_hurry_says_that_every_value_is_to_be_looked_at(tmp_path: Path, in_a_hurry: bool) -> None:
    clock = Clock()
    node = make_node(tmp_path / "node", clock)
    certificate = give_keys(node, tmp_path / "pki").people["officer_rsa"].certificate
    begins, ends = certificate.not_valid_before_utc.replace(microsecond=0), certificate.not_valid_after_utc
    clock.at = begins + (ends - begins) / 2
    node.open_key("all", KEY_PASSPHRASE)
    received, paper = listed(node, in_a_hurry=in_a_hurry)
    text = signed_in(web_of(node), "all").get(f"/dossiers/{received.rid.hex()}/papers/{paper.hex()}").text
    node.close()
    assert "Nguyễn Thị Ẵm" in text
    assert (SAID in text) is in_a_hurry
    assert ("✓ khớp nguồn khác" in text) is not in_a_hurry
