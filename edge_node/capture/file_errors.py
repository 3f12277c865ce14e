"""Problems of a file that came in: why it is not taken, and how the clerk gets one that is.

Sentences may name the file as the clerk sees it on the screen; operator lines never do, file names carry people's names.
"""

from __future__ import annotations

from edge_node.capture.errors import CaptureProblem


class EmptyFile(CaptureProblem):
    """The file has no bytes."""

    code = "CAP-001"
    sentence = "Tệp “{name}” rỗng, không có nội dung."
    next_step = "Quét lại bản giấy, chờ máy quét báo xong rồi mới thêm tệp."
    operator = "file has 0 bytes"
    event = "capture.file.empty"


class UnknownKind(CaptureProblem):
    """The first bytes are not of a kind we take."""

    code = "CAP-002"
    sentence = "Tệp “{name}” không phải PDF, JPEG, PNG, TIFF hay HEIC."
    next_step = (
        "Mở tệp bằng chương trình đã tạo ra nó, in ra PDF rồi thêm tệp PDF đó. Nếu có bản giấy thì quét bản giấy."
    )
    operator = "magic bytes match no accepted kind"
    http_status = 415
    event = "capture.file.unknown_kind"


class FileTooLarge(CaptureProblem):
    """The file, or what it decodes to, is larger than the limit."""

    code = "CAP-003"
    sentence = "Tệp “{name}” lớn hơn mức {limit_mb} MB cho một lần nhận."
    next_step = "Tách tệp thành nhiều phần rồi thêm từng phần, hoặc quét lại ở 300 dpi."
    operator = "file or its pages exceed {limit_mb} MB"
    http_status = 413
    event = "capture.file.too_large"


class DamagedFile(CaptureProblem):
    """The file ends early or breaks its own format."""

    code = "CAP-004"
    sentence = "Tệp “{name}” bị hỏng hoặc chưa chép xong nên không đọc được đầy đủ."
    next_step = "Chép lại tệp từ nguồn, hoặc quét lại bản giấy."
    operator = "file is truncated or malformed: {detail}"
    event = "capture.file.damaged"


class EncryptedFile(CaptureProblem):
    """A PDF that is locked with a password or rights."""

    code = "CAP-005"
    sentence = "Tệp “{name}” có đặt mật khẩu hoặc khóa quyền."
    next_step = "Nhờ người nộp mở khóa và gửi lại tệp không mật khẩu, hoặc quét bản giấy."
    operator = "PDF is encrypted"
    event = "capture.file.encrypted"


class ActiveContent(CaptureProblem):
    """A PDF that can act: scripts, launches, attachments, forms that call out."""

    code = "CAP-006"
    sentence = "Tệp “{name}” có phần tự chạy, liên kết hoặc tệp đính kèm ({detail}) nên không được nhận."
    next_step = "Mở tệp, chọn in ra PDF mới (chỉ còn trang in) rồi thêm tệp mới, hoặc quét bản giấy."
    operator = "PDF holds active content: {detail}"
    event = "capture.file.active_content"


class TooManyPages(CaptureProblem):
    """More pages than one file may have."""

    code = "CAP-007"
    sentence = "Tệp “{name}” có nhiều hơn {limit_pages} trang."
    next_step = "Tách tệp theo từng giấy tờ, mỗi thành phần hồ sơ một tệp, rồi thêm từng tệp."
    operator = "file has more than {limit_pages} pages"
    event = "capture.file.too_many_pages"


class ImageTooBig(CaptureProblem):
    """A page with more pixels than the limit."""

    code = "CAP-008"
    sentence = "Một trang trong tệp “{name}” có kích thước ảnh lớn hơn mức cho phép."
    next_step = "Quét lại bản giấy ở 300 dpi, khổ đúng với tờ giấy."
    operator = "a page exceeds the pixel limits: {detail}"
    event = "capture.file.image_too_big"


class TooComplex(CaptureProblem):
    """Reading it needs more time or memory than one file may take."""

    code = "CAP-009"
    sentence = "Tệp “{name}” phức tạp khác thường nên máy đã dừng đọc."
    next_step = "Quét lại bản giấy ở 300 dpi. Nếu tệp do người nộp gửi, nhờ họ in ra PDF mới."
    operator = "file stopped by a resource limit: {detail}"
    event = "capture.file.too_complex"


class MixedKinds(CaptureProblem):
    """One file that is two kinds at once."""

    code = "CAP-010"
    sentence = "Tệp “{name}” chứa thêm một tệp khác ở bên trong nên không được nhận."
    next_step = "Mở tệp, lưu hoặc in ra một tệp mới rồi thêm tệp mới, hoặc quét bản giấy."
    operator = "file is also something else: {detail}"
    event = "capture.file.mixed_kinds"


class AnimatedImage(CaptureProblem):
    """An image that changes while it is looked at."""

    code = "CAP-011"
    sentence = "Ảnh “{name}” là ảnh động, không dùng làm bản sao giấy tờ được."
    next_step = "Chụp hoặc quét lại thành ảnh tĩnh."
    operator = "image is animated"
    event = "capture.file.animated"


class ImageTooSmall(CaptureProblem):
    """A page of so few pixels that it cannot be a paper."""

    code = "CAP-042"
    sentence = "Một trang trong tệp “{name}” chỉ có {width_px} × {height_px} điểm ảnh nên không phải bản quét giấy tờ."
    next_step = "Chọn lại đúng tệp quét, hoặc quét lại bản giấy ở 300 dpi."
    operator = "a page of {width_px}x{height_px} px is no scan"
    event = "capture.file.image_too_small"


class TooManyFiles(CaptureProblem):
    """More files chosen at once than one form takes."""

    code = "CAP-043"
    sentence = "Đã chọn {found} tệp; mỗi lần nhận tối đa {limit} tệp, nên chưa tệp nào được nhận."
    next_step = "Đưa từng đợt vào khay quét rồi gộp các xấp, hoặc quét cả giấy tờ thành một tệp PDF."
    operator = "form with {found} files, at most {limit}"
    http_status = 413
    event = "capture.files.too_many"
