"""Why a letter of a gateway has not gone, or an application has not been placed."""

from __future__ import annotations

from sync_protocol.errors import Problem


class GatewayAway(Problem):
    """The other side cannot be reached, is busy, or is broken for the moment: tried again by itself."""

    code = "GWY-001"
    sentence = "Chưa kết nối được với {gateway}. Thư còn nguyên trong hàng chờ."
    next_step = "Không cần làm gì; trung tâm tự thử lại. Nếu kéo dài, xem địa chỉ và đường truyền, rồi chọn “Gửi ngay”."
    operator = "gateway {gateway} does not answer ({what}); check the address in hub.toml and the line"
    http_status = 503
    event = "gateways.away"


class GatewayLocked(Problem):
    """The other side does not accept our key."""

    code = "GWY-002"
    sentence = "{gateway} không nhận khóa kết nối của trung tâm."
    next_step = "Xin khóa mới của hệ thống ấy, ghi vào tệp khóa nêu trong cài đặt, rồi chọn “Gửi ngay”."
    operator = "gateway {gateway} answered {status}: renew the token in the file that hub.toml names"
    http_status = 503
    event = "gateways.locked"


class GatewayRefused(Problem):
    """The other side will not take this letter as it is: trying again changes nothing."""

    code = "GWY-003"
    sentence = "{gateway} từ chối một thư (trả lời {status})."
    next_step = (
        "Xem hồ sơ và trạng thái của thư ở trang Cổng kết nối; sửa nguyên nhân rồi gửi lại, hoặc bỏ thư kèm lý do."
    )
    operator = "gateway {gateway} refused a letter with {status}; see its field mapping in central_hub/gateways"
    http_status = 502
    event = "gateways.refused"


class GatewayUnreadable(Problem):
    """The other side answered something that is not its answer."""

    code = "GWY-004"
    sentence = "Câu trả lời của {gateway} không đọc được."
    next_step = "Báo bộ phận kỹ thuật so lại quy ước kết nối với hệ thống ấy; thư còn nguyên trong hàng chờ."
    operator = "gateway {gateway} answered what its mapping cannot read ({what})"
    http_status = 502
    event = "gateways.unreadable"


class ApplicationUnreadable(Problem):
    """An application from outside lacks what it needs."""

    code = "GWY-005"
    sentence = "Một hồ sơ nộp trực tuyến thiếu hoặc sai mục {field}."
    next_step = "Bản gốc được giữ ở trang Cổng kết nối. Báo cổng dịch vụ công gửi lại, hoặc bỏ kèm lý do."
    operator = "online application without a readable {field}; original kept in the inbox"
    event = "gateways.application.unreadable"


class OfficeUnclear(Problem):
    """No single office is competent for an application."""

    code = "GWY-006"
    sentence = "Chưa rõ cơ quan nào giải quyết một hồ sơ nộp trực tuyến (mã đơn vị {unit})."
    next_step = "Chọn cơ quan ở trang Cổng kết nối; khai mã đơn vị này trong cài đặt để lần sau tự chuyển."
    operator = (
        "no single office behind unit {unit} of the portal; place it by hand, name it under gateways.portal.units"
    )
    event = "gateways.office.unclear"


class LetterSettled(Problem):
    """Somebody acted on an item of the mailbox that is already settled, or never was."""

    code = "GWY-007"
    sentence = "Mục này đã xong hoặc không còn trong hộp thư."
    next_step = "Mở lại trang Cổng kết nối để xem hiện trạng."
    operator = "mailbox item is settled or unknown"
    http_status = 409
    event = "gateways.settled"
