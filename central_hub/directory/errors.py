"""Directory problems: what stops a new catalogue from being published."""

from __future__ import annotations

from sync_protocol.errors import Problem


class CatalogueSourcesWrong(Problem):
    """The source files contradict themselves; `complaints` holds every finding."""

    code = "CAT-001"
    sentence = "Danh mục mới có {count} chỗ chưa đúng nên chưa được phát hành."
    next_step = "Sửa các dòng nêu dưới đây trong tệp nguồn rồi dựng lại danh mục."
    operator = "catalogue sources hold {count} contradictions; first in {first}"
    event = "catalogue.sources.wrong"
    http_status = 422


class CatalogueBuildFailed(Problem):
    """The process that writes the file ended without an answer."""

    code = "CAT-004"
    sentence = "Việc dựng tệp danh mục dừng giữa chừng. Danh mục đang dùng không thay đổi."
    next_step = "Kiểm tra chỗ trống trên đĩa rồi dựng lại; ghi lại mã CAT-004 nếu vẫn dừng."
    operator = "catalogue build process ended with status {status}: {what}"
    event = "catalogue.build.failed"
    http_status = 500
