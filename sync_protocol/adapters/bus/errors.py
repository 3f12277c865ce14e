"""What can go wrong between a node and the hub, said so that a clerk knows whether to wait, to call or to do nothing."""

from __future__ import annotations

from sync_protocol.errors import Problem


class BusProblem(Problem):
    """Anything that kept a request from being answered."""

    code = "BUS-010"
    sentence = "Chưa trao đổi được với trung tâm. Việc tại quầy vẫn làm bình thường."
    next_step = "Không cần làm gì: máy tự gửi lại khi có đường truyền."
    operator = "request not answered: {reason}"
    http_status = 503
    event = "bus.request.failed"


class NotConnected(BusProblem):
    """No line now. Nothing was sent, nothing is kept for later: the outbox is the only queue."""

    code = "BUS-011"
    sentence = "Đang không có đường truyền tới trung tâm. Việc tại quầy vẫn làm bình thường."
    next_step = "Không cần làm gì: máy tự nối lại. Nếu quá một ngày, kiểm tra dây mạng rồi gọi bộ phận kỹ thuật."
    operator = "{lane} lane is not connected ({reason}); nothing was sent"


class ConnectionLost(BusProblem):
    """The line broke while a request was under way: the hub may or may not have it, so it is asked again."""

    code = "BUS-012"
    sentence = "Đường truyền đứt khi đang gửi. Dữ liệu vẫn nằm trong hàng chờ của máy này."
    next_step = "Không cần làm gì: máy tự gửi lại, trung tâm không ghi hai lần."
    operator = "{lane} lane lost while a request was in flight ({reason}); outcome unknown"


class RequestTimedOut(BusProblem):
    """The line stands but no answer came in time; the outcome is unknown."""

    code = "BUS-013"
    sentence = "Trung tâm chưa trả lời kịp. Dữ liệu vẫn nằm trong hàng chờ của máy này."
    next_step = "Không cần làm gì: máy tự gửi lại."
    operator = "no answer to {verb} within {seconds} s; outcome unknown"
    http_status = 504


class NobodyServes(BusProblem):
    """The server is there, but no hub worker listens."""

    code = "BUS-014"
    sentence = "Trung tâm đang tạm dừng nhận dữ liệu. Dữ liệu vẫn nằm trong hàng chờ của máy này."
    next_step = "Không cần làm gì: máy tự gửi lại. Nếu kéo dài quá nửa ngày, gọi bộ phận kỹ thuật."
    operator = "no hub worker serves {verb}; check `central-hub serve`"


class NotPermitted(BusProblem):
    """The server refused the subject: this node is not enrolled for it. Waiting does not help."""

    code = "BUS-015"
    sentence = "Điểm này chưa được phép trao đổi phần này với trung tâm."
    next_step = "Gọi bộ phận kỹ thuật của trung tâm, đọc tên điểm và mã BUS-015 để được cấp quyền."
    operator = "the server refused {action} on {subject}; enrol the node again"
    http_status = 403
    event = "bus.permission.refused"


class PayloadTooLarge(BusProblem):
    """One message above the server's limit: our own splitting failed."""

    code = "BUS-016"
    sentence = "Một gói dữ liệu lớn hơn mức trung tâm nhận trong một lần. Dữ liệu vẫn còn nguyên tại máy này."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã BUS-016."
    operator = "payload of {size_bytes} bytes exceeds {limit_bytes}"
    http_status = 413


class BusClosed(BusProblem):
    """The program is shutting down."""

    code = "BUS-017"
    sentence = "Phần mềm đang dừng nên chưa gửi thêm. Dữ liệu vẫn nằm trong hàng chờ của máy này."
    next_step = "Không cần làm gì: máy gửi tiếp khi mở lại."
    operator = "the bus is closed"


class Unreachable(BusProblem):
    """No TCP connection: cable, router, name or address."""

    code = "BUS-020"
    sentence = "Chưa tới được máy chủ của trung tâm. Việc tại quầy vẫn làm bình thường."
    next_step = "Máy tự thử lại. Nếu các máy khác trong phòng vẫn có mạng, gọi bộ phận kỹ thuật."
    operator = "cannot reach {server}: {reason}"
    event = "bus.unreachable"


class CredentialsRefused(BusProblem):
    """The hub no longer (or not yet) accepts this node's key: revoked, expired, unknown account."""

    code = "BUS-021"
    sentence = "Trung tâm không nhận khóa kết nối của điểm này (đã thu hồi, hết hạn hoặc chưa đăng ký)."
    next_step = "Gọi bộ phận kỹ thuật của trung tâm, đọc tên điểm và mã BUS-021 để được cấp tệp kết nối mới."
    operator = "{server} refused the credentials: {reason}"
    http_status = 403
    event = "bus.credentials.refused"


class ServerNotTrusted(BusProblem):
    """The server's certificate is not from our authority, or is for another name. Never go on."""

    code = "BUS-022"
    sentence = "Máy ở đầu kia không chứng minh được là trung tâm nên máy này không gửi gì."
    next_step = "Không gửi hồ sơ bằng cách khác qua mạng này. Gọi bộ phận kỹ thuật và đọc mã BUS-022."
    operator = "TLS with {server} failed: {reason}"
    http_status = 502
    event = "bus.tls.refused"


class TooManyConnections(BusProblem):
    """The server still counts our own dead connections; it forgets them after its ping budget."""

    code = "BUS-023"
    sentence = "Trung tâm còn giữ các kết nối cũ của điểm này. Việc tại quầy vẫn làm bình thường."
    next_step = (
        "Không cần làm gì: máy tự nối lại trong vài phút. Nếu kéo dài, có thể hai máy đang dùng chung một tệp kết nối."
    )
    operator = "{server} has no free connection for this account: {reason}"
    event = "bus.connections.exhausted"


class CredentialsUnreadable(BusProblem):
    """The credentials text given to the bus is not one."""

    code = "BUS-024"
    sentence = "Tệp kết nối của điểm này không đọc được."
    next_step = "Nạp lại tệp kết nối do trung tâm cấp. Nếu vẫn vậy, xin cấp tệp mới."
    operator = "credentials text has no {missing}"
    http_status = 500


class PlaintextRefused(BusProblem):
    """A server beyond this machine without a certificate authority: the line would be readable."""

    code = "BUS-025"
    sentence = "Tệp kết nối thiếu chứng thư của trung tâm nên máy này không gửi gì qua mạng."
    next_step = "Xin trung tâm cấp lại tệp kết nối có chứng thư."
    operator = "no certificate authority for {server}, which is not loopback"
    http_status = 500


class HubTooBusy(BusProblem):
    """All handler places are taken: the node is told to come back, it is not left waiting."""

    code = "BUS-030"
    sentence = "Trung tâm đang nhận dữ liệu từ nhiều nơi. Dữ liệu vẫn nằm trong hàng chờ của máy này."
    next_step = "Không cần làm gì: máy tự gửi lại sau ít phút."
    operator = "{waiting} requests wait for {places} places; answered busy"
    http_status = 503
    event = "bus.hub.busy"


class HubFailed(BusProblem):
    """The hub answered with a bare failure instead of one of its own messages."""

    code = "BUS-032"
    sentence = "Trung tâm gặp trục trặc khi xử lý. Dữ liệu vẫn nằm trong hàng chờ của máy này."
    next_step = "Không cần làm gì: máy tự gửi lại. Bộ phận kỹ thuật của trung tâm xem mã BUS-032."
    operator = "the hub answered {verb} with a bare failure ({reason})"
    http_status = 502
