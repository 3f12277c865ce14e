"""Why a person's identity is not corrected, or a correction not settled."""

from __future__ import annotations

from sync_protocol.errors import Problem


class ProofMissing(Problem):
    """A correction names its proof (D.3)."""

    code = "IDN-001"
    sentence = "Sửa thông tin người nộp phải nêu giấy tờ chứng minh."
    next_step = "Chọn một giấy tờ của hồ sơ, hoặc ghi tên, số và ngày cấp của giấy tờ đã xem, rồi gửi lại."
    operator = "identity correction without proof"
    http_status = 422
    event = "correcting.proof"


class NothingCorrected(Problem):
    """The value is empty, the one that stands there, or of a field that is not corrected here."""

    code = "IDN-002"
    sentence = "Giá trị mới còn trống hoặc giống hệt giá trị đang ghi."
    next_step = "Chọn mục cần sửa và nhập giá trị đúng theo giấy tờ chứng minh."
    operator = "identity correction changes nothing"
    http_status = 422
    event = "correcting.same"


class CorrectionWaits(Problem):
    """The field is in dispute, or a correction of it waits already."""

    code = "IDN-003"
    sentence = "Mục này đang chờ đối chiếu nên chưa nhận thêm đề nghị sửa."
    next_step = "Mở trang Cần đối chiếu, xong việc đó rồi sửa tiếp nếu còn sai."
    operator = "identity register is open"
    http_status = 409
    event = "correcting.waits"


class SecondPersonNeeded(Problem):
    """Who proposed a correction does not approve it (D.3)."""

    code = "IDN-004"
    sentence = "Người đề nghị sửa không tự duyệt được."
    next_step = "Nhờ lãnh đạo hoặc một viên chức giải quyết khác duyệt tại trang Cần đối chiếu; bạn vẫn có thể giữ giá trị cũ để rút đề nghị."
    operator = "author of an identity correction tried to approve it"
    http_status = 403
    event = "correcting.second_person"
