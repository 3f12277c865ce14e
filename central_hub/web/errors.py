"""What can be typed wrong into a form of the hub."""

from __future__ import annotations

from sync_protocol.errors import Problem


class DayUnreadable(Problem):
    """A day is typed as day, month, four-digit year."""

    code = "WEB-030"
    sentence = "Ô “{label}” chưa phải một ngày đọc được."
    next_step = "Ghi theo dạng ngày/tháng/năm, ví dụ 01/07/2025."
    operator = "a form holds no readable day"
    event = "web.form.day"


class BoxEmpty(Problem):
    """A form lacks something that cannot be guessed."""

    code = "WEB-031"
    sentence = "Ô “{label}” còn trống."
    next_step = "Điền ô này rồi gửi lại; các ô khác vẫn còn nguyên."
    operator = "a form lacks a needed value"
    event = "web.form.empty"


class UploadTooBig(Problem):
    """A file for this page is larger than such files ever are."""

    code = "WEB-032"
    sentence = "Tệp gửi lên lớn hơn {limit_kb} KB."
    next_step = "Kiểm tra lại đã chọn đúng tệp chưa; tách bảng lớn thành nhiều tệp."
    operator = "upload above {limit_kb} KB"
    http_status = 413
    event = "web.form.upload"
