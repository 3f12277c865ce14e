"""What can go wrong when the hub starts."""

from __future__ import annotations

from sync_protocol.errors import Problem


class HubNotInitialised(Problem):
    """The folder holds no hub."""

    code = "HUB-020"
    sentence = "Thư mục này chưa có trung tâm nào được khởi tạo."
    next_step = "Chạy “central-hub init” trước."
    operator = "no hub in the state folder; run: central-hub init"
    exit_code = 3
    event = "hub.absent"


class HubAlreadyInitialised(Problem):
    """The folder holds a hub already."""

    code = "HUB-021"
    sentence = "Thư mục này đã có một trung tâm. Khởi tạo lại sẽ không ghi đè."
    next_step = "Dùng thư mục khác, hoặc tiếp tục với trung tâm đang có."
    operator = "state folder already holds a hub"
    exit_code = 3
    event = "hub.exists"


class HubNotRunning(Problem):
    """A command needs the running hub."""

    code = "HUB-022"
    sentence = "Trung tâm chưa chạy."
    next_step = "Chạy “central-hub serve”, rồi làm lại lệnh này."
    operator = "hub is not serving; run: central-hub serve"
    exit_code = 5
    event = "hub.not_running"


class MarkUnwritable(Problem):
    """The epoch's mark outside the database cannot be kept."""

    code = "HUB-023"
    sentence = "Trung tâm chưa ghi được tệp mốc nằm ngoài cơ sở dữ liệu."
    next_step = "Kiểm tra ổ đĩa chứa tệp mốc còn chỗ và còn ghi được (mục anchor_file trong hub.toml), rồi chạy lại."
    operator = "epoch mark not written: {what}; check the disk that anchor_file names"
    http_status = 503
    exit_code = 74
    event = "hub.mark.unwritable"
