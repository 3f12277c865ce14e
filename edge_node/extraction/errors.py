"""What can go wrong while proposing fields: only questions about things that do not exist."""

from __future__ import annotations

from sync_protocol.errors import Problem


class UnknownDocumentType(Problem):
    """A document type was chosen that the catalogue does not hold."""

    code = "EXT-001"
    sentence = "Loại giấy tờ {document_type} không có trong danh mục đang dùng."
    next_step = "Chọn lại loại giấy tờ trong danh sách, hoặc cập nhật danh mục khi có mạng."
    operator = "document type {document_type} is not in the catalogue passed to extraction"
    event = "extraction.unknown_type"
    http_status = 422
