"""A node that was copied whole: what the copy gave out and sent comes back as news, and the original passes those numbers over."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from edge_node.app import Node
from edge_node.intake.errors import NoNumbersLeft
from edge_node.intake.numbers import next_code
from edge_node.store.ledger import own_lane
from sync_protocol.ids import OfficeCode
from tests.browser.desk import Clock, make_node

DAY = dt.date(2026, 11, 20)


def take(node: Node) -> str:
    return node.store.writer.run(
        lambda c: next_code(c, node.desk.catalogue, OfficeCode("00101"), DAY, lambda first, day, used: None)
    )


def comes_as_news(node: Node, code: str) -> None:
    node.store.writer.run(
        lambda c: c.execute("INSERT INTO search_key(key, rid) VALUES(?, ?)", (f"code:{code}", bytes(16))).fetchone()
    )


def test_numbers_that_came_back_as_news_are_passed_over(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())
    first = take(node)
    head, _, number = first.rpartition("-")
    second, third = (f"{head}-{int(number) + step:0{len(number)}}" for step in (1, 2))
    comes_as_news(node, second)
    assert take(node) == third
    node.close()


def test_a_block_whose_last_numbers_a_copy_gave_out_is_used_up(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", Clock())
    first = take(node)
    head, _, number = first.rpartition("-")
    last = int(number) + 1
    node.store.writer.run(
        lambda c: c.execute("UPDATE code_block SET last = first + 1 WHERE inc = ?", (own_lane(c).inc,)).fetchone()
    )
    comes_as_news(node, f"{head}-{last:0{len(number)}}")
    with pytest.raises(NoNumbersLeft):
        take(node)
    node.close()
