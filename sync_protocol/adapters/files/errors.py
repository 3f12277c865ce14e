"""Problems of the file store (FIL).

Attributes carry digests, sizes and counts only; never a file's name as its owner gave it.
"""

from __future__ import annotations

from sync_protocol.errors import Problem


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
