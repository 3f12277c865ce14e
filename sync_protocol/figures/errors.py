"""What can be wrong with a question about figures."""

from __future__ import annotations

from sync_protocol.errors import Problem


class PeriodUnknown(Problem):
    """No such report exists."""

    code = "FIG-001"
    sentence = "Không có kỳ báo cáo “{asked}”."
    next_step = "Chọn Quý I, 6 tháng, Quý III, Năm hoặc một tháng (ngày 15 đến ngày 14)."
    operator = "no report period {asked}"
    exit_code = 2
    event = "figures.period.unknown"
    http_status = 404
