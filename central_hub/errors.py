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
