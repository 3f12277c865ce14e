"""Why a person's number is not changed."""

from __future__ import annotations

from sync_protocol.errors import Problem


class ChangeIncomplete(Problem):
    """A change lacks its proof, reason, number or dossiers."""

    code = "NUM-001"
    sentence = "Đề nghị đổi số còn thiếu {missing}."
    next_step = "Điền đủ số mới, giấy tờ chứng minh, lý do và chọn ít nhất một hồ sơ, rồi gửi lại."
    operator = "number change lacks {what}"
    http_status = 422
    event = "numbers.incomplete"


class NumberUnreadable(Problem):
    """A personal number has twelve digits."""

    code = "NUM-002"
    sentence = "Số định danh cá nhân phải có đúng 12 chữ số."
    next_step = "Xem lại số trên căn cước hoặc giấy tờ chứng minh rồi nhập lại."
    operator = "personal number has another shape"
    http_status = 422
    event = "numbers.shape"


class ChangeSettled(Problem):
    """The change no longer waits."""

    code = "NUM-003"
    sentence = "Đề nghị này đã được duyệt hoặc đã rút."
    next_step = "Mở lại danh sách đề nghị."
    operator = "number change {change} does not wait"
    http_status = 409
    event = "numbers.settled"


class AnotherApprover(Problem):
    """Who asked cannot approve."""

    code = "NUM-004"
    sentence = "Người đề nghị đổi số không tự duyệt được."
    next_step = "Nhờ lãnh đạo hoặc viên chức đối chiếu khác duyệt."
    operator = "asker of number change {change} tried to approve it"
    http_status = 403
    event = "numbers.second_person"


class DossierMoved(Problem):
    """A dossier of the change no longer carries the old number."""

    code = "NUM-005"
    sentence = "Có hồ sơ trong đề nghị không còn mang số cũ nên chưa đổi hồ sơ nào."
    next_step = "Rút đề nghị này, tra lại số cũ rồi lập đề nghị mới."
    operator = "a dossier of number change {change} no longer carries the old number"
    http_status = 409
    event = "numbers.moved"
