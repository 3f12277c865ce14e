"""What the complaints register does not take."""

from __future__ import annotations

from sync_protocol.errors import Problem


class ComplaintKnown(Problem):
    """The letter is in the register already."""

    code = "CPL-001"
    sentence = "Văn bản số {letter} của cơ quan này đã có trong sổ."
    next_step = "Tìm trong danh sách bên dưới; ghi kết quả trả lời vào dòng đã có."
    operator = "complaint letter of office entered before"
    http_status = 409
    event = "complaints.known"


class DaysReversed(Problem):
    """A day stands before the one it must follow, or has not come yet."""

    code = "CPL-002"
    sentence = (
        "Ngày “{label}” chưa hợp với các ngày khác: nhận, rồi trả lời, không sau hôm nay; hạn không trước ngày nhận."
    )
    next_step = "Xem lại ngày trên văn bản rồi ghi lại."
    operator = "days of a complaint are out of order"
    http_status = 422
    event = "complaints.days"


class ComplaintAnswered(Problem):
    """The complaint has its answer, or is not in the register."""

    code = "CPL-003"
    sentence = "Phản ánh này đã ghi kết quả trả lời."
    next_step = "Ghi sai thì báo lãnh đạo; sổ giữ nguyên những gì đã ghi, lần ghi nào cũng có trong nhật ký."
    operator = "complaint answered or unknown"
    http_status = 409
    event = "complaints.answered"


class OfficeOfComplaintUnknown(Problem):
    """No office of that code exists or existed."""

    code = "CPL-004"
    sentence = "Chưa có cơ quan nào mang mã {office}."
    next_step = "Ghi mã cơ quan như trên phiếu, ví dụ 00101."
    operator = "complaint about an unknown office"
    http_status = 422
    event = "complaints.office"
