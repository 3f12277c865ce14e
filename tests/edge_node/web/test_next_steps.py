"""Pages with nothing on them say what can be done next and offer nothing that cannot."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar

from edge_node.app import Node
from tests.browser.desk import Clock, make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Node, Litestar]]:
    node = make_node(tmp_path / "node", Clock())
    yield node, web_of(node)
    node.close()


def test_from_todays_work_every_dossier_is_one_link_away_also_where_nothing_waits(desk: tuple[Node, Litestar]) -> None:
    text = signed_in(desk[1], "all").get("/today").text
    assert '<a id="show-every" href="/today?show=all">Mọi hồ sơ tại điểm này</a>' in text


def test_nothing_to_reuse_offers_no_button_to_use_what_was_chosen(desk: tuple[Node, Litestar]) -> None:
    received = receive_one(desk[0])
    text = signed_in(desk[1], "all").get(f"/dossiers/{received.rid.hex()}/reuse").text
    assert "Máy này chưa có giấy tờ loại này" in text and "Dùng những giấy tờ đã chọn" not in text
    assert "Về hồ sơ để quét" in text


def test_an_empty_kho_says_how_papers_come_into_it(desk: tuple[Node, Litestar]) -> None:
    assert "Giấy tờ vào Kho sau khi được kiểm tra và cấp mã" in signed_in(desk[1], "all").get("/repository").text


def test_the_programming_interface_is_found_from_the_help_page_by_those_who_may_see_it(desk: tuple[Node, Litestar]) -> None:
    assert 'href="/api/v1/docs"' in signed_in(desk[1], "all").get("/help").text
    assert 'href="/api/v1/docs"' not in signed_in(desk[1], "only-administrator").get("/help").text


def test_a_node_without_an_address_of_the_hub_is_told_to_be_enrolled(desk: tuple[Node, Litestar]) -> None:
    text = signed_in(desk[1], "all").get("/system/lines").text
    assert "chưa có địa chỉ trung tâm" in text and "0 địa chỉ" not in text
