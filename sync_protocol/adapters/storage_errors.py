"""Problems of the databases (STO).

Attributes carry ids, counts, modes and roles only; never a path that holds a name, or a citizen's data.
"""

from __future__ import annotations

from sync_protocol.errors import Problem


class StorageProblem(Problem):
    """Common family of everything the database can refuse."""

    code = "STO-000"
    sentence = "Kho dữ liệu của máy này chưa thực hiện được việc vừa yêu cầu."
    next_step = "Thử lại một lần. Nếu còn lặp lại, gọi bộ phận kỹ thuật và đọc mã STO-000."
    operator = "storage problem: {what}"
    http_status = 503
    event = "storage.problem"


class EncryptionMissing(StorageProblem):
    """The SQLite library in this process has no ciphers: a key would be ignored and plaintext written."""

    code = "STO-001"
    sentence = "Máy này chưa có bộ mã hóa cơ sở dữ liệu nên phần mềm không mở kho hồ sơ."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã STO-001. Hồ sơ đã lưu vẫn còn nguyên."
    operator = "apsw has no mc_version: plain apsw shadows apsw-sqlite3mc; reinstall apsw-sqlite3mc alone"
    exit_code = 70
    event = "storage.encryption_missing"


class PlaintextDatabase(StorageProblem):
    """The file begins with `SQLite format 3` although an encrypted database is expected."""

    code = "STO-002"
    sentence = "Tệp cơ sở dữ liệu của máy này chưa được mã hóa nên phần mềm không mở."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã STO-002. Không chép tệp này ra ngoài."
    operator = "database header is plaintext although a key was given; do not use it, restore the encrypted one"
    exit_code = 70
    event = "storage.plaintext"


class WrongDatabaseKey(StorageProblem):
    """No supported cipher opens the file with this key."""

    code = "STO-003"
    sentence = "Khóa đang dùng không mở được kho hồ sơ của máy này."
    next_step = (
        "Kiểm tra đã chọn đúng điểm tiếp nhận rồi mở khóa lại. Nếu vẫn không mở được, gọi bộ phận kỹ thuật, mã STO-003."
    )
    operator = "no cipher opens the database: wrong or missing key, or first page damaged"
    exit_code = 70
    event = "storage.wrong_key"


class StorageFull(StorageProblem):
    """The disk has no room (FULL and IOERR_WRITE alike); nothing of the refused step was kept."""

    code = "STO-004"
    sentence = "Ổ đĩa của máy này đã hết chỗ nên bước vừa rồi chưa được lưu. Những gì đã lưu trước đó vẫn còn nguyên."
    next_step = "Giữ giấy tờ tại quầy, gọi bộ phận kỹ thuật giải phóng ổ đĩa (mã STO-004), rồi lưu lại bước này."
    operator = "disk full or write refused (sqlite {sqlite_code}); release the ballast file and free space"
    http_status = 507
    event = "storage.full"


class StorageCorrupt(StorageProblem):
    """A page, row or checksum is damaged: writing stops until the database was restored."""

    code = "STO-005"
    sentence = "Kho hồ sơ của máy này có chỗ bị hỏng. Phần mềm đã dừng ghi để bảo vệ dữ liệu."
    next_step = "Ngừng tiếp nhận trên máy này, gọi bộ phận kỹ thuật khôi phục từ bản dự phòng (mã STO-005)."
    operator = "database is corrupt (sqlite {sqlite_code}, while {what}); stop writes, restore from backup, replay from the hub"
    exit_code = 74
    event = "storage.corrupt"


class StorageUnavailable(StorageProblem):
    """An input/output error other than a full disk; the connection is reopened before the next use."""

    code = "STO-006"
    sentence = "Ổ đĩa của máy này không trả lời nên bước vừa rồi chưa chắc đã được lưu."
    next_step = "Mở lại hồ sơ để xem bước này đã có chưa rồi lưu lại. Nếu lặp lại, gọi bộ phận kỹ thuật, mã STO-006."
    operator = "database input/output failed (sqlite {sqlite_code}, while {what}); check the disk and its cable"
    exit_code = 74
    event = "storage.unavailable"


class StorageBusy(StorageProblem):
    """Another process holds the write lock for longer than the busy timeout."""

    code = "STO-007"
    sentence = "Kho hồ sơ đang được một chương trình khác trên máy này sử dụng."
    next_step = "Đợi một phút rồi lưu lại. Nếu lặp lại, gọi bộ phận kỹ thuật, mã STO-007."
    operator = "write lock not obtained within busy_timeout; another process has the database open"
    event = "storage.busy"


class PolicyNotKept(StorageProblem):
    """A pragma read back differs from what durability needs."""

    code = "STO-008"
    sentence = "Kho hồ sơ không bật được chế độ ghi chắc chắn nên phần mềm không bắt đầu."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã STO-008."
    operator = "pragma {pragma}: expected {expected}, found {found}"
    exit_code = 70
    event = "storage.policy"


class MigrationChanged(StorageProblem):
    """A migration that was applied before has another text or place now."""

    code = "STO-009"
    sentence = "Bản phần mềm này không khớp với kho hồ sơ của máy."
    next_step = "Gọi bộ phận kỹ thuật cài lại đúng bản phát hành, mã STO-009. Hồ sơ đã lưu vẫn còn nguyên."
    operator = "migration {name} differs from what was applied (expected sha256 {expected}, found {found}); migrations only append"
    exit_code = 70
    event = "storage.migration_changed"


class DatabaseNewer(StorageProblem):
    """The database was migrated by a newer release than this one."""

    code = "STO-010"
    sentence = "Kho hồ sơ của máy này thuộc bản phần mềm mới hơn bản đang chạy."
    next_step = "Gọi bộ phận kỹ thuật cài bản phần mềm mới hơn, mã STO-010."
    operator = "database has {found} migrations, this release knows {known}; install the newer release"
    exit_code = 70
    event = "storage.newer"


class WriterStopped(StorageProblem):
    """The writer was closed, or stopped itself after corruption."""

    code = "STO-011"
    sentence = "Phần mềm đã dừng ghi vào kho hồ sơ của máy này."
    next_step = "Giữ giấy tờ tại quầy và gọi bộ phận kỹ thuật, mã STO-011."
    operator = "writer is stopped: {what}"
    event = "storage.writer_stopped"


class UploadsRefused(StorageProblem):
    """Free disk space is below the limit for new files."""

    code = "STO-012"
    sentence = "Ổ đĩa của máy này sắp đầy nên chưa nhận thêm tệp quét."
    next_step = "Hoàn tất các hồ sơ đang mở, báo bộ phận kỹ thuật giải phóng ổ đĩa, mã STO-012."
    operator = "free space {free_bytes} bytes is below {limit_bytes}: uploads refused"
    http_status = 507
    event = "storage.uploads_refused"


class BackupFailed(StorageProblem):
    """The copy was made but could not be verified, or could not be made."""

    code = "STO-013"
    sentence = "Bản dự phòng vừa tạo không đọc lại được nên đã bị bỏ."
    next_step = "Gọi bộ phận kỹ thuật kiểm tra ổ dự phòng, mã STO-013. Kho hồ sơ đang dùng không bị ảnh hưởng."
    operator = "backup not usable: {what}"
    exit_code = 74
    event = "storage.backup_failed"


class StatementRejected(StorageProblem):
    """SQLite refused a statement: a constraint or our own mistake."""

    code = "STO-014"
    sentence = "Bước vừa rồi trái với dữ liệu đã có trong kho nên chưa được lưu."
    next_step = "Mở lại hồ sơ để xem dữ liệu hiện tại. Nếu vẫn không lưu được, gọi bộ phận kỹ thuật, mã STO-014."
    operator = "statement rejected (sqlite {sqlite_code}, {kind})"
    http_status = 409
    event = "storage.statement_rejected"


class AnchorUnreadable(StorageProblem):
    """The anchor file exists but cannot be understood."""

    code = "STO-015"
    sentence = "Tệp mốc chống trùng số của máy này không đọc được."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã STO-015. Chưa cấp mã hồ sơ trên máy này."
    operator = "anchor file unreadable: {what}; keep it aside, the node then opens a new incarnation"
    exit_code = 74
    event = "storage.anchor_unreadable"


class StorageReadOnly(StorageProblem):
    """Free disk space is so low that only reading is allowed."""

    code = "STO-016"
    sentence = "Ổ đĩa của máy này gần như đầy: chỉ xem được, chưa ghi thêm được."
    next_step = "Giữ giấy tờ tại quầy, gọi bộ phận kỹ thuật giải phóng ổ đĩa ngay, mã STO-016."
    operator = "free space {free_bytes} bytes is below {limit_bytes}: read-only"
    http_status = 507
    event = "storage.read_only"


class DatabaseAway(StorageUnavailable):
    """The database server does not answer, or broke off; the next use connects anew."""

    code = "STO-017"
    sentence = "Máy chủ cơ sở dữ liệu của trung tâm chưa trả lời nên bước vừa rồi chưa chắc đã được lưu."
    next_step = "Đợi một phút rồi mở lại để xem bước này đã có chưa. Nếu lặp lại, gọi bộ phận kỹ thuật, mã STO-017."
    operator = "the database server is away (sqlstate {state}, while {what}); check PostgreSQL and the way to it"
    event = "storage.database_away"


class UpgradeNeedsRoom(StorageProblem):
    """Less is free on the volume of a database than an upgrade of its tables may want: it was not begun, and nothing was changed."""

    code = "STO-018"
    sentence = (
        "Tệp kho hồ sơ của máy này cần {needed_mb} MB trống trên ổ đĩa để nâng cấp, ổ đĩa chỉ còn {free_mb} MB. "
        "Việc nâng cấp chưa bắt đầu, kho hồ sơ còn nguyên như trước."
    )
    next_step = (
        "Gọi bộ phận kỹ thuật giải phóng ổ đĩa rồi khởi động lại phần mềm, mã STO-018. Trong lúc chờ, bản phần mềm cũ vẫn mở được kho này."
    )
    operator = (
        "upgrade of the database not begun, nothing changed: {steps} steps may want {needed_bytes} bytes on its volume, {free_bytes} are free; "
        "free space (the ballast file first) and start again, or go back to the former release"
    )
    http_status = 507
    exit_code = 74
    event = "storage.upgrade_needs_room"
