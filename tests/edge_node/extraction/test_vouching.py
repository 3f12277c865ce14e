"""Readers that differ only in the marks of a word that a published list or a fixed phrase spells in one way agree on the value."""

from __future__ import annotations

import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.model import FieldReading, FieldTrust
from edge_node.extraction.proposal import extract
from edge_node.extraction.vouching import vouched
from tests.edge_node.extraction.paper_types import DOCUMENT_TYPES
from tests.edge_node.extraction.recorded import HEAD, document, line

KNOWN = Gazetteer(agencies=("Bảo hiểm xã hội cơ sở Ba Đình",), places=("Hà Nội", "Lâm Đồng", "Bắc Ninh"))


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("organisation", "Công ty cổ phần Phước Oanh", "Công ty cổ phấn Phước Oanh"),
        ("organisation", "Ủy ban nhân dân xã Vũ Thư", "Úy ban nhân dân xãVũ Thư"),
        ("organisation", "BẢO HIỂM XÃ HỘI CƠ SỞ BA ĐÌNH", "BẢO HIỄM XÃ HÔI CƠ SỞ BA ĐÌNH"),
        ("text", "Đề nghị giải quyết chế độ", "Đế nghị giái quyết chế đô"),
        ("address", "Tổ 3, ấp Đoài, xã Ea Súp, Lâm Đồng", "Tố 3, ấp Đoài, xã Ea Súp, Lâm Đống"),
        ("address", "Số 5 đường Láng, phường Ngọc Hà, Hà Nội", "Sô 5 đướng Láng, phướng Ngọc Hà, HàNội"),
        ("name", "Kiều Duẩn Đượm", "Kiếu Duẩn Đượm"),
        ("name", "NGUYỄN THỊ HOA", "NGUYẾN THÌ HOA"),
    ],
)
def test_what_a_list_spells_in_one_way_is_vouched_for(kind: str, first: str, second: str) -> None:
    assert vouched(kind, first, second, KNOWN)


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        ("organisation", "Công ty cổ phần Phước Oanh", "Công ty cổ phấn Phước Oành"),  # nobody vouches for "Oanh"
        ("organisation", "Công ty cổ phấn Phước Oanh", "Công ty cổ phần Phước Oanh"),  # the list speaks against the first reader
        ("address", "Tổ 3, ấp Đoài, Xã Ea Súp, Lâm Đồng", "Tố 3, ấp Đoài, xã Ea Súp, Lâm Đống"),  # one of them misread the case
        ("organisation", "Công ty cổ phần Phước Oanh", "Công ty cổ phẩn Phước Oan"),  # a letter, not a mark
        ("organisation", "Bảo hiểm xã hội cơ sở Ba Rịa", "Bảo hiểm xã hội cơ sở Bà Rịa"),  # "cơ sở Ba" is known, but not alone
        ("address", "Tổ 3, ấp Hồ Sơ, xã Ea Súp", "Tổ 3, ấp Hố Sơ, xã Ea Súp"),  # a name that is spelled like a phrase
        ("address", "xã Bắc Ninh Đông", "xã Bác Ninh Đông"),  # a longer name only begins like a known one
        ("address", "xã Đông Hà, Hà Nội", "xã Động Hà, Hà Nội"),
        ("name", "Kiều Duẩn Đượm", "Kiều Duấn Đượm"),
        ("name", "NGUYỄN THỊ HOA", "NGUYỄN THI HOA"),  # "Thi" is a name as well
        ("name", "Lê Văn Hồ", "Lê Văn Hổ"),  # a family name counts only where it stands first
        ("name", "Lệ Thủy", "Lê Thủy"),
        ("name", "Lý A Sáng", "Ly A Sáng"),  # a family of the highlands, beside one of the plains
        ("name", "Vàng Thị Nhị Hoa", "Vang Thị Nhị Hoa"),
        ("personal_id", "001185012345", "001185012346"),
        ("name", "", ""),
    ],
)
def test_what_no_list_vouches_for_stays_a_difference(kind: str, first: str, second: str) -> None:
    assert not vouched(kind, first, second, KNOWN)


def test_a_value_on_which_only_a_fixed_phrase_was_misread_is_pre_confirmed_and_says_why() -> None:
    company = line(150, 700, "Đơn vị làm việc: Công ty cổ phần Phước Oanh", "Đơn vị làm việc: Công ty cổ phấn Phước Oanh")
    found = _organisation(extract(document(*HEAD, company), DOCUMENT_TYPES, KNOWN, chosen_type="GCN-NV").field("organisation_name"))
    assert (found.trust, found.second) == (FieldTrust.AGREES, "Công ty cổ phấn Phước Oanh")
    assert "danh mục" in found.reason


def _organisation(field: FieldReading | None) -> FieldReading:
    assert field is not None
    return field
