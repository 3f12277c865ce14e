"""Why an enrolment file could not be used. Read by whoever sets up a desk, usually without anybody from IT beside them."""

from __future__ import annotations

from sync_protocol.errors import Problem


class BundleProblem(Problem):
    """Anything about the enrolment file."""

    code = "ENR-001"
    sentence = "Tệp kết nối chưa dùng được."
    next_step = "Xin trung tâm cấp tệp kết nối mới."
    operator = "enrolment bundle unusable: {reason}"
    event = "enrolment.bundle.refused"


class WrongCode(BundleProblem):
    """The one-time code does not open this file."""

    code = "ENR-002"
    sentence = "Mã mở tệp kết nối chưa đúng."
    next_step = "Đối chiếu lại mã 12 ký tự trên phiếu (không phân biệt chữ hoa, dấu gạch) rồi nhập lại."
    operator = "the one-time code does not open the bundle"
    http_status = 403


class BundleExpired(BundleProblem):
    """Opened too late."""

    code = "ENR-003"
    sentence = "Tệp kết nối đã quá hạn dùng ({expired_at})."
    next_step = "Xem ngày giờ của máy có đúng không; nếu đúng, xin trung tâm cấp tệp mới."
    operator = "bundle expired at {expired_at}"


class BundleReused(BundleProblem):
    """This file was already used here."""

    code = "ENR-004"
    sentence = "Tệp kết nối này đã được dùng một lần."
    next_step = "Mỗi tệp chỉ dùng một lần. Nếu cần kết nối lại, xin trung tâm cấp tệp mới."
    operator = "bundle {bundle} was used before"
    http_status = 409


class BundleDamaged(BundleProblem):
    """Not an enrolment file, or one that was cut or changed on the way."""

    code = "ENR-005"
    sentence = "Tệp này không phải tệp kết nối hoặc đã bị hỏng khi chép."
    next_step = "Chép lại tệp từ nơi nhận. Nếu vẫn vậy, xin trung tâm cấp tệp mới."
    operator = "not a whole enrolment bundle: {reason}"
