"""Problems of the sandbox: why a one-shot process gave no result.

No sentence names the file: the caller knows it and wraps these where a better next step exists. The facts are the
registered task name, limits and signal numbers, never content.
"""

from __future__ import annotations

from sync_protocol.errors import Problem


class SandboxProblem(Problem):
    """A sandboxed task gave no result; the input stays untrusted and nothing outside was changed."""

    code = "SBX-004"
    sentence = "Tệp làm chương trình đọc dừng giữa chừng nên chưa được nhận."
    next_step = "Quét lại bản giấy, hoặc mở tệp trên máy khác, in ra PDF mới rồi thêm lại."
    operator = "task {task} crashed: exit status {status}"
    http_status = 422
    event = "sandbox.crashed"


class SandboxUnavailable(SandboxProblem):
    """No safe process can be started here, so no outside file is opened at all."""

    code = "SBX-001"
    sentence = "Máy này chưa mở được vùng cách ly nên chưa nhận tệp từ bên ngoài."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã SBX-001. Hồ sơ giấy vẫn tiếp nhận được."
    operator = "sandbox cannot start: {reason}"
    http_status = 503
    event = "sandbox.unavailable"


class SandboxTimeout(SandboxProblem):
    """The task used up its processor or wall time and was killed."""

    code = "SBX-002"
    sentence = "Đọc tệp quá lâu nên đã dừng lại."
    next_step = "Quét lại bản giấy ở 300 dpi, hoặc tách tệp thành nhiều phần nhỏ."
    operator = "task {task} stopped by the {which} limit of {limit_s} s"
    http_status = 422
    event = "sandbox.timeout"


class SandboxOutOfMemory(SandboxProblem):
    """The task asked for more memory than its limit."""

    code = "SBX-003"
    sentence = "Tệp cần nhiều bộ nhớ hơn mức cho phép nên chưa được nhận."
    next_step = "Quét lại bản giấy ở 300 dpi, hoặc tách tệp thành nhiều phần nhỏ."
    operator = "task {task} hit the memory limit of {limit_mb} MB"
    http_status = 422
    event = "sandbox.memory"


class SandboxResultTooLarge(SandboxProblem):
    """The task produced more bytes than its result cap."""

    code = "SBX-005"
    sentence = "Kết quả đọc tệp lớn hơn mức cho phép nên chưa được nhận."
    next_step = "Tách tệp thành nhiều phần nhỏ rồi thêm từng phần."
    operator = "task {task} wrote more than {limit_mb} MB"
    http_status = 413
    event = "sandbox.result_too_large"


class SandboxTaskRaised(SandboxProblem):
    """The task's own code let an exception escape: our bug, told by type only because messages quote content."""

    code = "SBX-006"
    sentence = "Chương trình đọc tệp gặp trường hợp chưa biết nên tệp chưa được nhận."
    next_step = "Quét lại bản giấy. Nếu vẫn vậy, gọi bộ phận kỹ thuật và đọc mã SBX-006."
    operator = "task {task} raised {raised}"
    http_status = 422
    event = "sandbox.raised"


class SandboxTaskUnknown(SandboxProblem):
    """The caller asked for a task that is not on its own allow list."""

    code = "SBX-007"
    sentence = "Việc đọc tệp này chưa được khai báo trên máy."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã SBX-007."
    operator = "task {task} is not on the allow list"
    http_status = 500
    event = "sandbox.unknown_task"
