"""Problems of a command itself (CMD): a place it was told that cannot be used, a question nobody is there to answer."""

from __future__ import annotations

import errno
from pathlib import Path

from sync_protocol.errors import Problem

_REASONS = {
    errno.ENOENT: "không có",
    errno.EACCES: "tài khoản đang chạy lệnh không có quyền",
    errno.EPERM: "tài khoản đang chạy lệnh không có quyền",
    errno.EEXIST: "đã có một tệp cùng tên",
    errno.ENOTDIR: "một phần của đường dẫn là tệp, không phải thư mục",
    errno.EISDIR: "là thư mục, không phải tệp",
    errno.ENOSPC: "ổ đĩa đã hết chỗ",
    errno.EROFS: "ổ đĩa chỉ cho đọc",
}


class PlaceUnusable(Problem):
    """A file or folder that the command needs cannot be read or written."""

    code = "CMD-001"
    sentence = "Chưa dùng được {path}: {reason}."
    next_step = (
        "Kiểm tra đường dẫn, quyền (dịch vụ chạy bằng tài khoản lienthong) và chỗ trống của ổ đĩa, rồi chạy lại lệnh."
    )
    operator = "{path}: {name} (at {where})"
    exit_code = 74
    event = "command.place.unusable"


class NobodyToAsk(Problem):
    """A passphrase is needed and there is no terminal to ask at."""

    code = "CMD-002"
    sentence = "Lệnh cần hỏi mật khẩu nhưng không có màn hình lệnh để hỏi."
    next_step = (
        "Chạy lệnh ở một màn hình lệnh, hoặc chỉ tệp khóa của máy (--key, hay unattended.key trong thư mục dữ liệu)."
    )
    operator = "no terminal to ask a passphrase at"
    exit_code = 4
    event = "command.nobody_to_ask"


def place_problem(error: OSError) -> PlaceUnusable:
    """What a person is told when the system refuses a file or folder; `where` is the last line of our own code."""
    reason = _REASONS.get(error.errno or 0, error.strerror or type(error).__name__)
    name = errno.errorcode.get(error.errno or 0, type(error).__name__)
    return PlaceUnusable(path=str(error.filename), reason=reason, name=name, where=_where(error))


def _where(error: OSError) -> str:
    found, step = "?", error.__traceback__
    while step is not None:
        path = Path(step.tb_frame.f_code.co_filename)
        if {"edge_node", "central_hub", "sync_protocol"} & set(path.parts):
            found = f"{path.name}:{step.tb_lineno}"
        step = step.tb_next
    return found
