"""What can go wrong while reading; none of it costs more than one page a retry."""

from __future__ import annotations

from sync_protocol.errors import Problem


class ReadingProblem(Problem):
    """A page was not read; it can always be typed by hand."""

    code = "OCR-000"
    event = "recognition.failed"
    http_status = 503


class ModelMismatch(ReadingProblem):
    """A model file is missing or is not the one this release was measured with."""

    code = "OCR-001"
    sentence = "Bộ đọc chữ trên máy này chưa cài đủ nên chưa đọc tự động được."
    next_step = "Nhập tay các ô của trang này và báo bộ phận kỹ thuật mã OCR-001."
    operator = "model {file}: expected sha256 {expected}, found {found}; reinstall the pinned packages"


class WorkerLost(ReadingProblem):
    """The worker died on this page as often as it was tried."""

    code = "OCR-002"
    sentence = "Bộ đọc chữ dừng giữa chừng khi đọc trang này."
    next_step = "Bấm “Đọc lại”, hoặc nhập tay các ô của trang này."
    operator = "reading worker died {tries} times on one page, last exit status {status}"


class WorkerTooSlow(ReadingProblem):
    """The worker used up its time on this page as often as it was tried."""

    code = "OCR-003"
    sentence = "Đọc trang này lâu quá {seconds} giây nên đã dừng lại."
    next_step = "Nhập tay các ô của trang này, hoặc quét lại ở 200 dpi rồi đọc lại."
    operator = "reading worker exceeded {seconds} s on one page, {tries} tries"


class NothingRead(ReadingProblem):
    """The page is not blank, yet no writing was found."""

    code = "OCR-004"
    sentence = "Không tìm thấy dòng chữ in nào trên trang này."
    next_step = "Xem ảnh: nếu trang có chữ viết tay thì nhập tay, nếu ảnh mờ thì quét lại."
    operator = "no text line found on a page that is not blank"
    http_status = 422


class LanguageDataMissing(ReadingProblem):
    """The fallback reader has no Vietnamese language data."""

    code = "OCR-005"
    sentence = "Bộ đọc chữ dự phòng thiếu dữ liệu tiếng Việt."
    next_step = "Nhập tay các ô của trang này và báo bộ phận kỹ thuật mã OCR-005."
    operator = "vie.traineddata not found in {folder}; install tesseract-ocr-vie or set reading.tessdata"
