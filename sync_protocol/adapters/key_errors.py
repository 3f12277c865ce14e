"""Problems of the machine's keys (KEY).

Attributes carry file *roles* and modes only; never a passphrase, never a path that holds a name.
"""

from __future__ import annotations

from sync_protocol.errors import Problem


class KeyProblem(Problem):
    """Common family of key files and signatures."""

    code = "KEY-000"
    sentence = "Khóa của máy này chưa dùng được."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã KEY-000."
    operator = "key problem: {what}"
    http_status = 503
    exit_code = 77
    event = "key.problem"


class WrongPassphrase(KeyProblem):
    """The passphrase, recovery key or key file opens no slot."""

    code = "KEY-001"
    sentence = "Cụm mật khẩu mở máy chưa đúng."
    next_step = "Kiểm tra bộ gõ tiếng Việt và phím Caps Lock rồi nhập lại cụm mật khẩu mở máy."
    operator = "slot {slot}: authentication failed (wrong passphrase or key)"
    http_status = 403
    event = "key.wrong_passphrase"


class KeyFileDamaged(KeyProblem):
    """The key file is not one of ours or its bytes changed."""

    code = "KEY-002"
    sentence = "Tệp khóa của máy này bị hỏng."
    next_step = "Gọi bộ phận kỹ thuật đưa lại tệp khóa từ bản dự phòng, mã KEY-002."
    operator = "key file damaged: {what}; restore it from the backup"
    event = "key.damaged"


class KeyFileMissing(KeyProblem):
    """No key file where one is expected."""

    code = "KEY-003"
    sentence = "Không tìm thấy tệp khóa của máy này."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã KEY-003. Không cài lại phần mềm khi chưa có bản dự phòng khóa."
    operator = "key file missing: {what}"
    event = "key.missing"


class KeyFileExposed(KeyProblem):
    """A secret file can be read by others."""

    code = "KEY-004"
    sentence = "Tệp khóa của máy này đang để người khác đọc được nên phần mềm không dùng."
    next_step = "Gọi bộ phận kỹ thuật sửa quyền tệp khóa, mã KEY-004."
    operator = "{what} has mode {mode}, expected 0600: chmod 600 it and rotate the key"
    event = "key.exposed"


class SignatureRejected(KeyProblem):
    """An Ed25519 signature does not belong to this message and key."""

    code = "KEY-005"
    sentence = "Chữ ký của gói dữ liệu không khớp với điểm gửi nên gói được giữ riêng."
    next_step = "Không cần làm gì tại quầy. Bộ phận kỹ thuật xem danh sách gói giữ riêng, mã KEY-005."
    operator = "Ed25519 signature does not verify"
    http_status = 403
    event = "key.signature_rejected"


class KeySlotMissing(KeyProblem):
    """The key file has no slot of the kind that was offered."""

    code = "KEY-006"
    sentence = "Tệp khóa của máy này chưa có cách mở vừa chọn."
    next_step = "Chọn cách mở khác (cụm mật khẩu hoặc tệp khóa), hoặc gọi bộ phận kỹ thuật, mã KEY-006."
    operator = "key file has no {slot} slot; it has {present}"
    event = "key.slot_missing"


class KeyFileExists(KeyProblem):
    """A key file is never overwritten."""

    code = "KEY-007"
    sentence = "Máy này đã có tệp khóa; phần mềm không ghi đè."
    next_step = "Nếu muốn tạo khóa mới, gọi bộ phận kỹ thuật cất tệp khóa cũ trước, mã KEY-007."
    operator = "refusing to overwrite {what}"
    http_status = 409
    event = "key.exists"
