"""What can stop a slip."""

from __future__ import annotations

from sync_protocol.errors import Problem


class FactMissing(Problem):
    """A slip without this fact would promise nothing, or something else."""

    code = "SLP-001"
    sentence = "{title} còn thiếu: {label}."
    next_step = "Điền {label} trong hồ sơ rồi in lại."
    operator = "form {form}: fact {fact} is missing"
    event = "slip.fact.missing"


class FormNotInForce(Problem):
    """No version of the form is in force on the day of issue."""

    code = "SLP-002"
    sentence = "Ngày {day} chưa có hoặc không còn mẫu “{title}”."
    next_step = "Kiểm tra ngày giờ của máy; nếu đúng, dùng mẫu đang có hiệu lực."
    operator = "form {form} has no version in force on {day}"
    event = "slip.form.not_in_force"


class SlipNotDrawn(Problem):
    """The typesetter refused the form."""

    code = "SLP-003"
    sentence = "Chưa tạo được phiếu để in."
    next_step = "Bấm in lại. Nếu vẫn gặp, ghi phiếu giấy theo mẫu và gọi bộ phận kỹ thuật, đọc mã SLP-003."
    operator = "form {form}: typesetting failed ({found})"
    http_status = 500
    event = "slip.failed"
