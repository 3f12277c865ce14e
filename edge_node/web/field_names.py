"""Names of fields as people read them: from the papers' own templates, then what every paper and every person has."""

from __future__ import annotations

from collections.abc import Mapping

from edge_node.review.service import COMMON_FIELDS
from sync_protocol.catalogue import Catalogue
from sync_protocol.table_rows import COUNT_FIELD, STATE, place_of, split_cell

_IDENTITY = {
    "name": "Họ và tên, tên đơn vị",
    "personal_id": "Số định danh cá nhân",
    "birth_date": "Ngày sinh",
    "bhxh_number": "Mã số BHXH",
    "unit_number": "Mã số đơn vị",
    "tax_code": "Mã số thuế",
    "org_id": "Mã định danh tổ chức",
    "address": "Địa chỉ",
    "phone": "Điện thoại",
    "sex": "Giới tính",
    "founded_year": "Năm thành lập",
}


class _Names(dict[str, str]):
    """Labels by field; a cell of a list is called by its row and its column."""

    def get(self, field: str, other: str = "") -> str:  # type: ignore[override]
        cell = split_cell(field)
        if cell is None:
            return super().get(field, other)
        row, column = cell
        number, chance = place_of(row)
        name = "dòng được giữ hoặc bỏ" if column == STATE else super().get(column, column)
        return f"Dòng {number}{' (thêm tay)' if chance else ''}: {name}"


def field_names(catalogue: Catalogue | None) -> Mapping[str, str]:
    """Label of every known field, and of every cell of a list."""
    types = catalogue.document_types if catalogue else ()
    of_lists = {column.field: column.label for kind in types for column in kind.columns}
    of_papers = {field.field: field.label for kind in types for field in kind.template}
    return _Names(
        {
            COUNT_FIELD: "Số dòng của danh sách",
            **of_lists,
            **_IDENTITY,
            **of_papers,
            **{one.field: one.label for one in COMMON_FIELDS},
        }
    )
