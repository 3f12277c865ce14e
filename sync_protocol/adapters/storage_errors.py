"""Problems of the storage room: databases (STO), keys (KEY), files (FIL) and settings (SET).

Attributes carry ids, counts, modes and file *roles* only; never a path that holds a name, a passphrase or a citizen's data.
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
    next_step = "Chọn cách mở khác (cụm mật khẩu hoặc khóa khôi phục), hoặc gọi bộ phận kỹ thuật, mã KEY-006."
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


class FileProblem(Problem):
    """Common family of the encrypted file store."""

    code = "FIL-000"
    sentence = "Tệp quét chưa đọc hoặc ghi được."
    next_step = "Thử lại một lần. Nếu còn lặp lại, gọi bộ phận kỹ thuật, mã FIL-000."
    operator = "file store problem: {what}"
    http_status = 503
    event = "file.problem"


class FileAbsent(FileProblem):
    """The store does not hold this content."""

    code = "FIL-001"
    sentence = "Máy này chưa có bản tệp quét được hỏi."
    next_step = "Chờ tệp được tải về khi có đường truyền, hoặc yêu cầu tải từ trung tâm."
    operator = "file {digest} is not in this store"
    http_status = 404
    event = "file.absent"


class FileDamaged(FileProblem):
    """The stored bytes fail authentication: nothing of them is shown."""

    code = "FIL-002"
    sentence = "Tệp quét lưu tại máy này bị hỏng nên không mở."
    next_step = "Khi có đường truyền, phần mềm sẽ tải lại từ trung tâm. Nếu trung tâm chưa có, quét lại giấy tờ này."
    operator = "file {digest} damaged ({what}); fetch it again from the hub or another office"
    event = "file.damaged"


class DigestMismatch(FileProblem):
    """A completed upload is not the content it was announced as; it was discarded."""

    code = "FIL-003"
    sentence = "Tệp vừa nhận xong không khớp với tệp đã báo nên đã bị bỏ."
    next_step = "Gửi lại tệp này. Nếu lặp lại, gọi bộ phận kỹ thuật, mã FIL-003."
    operator = "upload announced as {digest} has another SHA-256; discarded"
    http_status = 422
    event = "file.digest_mismatch"


class UploadUnknown(FileProblem):
    """A chunk arrived for an upload that was never announced here."""

    code = "FIL-004"
    sentence = "Máy này chưa được báo trước về tệp đang gửi."
    next_step = "Bắt đầu gửi lại tệp này từ đầu."
    operator = "no upload begun for {digest}"
    http_status = 404
    event = "file.upload_unknown"


class ChunkMisplaced(FileProblem):
    """Offset or length does not fit the announced file or its segments."""

    code = "FIL-005"
    sentence = "Một mẩu của tệp đang gửi nằm ngoài tệp đã báo nên không được nhận."
    next_step = "Gửi lại tệp này. Nếu lặp lại, gọi bộ phận kỹ thuật, mã FIL-005."
    operator = "chunk at {offset}+{length} does not fit file {digest} of {size} bytes in {segment}-byte segments"
    http_status = 422
    event = "file.chunk_misplaced"


class FileStoreUnavailable(FileProblem):
    """The disk or object store answered with an error."""

    code = "FIL-006"
    sentence = "Nơi cất tệp quét của máy này không trả lời."
    next_step = "Giữ giấy tờ tại quầy rồi thử lại. Nếu lặp lại, gọi bộ phận kỹ thuật, mã FIL-006."
    operator = "file store input/output failed: {what}"
    event = "file.store_unavailable"


class FileTooLarge(FileProblem):
    """The file is larger than the named limit."""

    code = "FIL-007"
    sentence = "Tệp lớn hơn mức cho phép {limit_mib} MB."
    next_step = "Quét lại ở 300 dpi, hoặc tách giấy tờ thành nhiều tệp."
    operator = "file of {size} bytes exceeds {limit_mib} MiB"
    http_status = 413
    event = "file.too_large"


class UploadIncomplete(FileProblem):
    """`finish` was called while chunks are missing."""

    code = "FIL-008"
    sentence = "Tệp đang gửi còn thiếu {missing} mẩu."
    next_step = "Gửi tiếp các mẩu còn thiếu rồi kết thúc lại."
    operator = "upload {digest} still misses {missing} segments"
    http_status = 409
    event = "file.upload_incomplete"


class DigestMalformed(FileProblem):
    """An address that is not 64 lower-case hexadecimal digits."""

    code = "FIL-009"
    sentence = "Địa chỉ của tệp quét không đúng mẫu nên không tìm được tệp."
    next_step = "Mở lại hồ sơ và chọn tệp từ danh sách. Nếu lặp lại, gọi bộ phận kỹ thuật, mã FIL-009."
    operator = "file address is not a lower-case SHA-256"
    http_status = 404
    event = "file.digest_malformed"


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
