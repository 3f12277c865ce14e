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
