"""What can go wrong while a dossier is held against a later catalogue."""

from __future__ import annotations

from sync_protocol.errors import Problem


class VersionReasonMissing(Problem):
    """Who keeps a version says what was checked (D.9)."""

    code = "VSN-001"
    sentence = "Giữ hồ sơ theo quy định lúc tiếp nhận phải ghi lý do."
    next_step = "Ghi đã kiểm tra thành phần, thời hạn thế nào và theo văn bản chuyển tiếp nào, rồi gửi lại."
    operator = "procedure version kept without a reason"
    http_status = 422
    event = "law_change.reason"
