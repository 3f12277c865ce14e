"""What can go wrong between a browser and a page."""

from __future__ import annotations

from sync_protocol.errors import Problem


class PageUnknown(Problem):
    """No page has this address."""

    code = "WEB-001"
    sentence = "Địa chỉ này không có trang nào."
    next_step = "Chọn một trang ở thanh phía trên rồi mở lại từ danh sách."
    operator = "no route for the address"
    http_status = 404
    event = "web.page.unknown"


class FormStale(Problem):
    """The form's own token is missing or old: another site, or a page that was open for too long."""

    code = "WEB-002"
    sentence = "Biểu mẫu này đã mở quá lâu hoặc không được gửi từ trang của điểm này."
    next_step = "Mở lại trang và gửi lại; nội dung đã lưu trước đó vẫn còn."
    operator = "cross-site or stale form refused"
    http_status = 403
    event = "web.form.stale"


class NotYours(Problem):
    """The signed-in account has no role for this page."""

    code = "WEB-003"
    sentence = "Tài khoản của bạn chưa được giao việc này."
    next_step = "Nhờ người được giao làm bước này, hoặc nhờ người quản trị của cơ quan giao thêm vai trò."
    operator = "role missing for the route"
    http_status = 403
    event = "web.role.missing"


class SignInFirst(Problem):
    """Nobody is signed in, or the session has ended."""

    code = "WEB-004"
    sentence = "Phiên làm việc đã kết thúc hoặc bạn chưa đăng nhập."
    next_step = "Đăng nhập lại; việc đã lưu vẫn còn."
    operator = "no session"
    http_status = 401
    event = "web.session.none"


class Unexpected(Problem):
    """Something we did not foresee; nothing of it is shown."""

    code = "WEB-005"
    sentence = "Trang này chưa mở được vì một lỗi chưa lường trước. Việc đã lưu vẫn còn nguyên."
    next_step = "Thử lại một lần. Nếu vẫn vậy, gọi bộ phận kỹ thuật và đọc mã WEB-005 cùng số {request}."
    operator = "unexpected {kind} in request {request}"
    http_status = 500
    event = "web.unexpected"


class TooBig(Problem):
    """The request is larger than this page takes."""

    code = "WEB-006"
    sentence = "Các tệp gửi lên vượt quá {limit_mb} MB một lần."
    next_step = "Gửi ít trang hơn mỗi lần, hoặc quét ở 300 dpi thay vì cao hơn."
    operator = "request body above {limit_mb} MB"
    http_status = 413
    event = "web.body.too_big"


class FormUnreadable(Problem):
    """The request is not what this page's form sends."""

    code = "WEB-007"
    sentence = "Trang chưa nhận được đủ các ô của biểu mẫu."
    next_step = "Mở lại trang, điền và gửi lại."
    operator = "form fields missing or of another kind"
    event = "web.form.unreadable"


class TooOften(Problem):
    """An anonymous client asks too often."""

    code = "WEB-008"
    sentence = "Máy của bạn đã hỏi quá nhiều lần trong một phút."
    next_step = "Chờ {wait_s} giây rồi tra lại."
    operator = "rate limit reached"
    http_status = 429
    event = "web.rate"


class AssetMissing(Problem):
    """A package that carries a front-end file is not installed."""

    code = "WEB-009"
    sentence = "Bản cài đặt thiếu tệp giao diện {name}."
    next_step = "Cài lại phần mềm từ gói đã phát hành."
    operator = "front-end file {name} not found in the installed packages"
    http_status = 500
    exit_code = 3
    event = "web.asset.missing"


class AddressNotFree(Problem):
    """Nothing can listen where the settings want it; `section` is the part of the settings that says where."""

    code = "WEB-016"
    sentence = "Chưa mở được cổng ở {host}:{port}: cổng này đang có chương trình khác dùng, hoặc máy này không được dùng địa chỉ đó."
    next_step = "Tắt chương trình đang giữ cổng (xem bằng lệnh: ss -ltnp), hoặc đổi mục port của phần [{section}] trong tệp cấu hình, rồi chạy lại."
    operator = "cannot listen at {host}:{port}: {reason}; see: ss -ltnp, or change [{section}] port"
    http_status = 503
    exit_code = 5
    event = "web.address.taken"
