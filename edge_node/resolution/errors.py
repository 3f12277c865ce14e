"""What can go wrong while a dossier is resolved."""

from __future__ import annotations

from sync_protocol.errors import Problem


class NotCustodian(Problem):
    """Another office decides about this dossier."""

    code = "RES-001"
    sentence = "Hồ sơ này đang do {office} giải quyết."
    next_step = "Nhận quyền giải quyết khi có kết nối (nêu lý do), hoặc thêm giấy tờ bổ sung để nơi đó xem."
    operator = "move without custody; custodian is {office}"
    http_status = 409
    event = "resolution.not_custodian"


class MoveNotAllowed(Problem):
    """The state machine has no such move from here."""

    code = "RES-002"
    sentence = "Hồ sơ đang ở trạng thái “{state}” nên chưa làm được bước này."
    next_step = "Xem bước kế tiếp trên trang hồ sơ và làm theo thứ tự."
    operator = "illegal move {move} from {state_code}"
    http_status = 409
    event = "resolution.illegal_move"


class ReasonMissing(Problem):
    """A return, refusal or stop without notice and reason cannot exist (R-13)."""

    code = "RES-003"
    sentence = "Trả lại hoặc dừng hồ sơ phải có văn bản thông báo và lý do."
    next_step = "Nhập lý do và đính kèm văn bản thông báo, rồi làm lại."
    operator = "return without notice or reason"
    event = "resolution.reason"


class SettleFirst(Problem):
    """Open conflicts or a suspected double filing block a decision."""

    code = "RES-004"
    sentence = "Hồ sơ còn {count} việc cần đối chiếu nên chưa ra kết quả được."
    next_step = "Mở mục Cần đối chiếu của hồ sơ, xem hai bên và chọn, rồi ra kết quả."
    operator = "{count} unsettled conflicts or suspicions block the decision"
    http_status = 409
    event = "resolution.blocked"


class SuccessFirst(Problem):
    """The agency signs only after success (R-30)."""

    code = "RES-005"
    sentence = "Chỉ ký số cơ quan sau khi hồ sơ đã có kết quả."
    next_step = "Chờ người giải quyết ra kết quả, rồi ký."
    operator = "agency signature before a granted decision"
    http_status = 409
    event = "resolution.sign_early"


class NothingToSettle(Problem):
    """The case was settled meanwhile, or never stood like this."""

    code = "RES-006"
    sentence = "Việc này đã được đối chiếu xong, hoặc giá trị đã chọn không còn trong danh sách."
    next_step = "Mở lại trang Cần đối chiếu để xem tình trạng mới nhất."
    operator = "conflict or suspicion not open any more"
    http_status = 409
    event = "resolution.nothing_to_settle"


class ConsultIncomplete(Problem):
    """A consultation says whom it asks, what, and until when (NĐ 61 Điều 19.5)."""

    code = "RES-007"
    sentence = "Lấy ý kiến, xác minh phải ghi cơ quan được hỏi, nội dung và hạn trả lời."
    next_step = "Nhập tên cơ quan, nội dung hỏi và ngày phải trả lời dạng ngày/tháng/năm, rồi làm lại."
    operator = "consultation without body, content or deadline"
    event = "resolution.consult"


class NewDateMissing(Problem):
    """A new appointment needs its day (NĐ 61 Điều 19.9)."""

    code = "RES-008"
    sentence = "Gia hạn phải ghi ngày hẹn mới."
    next_step = "Nhập ngày hẹn mới dạng ngày/tháng/năm, sau ngày hẹn cũ, rồi làm lại."
    operator = "apology without a new due date"
    event = "resolution.new_date"


class WhyMissing(Problem):
    """What changes or closes another's act says why."""

    code = "RES-009"
    sentence = "Việc này phải ghi lý do."
    next_step = "Ghi lý do (giấy tờ, văn bản làm căn cứ) rồi làm lại."
    operator = "act without its reason"
    event = "resolution.why"


class NoteRefused(Problem):
    """A note says something, and no more than a person reads at once."""

    code = "RES-010"
    sentence = "Ghi chú phải có nội dung và không dài quá {most} ký tự."
    next_step = "Viết ngắn lại; điều dài hơn thì quét thành giấy tờ của hồ sơ."
    operator = "note empty or over {most} characters"
    event = "resolution.note"


class NotAuthority(Problem):
    """Only who ended a dossier takes it up again (NĐ 61/2018 Điều 21: an authority corrects its own error)."""

    code = "RES-011"
    sentence = "Chỉ {office}, nơi đã kết thúc hồ sơ này, được mở lại."
    next_step = "Ghi chú trên hồ sơ hoặc gọi cho nơi đó; họ nhận lại quyền giải quyết rồi mở lại."
    operator = "reopening by another office than {office_code}, which ended the dossier"
    http_status = 409
    event = "resolution.not_authority"
