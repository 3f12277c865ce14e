"""What can hold the queue at the node's side."""

from __future__ import annotations

from sync_protocol.errors import Problem

BUSY = "SYN-020"


class HubRefused(Problem):
    """The hub answered with a refusal."""

    code = "SYN-030"
    sentence = "Trung tâm chưa nhận: {refusal}."
    next_step = "Dữ liệu vẫn còn tại máy và hàng chờ vẫn chạy. Mở trang Hàng chờ gửi để xem lý do; đọc mã {refusal} cho bộ phận kỹ thuật."
    operator = "hub refused with {refusal}"
    event = "sync.refused"

    @property
    def is_busy(self) -> bool:
        """Whether the hub only said "later"."""
        return bool(self.facts["refusal"] == BUSY)


class UnexpectedReply(Problem):
    """The hub answered something else than what was asked."""

    code = "SYN-031"
    sentence = "Trung tâm trả lời không đúng câu hỏi."
    next_step = "Không cần làm gì tại quầy; máy sẽ tự hỏi lại. Bộ phận kỹ thuật xem mã SYN-031."
    operator = "expected {expected}, got {found}"
    event = "sync.reply.unexpected"


class NoLine(Problem):
    """Something needs the hub, and there is no line."""

    code = "SYN-032"
    sentence = "Đang mất kết nối trung tâm nên chưa tra cứu ngoài điểm này được."
    next_step = "Làm tiếp việc tại quầy; việc này sẽ làm được khi có kết nối trở lại."
    operator = "request needs a line"
    http_status = 503
    event = "sync.line.down"
