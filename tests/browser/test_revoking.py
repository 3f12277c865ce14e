"""A paper is revoked in a real browser: asked, confirmed, shown wherever the paper is, and decided in the dossier that reuses it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from edge_node.intake.reuse import Reusable
from edge_node.intake.service import Received, dossier, take_papers
from sync_protocol.adapters import projection
from sync_protocol.view import DossierView
from tests.browser.desk_with_keys import desk_with_keys
from tests.browser.officers import receive_one
from tests.browser.test_desk import Desk


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    with desk_with_keys(tmp_path_factory.mktemp("revoking")) as made:
        yield made


@pytest.fixture(scope="module")
def two(desk: Desk) -> tuple[DossierView, Received]:
    """A dossier with a coded paper, and a later one of the same person that reuses it."""
    node = desk.node.desk
    first = next(one for one in desk.node.store.readers.run(projection.newest) if one.documents)
    second = receive_one(desk.node)
    (paper,) = first.documents
    part = next(one for one in second.components if one.document_type == paper.document_type)
    found = Reusable(first.rid, paper.document_id, paper.document_type, paper.codes[-1], first.code, paper.number_symbol, "", "", has_legal_value=False)
    take_papers(node, "all", second.rid, {part.component_id: found}, checked="local_only", known=frozenset())
    return first, second


def is_readable(page: Page) -> bool:
    """Whether the accessibility checker finds nothing."""
    return Axe().run(page).response["violations"] == []


def test_a_paper_is_revoked_on_its_page_and_the_dossier_that_reuses_it_is_decided(desk: Desk, two: tuple[DossierView, Received]) -> None:
    first, second = two
    page = desk.page()
    page.goto(f"{desk.address}/dossiers/{first.rid.hex()}")
    page.get_by_role("link", name="Thu hồi giấy").click()
    expect(page.get_by_text(second.code)).to_be_visible()
    assert is_readable(page)

    page.get_by_label("Lý do thu hồi").fill("Cấp nhầm người")
    page.get_by_role("button", name="Thu hồi giấy").click()
    expect(page.locator(".error-summary")).to_contain_text("đánh dấu ô xác nhận")
    expect(page.get_by_label("Lý do thu hồi")).to_have_value("Cấp nhầm người")
    page.get_by_label("Tôi xác nhận thu hồi giấy này").check()
    page.get_by_role("button", name="Thu hồi giấy").click()

    banner = page.locator(".notice.revoked")
    expect(banner).to_contain_text("Giấy bị thu hồi bởi BHXH cơ sở Đống Đa lúc")
    expect(banner).to_contain_text("Nguyễn Thị Ẵm Ữ")
    expect(banner).to_contain_text("Lý do: Cấp nhầm người")
    expect(page.get_by_role("link", name="Thu hồi giấy")).to_have_count(0)
    assert is_readable(page)

    page.get_by_role("link", name="Xem giấy").click()
    expect(page.locator(".notice.revoked")).to_contain_text("Lý do: Cấp nhầm người")
    expect(page.get_by_role("textbox")).to_have_count(0)
    expect(page.get_by_text("Giấy đã thu hồi:")).to_be_visible()
    assert is_readable(page)

    page.goto(f"{page.url}/revoke")
    expect(page.locator(".error-summary")).to_contain_text("đã bị BHXH cơ sở Đống Đa thu hồi trước đó")
    expect(page.get_by_label("Lý do thu hồi")).to_have_count(0)

    page.goto(f"{desk.address}/dossiers/{second.rid.hex()}")
    expect(page.locator(".notice.revoked")).to_contain_text("Giấy dùng lại đã bị thu hồi bởi BHXH cơ sở Đống Đa")
    page.goto(f"{desk.address}/conflicts")
    panel = page.locator("[data-case]", has_text=second.code)
    expect(panel).to_contain_text("đã bị thu hồi")
    assert is_readable(page)
    panel.get_by_role("button", name="Giữ lại, đã xem").click()
    expect(page.locator(".error-summary")).to_contain_text("Việc này phải ghi lý do")
    panel.get_by_role("textbox").fill("Đã đối chiếu bản gốc")
    panel.get_by_role("button", name="Giữ lại, đã xem").click()
    expect(page.locator("[data-case]", has_text=second.code)).to_have_count(0)
    page.goto(f"{desk.address}/dossiers/{second.rid.hex()}")
    expect(page.locator(".notice.revoked")).to_contain_text("Đã xem và giữ lại: BHXH cơ sở Đống Đa")
    assert is_readable(page)


def test_who_is_no_resolving_officer_nor_leader_is_offered_nothing_and_refused(desk: Desk, two: tuple[DossierView, Received]) -> None:
    first, _ = two
    (paper,) = dossier(desk.node.desk, first.rid).documents
    page = desk.page("only-intake")
    page.goto(f"{desk.address}/dossiers/{first.rid.hex()}")
    expect(page.get_by_role("link", name="Thu hồi giấy")).to_have_count(0)
    answer = page.goto(f"{desk.address}/dossiers/{first.rid.hex()}/papers/{paper.document_id.hex()}/revoke")
    assert answer is not None and answer.status == 403
