"""Why an order to erase is not taken, or not carried out."""

from __future__ import annotations

from sync_protocol.errors import Problem


class OrderIncomplete(Problem):
    """An order without its number, its ground or anything to erase."""

    code = "ERA-001"
    sentence = "Lệnh xóa còn thiếu {missing}."
    next_step = "Ghi đủ số văn bản, căn cứ và chọn ít nhất một nội dung, rồi gửi lại."
    operator = "erasure order lacks {what}"
    http_status = 422
    event = "hub.erasure.incomplete"


class NothingToErase(Problem):
    """What the order names is not here, is the hub's own word, or is gone already."""

    code = "ERA-002"
    sentence = "Nội dung được chọn không còn ở trung tâm, đã xóa trước đó, hoặc là lời ghi của chính trung tâm."
    next_step = "Mở lại hồ sơ để xem những nội dung còn có thể xóa, rồi lập lệnh mới."
    operator = "event {event_id} has no body that an order may take"
    http_status = 409
    event = "hub.erasure.nothing"


class SecondPersonNeeded(Problem):
    """Nobody approves what they asked for."""

    code = "ERA-003"
    sentence = "Người đề nghị không được tự phê duyệt lệnh xóa của mình."
    next_step = "Nhờ lãnh đạo khác đăng nhập bằng tài khoản của họ và phê duyệt."
    operator = "account that asked for order {order_id} tried to approve it"
    http_status = 403
    event = "hub.erasure.same_person"


class OrderSettled(Problem):
    """The order does not wait for anybody any more, or never existed."""

    code = "ERA-004"
    sentence = "Lệnh xóa này không còn chờ phê duyệt."
    next_step = "Mở lại trang Lệnh xóa để xem tình trạng mới nhất."
    operator = "erasure order {order_id} is not waiting"
    http_status = 409
    event = "hub.erasure.settled"


class NotAllowedToErase(Problem):
    """An account without the role for this step."""

    code = "ERA-005"
    sentence = "Tài khoản này không được giao việc {work}."
    next_step = "Dùng tài khoản có vai trò phù hợp: cán bộ đối chiếu lập lệnh, lãnh đạo phê duyệt."
    operator = "account lacks role {role} for this step of an erasure"
    http_status = 403
    event = "hub.erasure.role"
