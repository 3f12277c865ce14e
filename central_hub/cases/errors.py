"""Why a case cannot be settled now."""

from __future__ import annotations

from sync_protocol.errors import Problem


class CaseClosed(Problem):
    """The case is settled, or a new value changed it."""

    code = "CAS-001"
    sentence = "Việc đối chiếu này đã xong hoặc vừa có giá trị mới."
    next_step = "Mở lại danh sách và xem việc như hiện nay rồi quyết định."
    operator = "case {case} is not open as it was seen"
    http_status = 409
    event = "cases.closed"


class CaseReasonMissing(Problem):
    """Every decision says why."""

    code = "CAS-002"
    sentence = "Quyết định chưa ghi lý do."
    next_step = "Ghi lý do (giấy tờ, văn bản làm căn cứ) rồi chọn lại."
    operator = "decision without a reason"
    http_status = 422
    event = "cases.reason"


class CaseHeld(Problem):
    """Another officer holds the case."""

    code = "CAS-003"
    sentence = "Việc này đang do tài khoản {owner} giữ."
    next_step = "Trao đổi với người đang giữ, hoặc bấm “Nhận việc này” để nhận thay, rồi quyết định."
    operator = "case {case} is held by another account"
    http_status = 409
    event = "cases.held"


class ChoiceUnknown(Problem):
    """A value nobody gave."""

    code = "CAS-004"
    sentence = "Giá trị chọn không nằm trong các giá trị đang so."
    next_step = "Chọn một trong các giá trị trên trang; giá trị mới thì nơi giữ hồ sơ nhập kèm giấy chứng minh."
    operator = "decision names a value that no head of the register has"
    http_status = 422
    event = "cases.choice"


class OtherPersonNeeded(Problem):
    """The proposer cannot approve."""

    code = "CAS-005"
    sentence = "Thông tin nhân thân cần người thứ hai duyệt, khác người đề nghị."
    next_step = "Nhờ viên chức đối chiếu khác hoặc lãnh đạo mở việc này và duyệt."
    operator = "proposer of decision {decision} tried to approve it"
    http_status = 403
    event = "cases.second_person"


class DecisionSettled(Problem):
    """The decision is no longer waiting."""

    code = "CAS-006"
    sentence = "Đề nghị này đã được duyệt hoặc đã rút."
    next_step = "Mở lại việc để xem kết quả."
    operator = "decision {decision} does not wait any more"
    http_status = 409
    event = "cases.decision.settled"
