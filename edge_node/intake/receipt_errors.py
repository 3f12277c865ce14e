"""Why the time of a receipt is not corrected."""

from __future__ import annotations

from sync_protocol.errors import Problem


class ReceiptElsewhere(Problem):
    """Another office received the dossier."""

    code = "RCP-001"
    sentence = "Hồ sơ này do {office} tiếp nhận nên chỉ lãnh đạo nơi đó sửa được thời điểm tiếp nhận."
    next_step = "Gọi cơ quan tiếp nhận, nêu mã hồ sơ và thời điểm đúng."
    operator = "receipt of office {office} is not corrected here"
    http_status = 409
    event = "receipt.elsewhere"


class ClockNotSuspected(Problem):
    """Nothing says that the clock was wrong."""

    code = "RCP-002"
    sentence = "Không có dấu hiệu đồng hồ máy sai lúc tiếp nhận hồ sơ này, nên thời điểm tiếp nhận giữ nguyên."
    next_step = "Nếu máy vừa chỉnh đồng hồ, kết nối mạng một lần để đo lại rồi mở lại hồ sơ."
    operator = "reception does not bear a doubted clock"
    http_status = 409
    event = "receipt.clock_right"


class ReceiptTimeImpossible(Problem):
    """The corrected time has not come, or is the one that stands there."""

    code = "RCP-003"
    sentence = "Thời điểm tiếp nhận đúng {why}."
    next_step = "Xem giấy tiếp nhận, sổ theo dõi rồi nhập lại ngày và giờ."
    operator = "corrected time of receipt is not possible"
    http_status = 422
    event = "receipt.time"


class ReceiptRuleUnknown(Problem):
    """The limit cannot be reckoned anew."""

    code = "RCP-005"
    sentence = "Máy này không có quy tắc thời hạn đã hẹn của hồ sơ nên chưa tính lại được hạn trả."
    next_step = "Kết nối mạng để nhận danh mục mới rồi làm lại. Nếu vẫn vậy, gọi bộ phận kỹ thuật và đọc mã RCP-005."
    operator = "deadline rule promised at reception is not in the catalogue held here"
    http_status = 409
    event = "receipt.rule"
