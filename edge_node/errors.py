"""What can go wrong when a node starts."""

from __future__ import annotations

from sync_protocol.errors import Problem


class NotInitialised(Problem):
    """The folder holds no node."""

    code = "NOD-001"
    sentence = "Thư mục này chưa có điểm nào được khởi tạo."
    next_step = "Chạy “edge-node init” với tệp kết nối và mã một lần do trung tâm cấp."
    operator = "no node in the state folder; run: edge-node init"
    exit_code = 3
    event = "node.absent"


class AlreadyInitialised(Problem):
    """The folder holds a node already."""

    code = "NOD-002"
    sentence = "Thư mục này đã có một điểm. Khởi tạo lại sẽ không ghi đè."
    next_step = "Dùng thư mục khác, hoặc tiếp tục với điểm đang có."
    operator = "state folder already holds a node"
    exit_code = 3
    event = "node.exists"


class OtherNodesBundle(Problem):
    """The enrolment file is another node's, or another hub's."""

    code = "NOD-005"
    sentence = "Tệp kết nối này là của {found}, không phải của {node}."
    next_step = (
        "Lấy đúng tệp mà trung tâm vừa cấp ở trang của điểm này (Đổi khóa), rồi chạy lại. Khóa đang có vẫn giữ nguyên."
    )
    operator = "enrolment file of {found} given to node {node}"
    exit_code = 4
    event = "node.renewal.other"


class PageCountMissing(Problem):
    """The page count is typed before scanning."""

    code = "NOD-003"
    sentence = "Chưa nhập số trang của giấy tờ."
    next_step = "Đếm số trang trên bàn và nhập trước khi quét (Điều 8.2c)."
    operator = "declared page count missing"
    exit_code = 2
    event = "node.pages.missing"


class KeyNotOpen(Problem):
    """Nobody opened the officer's key."""

    code = "NOD-004"
    sentence = "Chưa mở chữ ký số của {account}."
    next_step = "Nhập mật khẩu chữ ký hoặc mã PIN một lần cho cả lượt, rồi tiếp tục. Giấy tờ đã quét vẫn còn trong khay."
    operator = "signing key of {account} is not open"
    exit_code = 4
    event = "node.key.closed"


class ActTooLong(Problem):
    """What was typed is longer than one entry of the log may be; nothing is saved."""

    code = "NOD-006"
    sentence = "Nội dung vừa nhập dài hơn mức một lần ghi nên chưa được ghi."
    next_step = "Rút ngắn phần chữ rồi gửi lại; phần chi tiết quét kèm như một giấy tờ của hồ sơ."
    operator = "event body of {size_bytes} bytes, at most {limit_bytes}"
    http_status = 413
    event = "node.act_too_long"


class ApplicantUnreadable(Problem):
    """The file about the applicant is no JSON of a person or an organisation."""

    code = "NOD-007"
    sentence = "Tệp thông tin người nộp chưa đúng dạng: {why}."
    next_step = 'Ghi tệp JSON như {{"kind": "person", "name": "…", "personal_id": "…", "birth_date": "1985-02-01"}} rồi chạy lại.'
    operator = "applicant file is not a party: {why}"
    exit_code = 2
    event = "node.applicant_file"
