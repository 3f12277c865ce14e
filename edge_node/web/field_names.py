"""Names of fields as people read them: from the papers' own templates, then what every paper and every person has."""

from __future__ import annotations

from collections.abc import Mapping

from edge_node.review.service import COMMON_FIELDS
from sync_protocol.catalogue import Catalogue

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


def field_names(catalogue: Catalogue | None) -> Mapping[str, str]:
    """Label of every known field."""
    types = catalogue.document_types if catalogue else ()
    of_papers = {field.field: field.label for kind in types for field in kind.template}
    return {**_IDENTITY, **of_papers, **{one.field: one.label for one in COMMON_FIELDS}}
