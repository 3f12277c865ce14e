"""What can go wrong at the counter."""

from __future__ import annotations

from sync_protocol.errors import Problem


class UnknownProcedure(Problem):
    """No procedure of this code is in force on the day of receipt."""

    code = "INT-001"
    sentence = "Danh mục chưa có thủ tục “{procedure}” còn hiệu lực vào ngày {day}."
    next_step = "Tìm lại thủ tục theo tên, hoặc hỏi bộ phận danh mục ở trung tâm."
    operator = "procedure {procedure} not in force on {day}"
    event = "intake.procedure.unknown"


class ProcedureClosed(Problem):
    """The procedure is known but may not be received yet."""

    code = "INT-002"
    sentence = "Thủ tục {procedure} chưa có thời hạn chính thức trong danh mục nên chưa nhận được."
    next_step = "Báo bộ phận danh mục ở trung tâm cập nhật thời hạn, rồi nhận lại."
    operator = "procedure {procedure} is not open for intake"
    event = "intake.procedure.closed"


class NoNumbers(Problem):
    """This incarnation has no daily numbers yet."""

    code = "INT-003"
    sentence = "Máy này chưa có dải số hồ sơ do trung tâm cấp."
    next_step = "Kết nối mạng một lần để nhận dải số. Trong lúc chờ, nhận hồ sơ ở máy khác của cơ quan."
    operator = "no code block for the current incarnation"
    event = "intake.numbers.none"


class NoNumbersLeft(Problem):
    """Today's numbers of this desk are used up."""

    code = "INT-004"
    sentence = "Máy này đã dùng hết số hồ sơ của ngày {day}."
    next_step = "Nhận tiếp ở máy khác của cơ quan, hoặc kết nối mạng để xin thêm dải số."
    operator = "code block exhausted on {day}"
    event = "intake.numbers.exhausted"


class ApplicantIncomplete(Problem):
    """Too little is known of the applicant to make a promise to them."""

    code = "INT-005"
    sentence = "Hồ sơ còn thiếu {missing} của người nộp."
    next_step = "Nhập {missing}.{otherwise}"
    operator = "applicant lacks {what}"
    event = "intake.applicant"


class UnknownDossier(Problem):
    """This desk does not hold the dossier."""

    code = "INT-006"
    sentence = "Điểm này chưa có hồ sơ {code_or_id}."
    next_step = "Kiểm tra mã hồ sơ. Nếu hồ sơ ở nơi khác, dùng Tra cứu khi có kết nối."
    operator = "dossier {code_or_id} is not held here"
    http_status = 404
    event = "intake.dossier.unknown"


class UnknownComponent(Problem):
    """The dossier has no such component."""

    code = "INT-007"
    sentence = "Hồ sơ không có thành phần này."
    next_step = "Mở lại hồ sơ và chọn một thành phần trong danh sách."
    operator = "component is not part of the dossier"
    http_status = 404
    event = "intake.component.unknown"


class NothingToReuse(Problem):
    """No paper of this type is on file for this person."""

    code = "INT-008"
    sentence = "Tại điểm chưa có giấy tờ loại {document_type} của người này."
    next_step = "Tra cứu ở nơi khác khi có kết nối, hoặc nhận giấy tờ và quét như thường."
    operator = "nothing on file of type {document_type}"
    http_status = 404
    event = "intake.reuse.none"


class NothingAsked(Problem):
    """A supplement request that asks for nothing."""

    code = "INT-009"
    sentence = "Phiếu yêu cầu bổ sung chưa nêu giấy tờ hay nội dung nào."
    next_step = "Đánh dấu những giấy tờ còn thiếu, hoặc viết nội dung cần bổ sung, rồi bấm lại. Chỉ yêu cầu một lần, đủ mọi thứ."
    operator = "supplement request without a request"
    event = "intake.supplement.empty"


class NothingToSay(Problem):
    """A refusal without a reason cannot exist."""

    code = "INT-010"
    sentence = "Phiếu từ chối chưa có lý do."
    next_step = "Chọn lý do trong danh mục, hoặc viết lý do cụ thể, rồi bấm lại."
    operator = "refusal without a reason"
    event = "intake.refusal.no_reason"


class ReasonUnknown(Problem):
    """The catalogue of this day has no such reason."""

    code = "INT-011"
    sentence = "Danh mục chưa có lý do {reason} đang có hiệu lực."
    next_step = "Mở lại trang để lấy danh mục mới và chọn lý do trong đó."
    operator = "intake reason {reason} is not in force"
    event = "intake.reason.unknown"


class MarkedMissing(Problem):
    """Papers are marked as missing, and the dossier is about to be accepted all the same."""

    code = "INT-012"
    sentence = "Có {count} giấy tờ đang đánh dấu còn thiếu nên chưa nhận hồ sơ."
    next_step = "Bấm Yêu cầu bổ sung để in phiếu, hoặc bỏ dấu nếu giấy tờ đã đủ rồi bấm Nhận hồ sơ."
    operator = "{count} components marked missing at acceptance"
    event = "intake.marked_missing"


class CorrectionClosed(Problem):
    """The task was closed meanwhile, or never stood."""

    code = "INT-013"
    sentence = "Việc đề nghị sửa dữ liệu này đã được ghi xong."
    next_step = "Mở lại trang Cần đối chiếu để xem tình trạng mới nhất."
    operator = "no open correction task for the dossier"
    http_status = 409
    event = "intake.correction.closed"


class CorrectionUnsaid(Problem):
    """What was done about the data on file is not said."""

    code = "INT-014"
    sentence = "Chưa ghi đã làm gì với dữ liệu khác giấy tờ."
    next_step = "Ghi đã chuyển đề nghị sửa đến đâu, hoặc vì sao không cần sửa, rồi bấm lại."
    operator = "correction task closed without a word"
    event = "intake.correction.unsaid"


class ComponentTakenBack(Problem):
    """The component was withdrawn from the dossier."""

    code = "INT-015"
    sentence = "Thành phần “{component}” đã rút khỏi hồ sơ: {reason}"
    next_step = "Nếu vẫn cần giấy tờ này, bấm Thêm giấy tờ trên trang hồ sơ rồi quét vào thành phần mới."
    operator = "work on a component that was withdrawn"
    http_status = 409
    event = "intake.component.withdrawn"
