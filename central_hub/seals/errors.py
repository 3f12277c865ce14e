"""What can go wrong with seals: a register that cannot be filled, a file whose judgement has to wait."""

from __future__ import annotations

from sync_protocol.errors import Problem


class SealProblem(Problem):
    """A file could not be judged this time; it stays held and is judged again."""

    code = "SEA-001"
    sentence = "Trung tâm chưa kiểm tra được chữ ký của tệp này."
    next_step = "Không cần làm gì tại quầy; trung tâm tự kiểm tra lại. Bộ phận kỹ thuật xem mã SEA-001."
    operator = "examination of {digest} stopped: {found}; file stays held, will be judged again"
    http_status = 503
    event = "seals.waiting"


class CertificateUnreadable(Problem):
    """The file given for the register holds no certificate."""

    code = "SEA-002"
    sentence = "Tệp này không phải chứng thư số đọc được."
    next_step = "Xuất chứng thư (không kèm khóa) ra tệp .cer hoặc .pem, rồi đăng ký lại."
    operator = "not a certificate, DER or PEM: {found}"
    event = "seals.certificate.unreadable"


class CaptureUnknown(SealProblem):
    """An agency signature arrived before the copy it was put on."""

    code = "SEA-003"
    sentence = "Bản có ký số cơ quan đã tới nhưng bản quét gốc của nó chưa tới trung tâm."
    next_step = "Không cần làm gì tại quầy; trung tâm kiểm tra khi bản quét tới."
    operator = "agency-signed file {digest}: no capture event names its prefix"
    event = "seals.capture.unknown"


class ValidityReversed(Problem):
    """A registration that ends before it begins."""

    code = "SEA-004"
    sentence = "Ngày kết thúc đăng ký nằm trước ngày chứng thư bắt đầu có giá trị."
    next_step = "Xem thời hạn của chứng thư, chọn ngày kết thúc sau đó."
    operator = "registration for office {office} would end before it begins"
    event = "seals.validity"


class NoTrustFolder(Problem):
    """Nobody has told the hub whose signatures count."""

    code = "SEA-005"
    sentence = "Trung tâm chưa biết tin cậy tổ chức chứng thực nào nên chưa kiểm tra được chữ ký."
    next_step = "Đặt chứng thư gốc, chứng thư cấp dưới và danh sách thu hồi vào thư mục tin cậy, khai trong mục seals của tệp cấu hình."
    operator = "settings name no trust folder, or it holds no *.root.der: {found}"
    exit_code = 3
    event = "seals.trust.absent"


class ListUnreadable(Problem):
    """The file given is no revocation list."""

    code = "SEA-006"
    sentence = "Tệp này không phải danh sách thu hồi chứng thư đọc được."
    next_step = "Tải lại tệp .crl từ tổ chức chứng thực rồi nạp lại; danh sách cũ vẫn dùng."
    operator = "not a revocation list, DER or PEM: {size} bytes"
    event = "seals.list.unreadable"


class ListForeign(Problem):
    """No authority this hub believes signed the list."""

    code = "SEA-007"
    sentence = "Danh sách thu hồi này không do tổ chức chứng thực nào mà trung tâm tin cậy ký."
    next_step = "Xem lại tệp; nếu tổ chức vừa đổi chứng thư thì đặt chứng thư mới vào thư mục tin cậy trước."
    operator = "no trusted authority signed the list of issuer {issuer}"
    event = "seals.list.foreign"


class ListOutdated(Problem):
    """The list is older than the one held, or its time is over."""

    code = "SEA-008"
    sentence = "Danh sách thu hồi này đã quá hạn hoặc cũ hơn danh sách trung tâm đang giữ."
    next_step = "Tải danh sách mới nhất của {authority} rồi nạp lại."
    operator = "list of {authority} is older than the held one, or ended: {until}"
    event = "seals.list.outdated"
