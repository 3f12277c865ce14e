"""Problems of moving the hub's tables (HUB)."""

from __future__ import annotations

from sync_protocol.errors import Problem


class TargetNotEmpty(Problem):
    """The database to move into holds rows already."""

    code = "HUB-024"
    sentence = "Cơ sở dữ liệu đích đã có dữ liệu nên chưa chuyển gì sang đó."
    next_step = "Tạo một cơ sở dữ liệu trống rồi chạy lại lệnh chuyển."
    operator = "table {table} of the target has rows; nothing was written"
    event = "hub.move.not_empty"


class MoveDiffers(Problem):
    """What arrived is not what was sent."""

    code = "HUB-025"
    sentence = "Số dòng ở hai nơi không bằng nhau nên việc chuyển đã được hủy, dữ liệu cũ còn nguyên."
    next_step = "Kiểm tra ổ đĩa và máy chủ cơ sở dữ liệu, rồi chạy lại lệnh chuyển; nếu lặp lại, giữ nhật ký và gọi bộ phận phát triển, mã HUB-025."
    operator = "table {table} differs after the move; rolled back"
    exit_code = 74
    event = "hub.move.differs"


class HubServing(Problem):
    """Tables are moved only while nobody writes them."""

    code = "HUB-026"
    sentence = "Trung tâm đang chạy nên chưa thể chuyển cơ sở dữ liệu."
    next_step = "Dừng dịch vụ trung tâm, chạy lại lệnh chuyển, rồi khởi động dịch vụ."
    operator = "the hub serves (pid {pid}); stop it before moving its tables"
    exit_code = 5
    event = "hub.move.serving"


class WorkerAlone(Problem):
    """Several workers share one PostgreSQL; an embedded file has one."""

    code = "HUB-027"
    sentence = "Trung tâm này giữ dữ liệu trong một tệp trên máy nên chỉ chạy được một tiến trình."
    next_step = "Chuyển dữ liệu sang PostgreSQL bằng lệnh “central-hub store move”, rồi thêm tiến trình."
    operator = "central-hub work needs [store] postgres in the settings"
    exit_code = 5
    event = "hub.worker.alone"
