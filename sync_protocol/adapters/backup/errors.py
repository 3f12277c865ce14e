"""Problems of backing up and restoring (BAK). Attributes are counts, kinds and file roles, never paths with names in them."""

from __future__ import annotations

from sync_protocol.errors import Problem


class BackupProblem(Problem):
    """Common family of what a backup or a restore can refuse."""

    code = "BAK-000"
    sentence = "Việc sao lưu hoặc khôi phục chưa thực hiện được."
    next_step = "Kiểm tra ổ chứa bản dự phòng còn cắm và còn chỗ, rồi chạy lại lệnh."
    operator = "backup problem: {what}"
    exit_code = 74
    http_status = 503
    event = "backup.problem"


class BackupAbsent(BackupProblem):
    """No finished backup lies in the folder."""

    code = "BAK-001"
    sentence = "Thư mục này chưa có bản dự phòng nào hoàn chỉnh."
    next_step = "Chỉ đúng thư mục có tệp backup.json (ví dụ backups/20261122T020000Z), hoặc chạy lệnh “backup” trước."
    operator = "no finished backup here: {what}"
    event = "backup.absent"


class BackupDamaged(BackupProblem):
    """The copy is not what was written."""

    code = "BAK-002"
    sentence = "Bản dự phòng này đã bị hỏng ở {what} nên không dùng để khôi phục."
    next_step = "Chọn bản dự phòng trước đó hoặc bản để ở ổ khác. Phần thiếu sẽ được lấy lại từ trung tâm và các điểm."
    operator = "backup does not read back: {what}; use an older or an off-site copy"
    event = "backup.damaged"


class BackupOfAnother(BackupProblem):
    """A node's backup was given to the hub, or the other way round."""

    code = "BAK-003"
    sentence = "Bản dự phòng này là của {found}, không phải của {wanted}."
    next_step = "Chọn đúng thư mục bản dự phòng, rồi chạy lại lệnh khôi phục."
    operator = "backup holds a {found}, this command restores a {wanted}"
    exit_code = 2
    event = "backup.another"


class RestoreTargetTaken(BackupProblem):
    """A restore never writes over anything."""

    code = "BAK-004"
    sentence = "Thư mục đích đã có dữ liệu. Việc khôi phục không ghi đè lên dữ liệu đang có."
    next_step = "Chọn một thư mục mới, còn trống, cho tham số --state."
    operator = "restore target is not empty; name a new folder with --state"
    exit_code = 3
    event = "restore.target_taken"


class RestoreUnfinished(BackupProblem):
    """Something of the backup could not be brought over."""

    code = "BAK-005"
    sentence = "Việc khôi phục dừng giữa chừng: {what}."
    next_step = "Xóa thư mục đích vừa tạo, kiểm tra chỗ trống trên ổ đĩa, rồi chạy lại lệnh khôi phục."
    operator = "restore stopped: {what}; delete the new state folder and repeat"
    event = "restore.unfinished"
