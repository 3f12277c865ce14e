"""A photographed sheet: the corners are proposed, a person decides, the copy says what was done, the photograph stays."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pikepdf
import pytest
from PIL import Image

from deploy.demo.authority import Authority, make_authority
from edge_node.app import Node
from edge_node.capture.arranging import Purpose, assign, straighten
from edge_node.capture.errors import SheetTooCoarse
from edge_node.capture.handing_in import hand_in_pile
from edge_node.capture.landing import lay_waiting, take
from edge_node.capture.piles import Pile, TrayPicture, any_pile, pictures_of
from edge_node.capture.service import work_off
from edge_node.intake.service import dossier
from sync_protocol.adapters.event_log import events_of
from sync_protocol.bodies import CopyCaptured, decode_body
from tests.browser.desk import Clock, make_node
from tests.edge_node.imaging.pictures import FORM, typeset
from tests.edge_node.imaging.test_photographed import BASE, taken
from tests.edge_node.test_a_day_at_the_desk import SETTINGS, _opened, _receive

ASLANT = BASE + np.array([(60, 20), (-30, 70), (20, -10), (-40, 30)])


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"), Clock()())


@pytest.fixture
def node(tmp_path: Path, authority: Authority) -> Iterator[Node]:
    make_node(tmp_path / "node", Clock(), settings=SETTINGS).close()
    made = _opened(tmp_path / "node", authority)
    yield made
    made.close()


def photo(scale: float = 1.0) -> bytes:
    """A phone's picture of a form on a dark desk."""
    seen = cv2.resize(taken(ASLANT), None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    out = io.BytesIO()
    Image.fromarray(np.ascontiguousarray(seen[:, :, ::-1])).save(out, "JPEG", quality=85)
    return out.getvalue()


def laid(node: Node, content: bytes) -> tuple[Pile, TrayPicture]:
    """The photograph as it lies in the tray, with what is known of it."""
    pile_id = node.desk.new_id()
    take(node.desk, "all", "phone", [("anh.jpg", content)], pile=pile_id)
    assert lay_waiting(node.desk) == 1
    pile = node.store.readers.run(lambda c: any_pile(c, pile_id))
    assert pile is not None
    (page,) = pile.tray.pages
    return pile, node.store.readers.run(lambda c: pictures_of(c, [page.page_id]))[page.page_id]


def captured(node: Node, pile: Pile) -> tuple[pikepdf.Pdf, tuple[str, ...]]:
    """The signed copy of the pile, and the warnings that travel with it."""
    got = _receive(node)
    part = next(one for one in dossier(node.desk, got.rid).components if one.document_type == "GKS")
    assign(node.desk, "all", pile.id, Purpose(got.rid, part.component_id, declared_pages=1))
    hand_in_pile(node.desk, "all", pile.id)
    assert work_off(node.desk, node.key_of) == 1
    (document,) = dossier(node.desk, got.rid).documents
    bodies = [decode_body(event) for event in node.store.readers.run(lambda c: events_of(c, got.rid))]
    (told,) = (one for one in bodies if isinstance(one, CopyCaptured))
    return pikepdf.open(io.BytesIO(node.files.get(document.pdf.hex()))), told.warnings


def test_an_accepted_sheet_becomes_an_a4_copy_that_says_so_and_the_photograph_stays(node: Node) -> None:
    original = photo()
    pile, picture = laid(node, original)
    assert picture.sheet is not None and picture.sheet.is_fine_enough
    found = np.array(picture.sheet.corners).reshape(4, 2) * (picture.width_px, picture.height_px)
    assert np.abs(found - ASLANT).max() < 10
    pile = straighten(node.desk, "all", pile.id, picture.page_id, is_wanted=True)
    copy, warnings = captured(node, pile)
    with copy:
        image = copy.pages[0].obj.Resources.XObject.Im0
        assert (int(image.Width), int(image.Height)) == (1654, 2339)
        assert [round(float(side)) for side in copy.pages[0].obj.MediaBox[2:]] == [595, 842]
        assert "nắn thẳng theo bốn góc" in str(copy.docinfo["/Subject"])
        assert likeness(Image.open(io.BytesIO(image.read_raw_bytes()))) > 0.9
    assert any("trang 1: ảnh chụp được nắn thẳng" in one for one in warnings)
    assert node.files.get(pile_file(node, pile)) == original


def likeness(image: Image.Image) -> float:
    """How like the page as it was typeset, but for its rim: 1 is the same."""
    upright = Image.fromarray(cv2.cvtColor(typeset(FORM), cv2.COLOR_BGR2GRAY))
    inner = [np.asarray(one.convert("L"), dtype=np.float64)[20:-20, 20:-20] for one in (image, upright)]
    seen, true = (cv2.GaussianBlur(one, (0, 0), 4).ravel() for one in inner)
    return float(np.corrcoef(seen, true)[0, 1])


def pile_file(node: Node, pile: Pile) -> str:
    """The address of the file that the pile's only page came in."""
    from edge_node.capture.piles import file_and_frame, file_of

    file = node.store.readers.run(lambda c: file_of(c, file_and_frame(pile.tray.pages[0].page_id)[0]))
    assert file is not None
    return file.digest.hex()


def test_a_photograph_kept_as_it_was_taken_goes_into_the_copy_as_it_is(node: Node) -> None:
    pile, picture = laid(node, photo())
    straighten(node.desk, "all", pile.id, picture.page_id, is_wanted=True)
    pile = straighten(node.desk, "all", pile.id, picture.page_id, is_wanted=False)
    copy, warnings = captured(node, pile)
    with copy:
        assert "/Subject" not in copy.docinfo
    assert not any("nắn thẳng" in one for one in warnings)


def test_a_sheet_taken_from_too_far_is_shown_but_not_straightened(node: Node) -> None:
    pile, picture = laid(node, photo(0.5))
    assert picture.sheet is not None and not picture.sheet.is_fine_enough
    with pytest.raises(SheetTooCoarse):
        straighten(node.desk, "all", pile.id, picture.page_id, is_wanted=True)
    assert straighten(node.desk, "all", pile.id, picture.page_id, is_wanted=False).tray.pages[0].corners == ()
