"""A sheet that went through the scanner twice is pointed out, in one file and in another of the same pile; other forms of its kind are not."""

from __future__ import annotations

from collections.abc import Iterator

import cv2
import numpy as np
import pytest

from edge_node.app import Node
from edge_node.capture.landing import lay_waiting, take
from edge_node.imaging.decode import Page
from edge_node.web.tray_page import read_pile
from tests.browser.desk import Clock, make_node
from tests.edge_node.imaging.pictures import FORM, typeset


def jpeg(page: Page) -> bytes:
    return bytes(cv2.imencode(".jpg", page, [cv2.IMWRITE_JPEG_QUALITY, 80])[1])


def again(page: Page, seed: int = 3) -> Page:
    """The same sheet laid down anew: a little aside, with the scanner's grain."""
    moved = cv2.warpAffine(page, np.array([[1, 0, 6], [0, 1, -4]], dtype=np.float64), (page.shape[1], page.shape[0]), borderValue=(255, 255, 255))
    return np.clip(moved + np.random.default_rng(seed).normal(0, 4, page.shape), 0, 255).astype(np.uint8)


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    made = make_node(tmp_path_factory.mktemp("twins") / "node", Clock())
    yield made
    made.close()


MINE = typeset(FORM)
OTHERS = typeset([(x, y, text.replace("NGUYỄN THỊ ẤN", "TRẦN VĂN DŨNG")) for x, y, text in FORM])


def pointed_out(node: Node, *scans: tuple[Page, ...]) -> tuple[tuple[int, int], ...]:
    """Pairs of places in one pile that the screen names, after these scans one after the other."""
    pile = node.desk.new_id()
    for number, pages in enumerate(scans):
        take(node.desk, "all", "upload", [(f"{number}-{at}.jpg", jpeg(page)) for at, page in enumerate(pages)], pile=pile)
        lay_waiting(node.desk)
    return node.store.readers.run(lambda c: read_pile(c, pile)).same


@pytest.mark.parametrize("scans", [((MINE, OTHERS, again(MINE)),), ((MINE, OTHERS), (again(MINE),))], ids=["one scan", "a later scan"])
def test_a_sheet_scanned_twice_is_pointed_out_with_the_page_that_shows_it_first(node: Node, scans: tuple[tuple[Page, ...], ...]) -> None:
    assert pointed_out(node, *scans) == ((1, 3),)


def test_three_scans_of_one_sheet_all_point_at_the_first(node: Node) -> None:
    assert pointed_out(node, (MINE,), (again(MINE),), (again(MINE, 9),)) == ((1, 2), (1, 3))


def test_forms_of_one_kind_for_two_people_are_two_sheets(node: Node) -> None:
    assert pointed_out(node, (MINE, OTHERS)) == ()


def test_the_same_file_twice_is_pointed_out_once(node: Node) -> None:
    assert pointed_out(node, (MINE, MINE)) == ((1, 2),)
