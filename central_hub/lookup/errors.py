"""Why a look is not answered."""

from __future__ import annotations

from sync_protocol.errors import RemoteProtocolError


class LooksTooMany(RemoteProtocolError):
    """An officer looked at more people than any case needs."""

    code = "LOK-001"
    sentence = "Tài khoản này đã tra cứu hơn {most} lượt trong {minutes} phút."
    next_step = "Đợi rồi tra tiếp. Nếu công việc thật sự cần, báo lãnh đạo đơn vị; trung tâm đã ghi cảnh báo."
    operator = "look-ups of one officer at node {node} above {most} in {minutes} minutes: refused"
    http_status = 429
    event = "hub.lookup.too_many"


class KeyMissing(RemoteProtocolError):
    """A look without what to look for."""

    code = "LOK-002"
    sentence = "Chưa nhập mã hoặc số cần tra."
    next_step = "Nhập đúng và đủ mã, số hoặc họ tên cùng ngày sinh; không tra theo một phần."
    operator = "look-up without a key"
    http_status = 422
    event = "hub.lookup.key"


class SensitiveWithheld(RemoteProtocolError):
    """A dossier holds papers of sensitive types that the purpose's procedure does not ask for."""

    code = "LOK-003"
    sentence = "Hồ sơ này có giấy tờ nhạy cảm ({types}) mà thủ tục của hồ sơ đang giải quyết không yêu cầu."
    next_step = "Ghi đúng mã hồ sơ đang giải quyết. Nếu thật sự khẩn cấp, cán bộ đối chiếu ở trung tâm mở khẩn cấp, lãnh đạo xác nhận."
    operator = "look refused: sensitive types {types} are no components of the purpose's procedure"
    http_status = 403
    event = "hub.lookup.sensitive"


class PostalMayNotLook(RemoteProtocolError):
    """A postal agent's account takes in its own dossiers and looks up nothing."""

    code = "LOK-004"
    sentence = "Tài khoản nhân viên bưu chính chỉ tiếp nhận hồ sơ, không tra cứu."
    next_step = "Cần biết giấy tờ nào đã có thì nhờ viên chức tiếp nhận của cơ quan tra."
    operator = "look-up by a postal account at node {node}: refused"
    http_status = 403
    event = "hub.lookup.postal"


class EmergencyReason(RemoteProtocolError):
    """Opening in an emergency needs a reason that can be judged."""

    code = "LOK-005"
    sentence = "Lý do mở khẩn cấp chưa đủ để lãnh đạo xem xét."
    next_step = "Ghi ít nhất {least} chữ: việc gì, vì sao không chờ được, ai đề nghị."
    operator = "emergency opening without a reason of {least} words"
    http_status = 422
    event = "hub.lookup.emergency.reason"


class EmergencySettled(RemoteProtocolError):
    """An emergency opening was judged already, or never was."""

    code = "LOK-006"
    sentence = "Lần mở khẩn cấp này đã được lãnh đạo kết luận."
    next_step = "Mở lại trang Giám sát để xem kết luận."
    operator = "emergency opening settled or unknown"
    http_status = 409
    event = "hub.lookup.emergency.settled"
