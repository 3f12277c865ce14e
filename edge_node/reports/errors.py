"""What a report of the office cannot do."""

from __future__ import annotations

from sync_protocol.errors import Problem


class PeriodOpen(Problem):
    """A report is frozen after its last day only."""

    code = "REP-001"
    sentence = "Kỳ này đến hết ngày {last} mới kết thúc nên chưa chốt được."
    next_step = "Xem số liệu tạm thời; chốt từ ngày hôm sau, trước hạn gửi."
    operator = "period ends on {last}: not frozen before"
    http_status = 409
    event = "reports.period.open"
