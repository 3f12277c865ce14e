"""Problems of the settings file (SET).

Attributes carry the settings' own names; a value that is a secret is never among them.
"""

from __future__ import annotations

from sync_protocol.errors import Problem


class SettingsRejected(Problem):
    """Settings with every problem found in them, at once."""

    code = "SET-001"
    sentence = "Tệp cấu hình của máy này có {count} chỗ cần sửa."
    next_step = "Gọi bộ phận kỹ thuật sửa tệp cấu hình theo danh sách kèm theo, mã SET-001."
    operator = "settings rejected: {listing}"
    exit_code = 78
    http_status = 500
    event = "settings.rejected"


class SettingsUnreadable(Problem):
    """The settings file is missing or is not TOML."""

    code = "SET-002"
    sentence = "Không đọc được tệp cấu hình của máy này."
    next_step = "Gọi bộ phận kỹ thuật kiểm tra tệp cấu hình, mã SET-002."
    operator = "settings file unreadable: {what}"
    exit_code = 78
    http_status = 500
    event = "settings.unreadable"
