"""What a report cannot do, said to the officer who asked."""

from __future__ import annotations

from sync_protocol.errors import Problem


class ReportUnknown(Problem):
    """No frozen report under this number."""

    code = "FIG-010"
    sentence = "Không có báo cáo đã chốt mang số này."
    next_step = "Mở lại danh sách báo cáo và chọn một báo cáo đã chốt."
    operator = "no frozen report {number}"
    http_status = 404
    event = "figures.report.unknown"


class PeriodStillOpen(Problem):
    """A report is frozen after its last day only."""

    code = "FIG-011"
    sentence = "Kỳ báo cáo này đến hết ngày {last} mới kết thúc nên chưa chốt được."
    next_step = "Xem số liệu tạm thời trên màn hình; chốt báo cáo từ ngày hôm sau."
    operator = "period ends on {last}: not frozen before"
    http_status = 409
    event = "figures.period.open"


class FiguresBehind(Problem):
    """Events wait to be counted."""

    code = "FIG-012"
    sentence = "Còn {waiting} sự kiện đã nhận nhưng chưa tính vào số liệu."
    next_step = "Đợi số liệu tính xong (dòng “Đã tính đến” trên trang), rồi chốt lại."
    operator = "{waiting} events not counted yet; a report is frozen when none waits"
    http_status = 409
    event = "figures.behind"


class ItemUnknown(Problem):
    """A value for a cell that nobody types."""

    code = "FIG-013"
    sentence = "Ô “{item}” không phải ô nhập tay."
    next_step = "Chọn một ô có khung nhập trên trang báo cáo."
    operator = "item {item} is computed or unknown"
    http_status = 422
    event = "figures.item.unknown"


class ValueUnreadable(Problem):
    """A typed value that is no number."""

    code = "FIG-014"
    sentence = "Giá trị nhập cho ô “{item}” phải là một số từ 0 đến {most}."
    next_step = "Nhập lại bằng chữ số, dấu phẩy cho phần thập phân."
    operator = "typed value for {item} is no number in range"
    http_status = 422
    event = "figures.value.unreadable"


class ReportNotDrawn(Problem):
    """The typesetter refused."""

    code = "FIG-015"
    sentence = "Chưa in được báo cáo ra PDF."
    next_step = "Tải bản xlsx cùng số liệu; gọi bộ phận kỹ thuật và đọc mã FIG-015."
    operator = "report not typeset: {found}"
    http_status = 500
    event = "figures.report.not_drawn"


class AnalystFileFailed(Problem):
    """The process that writes the analysts' file ended without an answer."""

    code = "FIG-016"
    sentence = "Chưa dựng được tệp số liệu cho phân tích."
    next_step = "Thử lại; nếu vẫn vậy, gọi bộ phận kỹ thuật và đọc mã FIG-016."
    operator = "analyst file not built: {found}"
    http_status = 500
    event = "figures.analyst.failed"
