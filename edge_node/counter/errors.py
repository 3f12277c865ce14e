"""What can stop a ticket."""

from __future__ import annotations

from sync_protocol.errors import Problem


class NumbersExhausted(Problem):
    """The day has used every ticket number."""

    code = "CTR-001"
    sentence = "Hôm nay đã lấy hết {most} số thứ tự."
    next_step = "Mời người đến sau chờ theo hàng, hoặc kiểm tra ngày giờ của máy nếu con số này là lạ."
    operator = "all {most} ticket numbers of {day} are drawn"
    event = "counter.numbers.exhausted"
    http_status = 409


class OutOfTurn(Problem):
    """The step does not follow the ticket's state, or the ticket stands at another desk."""

    code = "CTR-002"
    sentence = "Số {number} không còn ở bước này: có người vừa gọi, kết thúc hoặc chuyển số đó."
    next_step = "Xem lại trang Quầy rồi bấm phím của bước đang hiện."
    operator = "ticket {number} is {state}, step {step} does not follow"
    event = "counter.out_of_turn"
    http_status = 409


class TicketUnknown(Problem):
    """No such ticket is held."""

    code = "CTR-003"
    sentence = "Không còn giữ số thứ tự này."
    next_step = "Lấy số mới cho người đang chờ; số của những ngày trước đã được kết thúc."
    operator = "no ticket under this id"
    event = "counter.ticket.unknown"
    http_status = 404


class TicketNotDrawn(Problem):
    """The typesetter refused the ticket."""

    code = "CTR-004"
    sentence = "Chưa in được số {number}."
    next_step = "Bấm in lại, hoặc ghi số {number} ra giấy đưa cho người chờ. Số đã được giữ trong hàng."
    operator = "ticket {number}: typesetting failed ({found})"
    event = "counter.ticket.failed"
    http_status = 500
