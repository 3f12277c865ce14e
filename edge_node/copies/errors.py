"""What can go wrong while a copy is put together, said once for the clerk and once for the operator."""

from __future__ import annotations

from sync_protocol.errors import Problem


class PageUnreadable(Problem):
    """The image of a page is not a JPEG that a reader can open."""

    code = "PDF-001"
    sentence = "Ảnh trang {page} không mở được nên chưa tạo được bản sao."
    next_step = "Quét lại trang {page}."
    operator = "page {page}: expected a readable RGB or grey JPEG, found {found}"
    event = "copy.page.unreadable"


class PageSizeMismatch(Problem):
    """The image and the description of a page disagree about its size."""

    code = "PDF-002"
    sentence = "Ảnh trang {page} có kích thước khác với lúc quét."
    next_step = "Quét lại trang {page}."
    operator = "page {page}: declared {declared}, image is {found}"
    event = "copy.page.size"


class PageCountRefused(Problem):
    """A copy needs at least one page and at most the limit."""

    code = "PDF-003"
    sentence = "Bản sao có {count} trang; một tệp chỉ nhận từ 1 đến {limit} trang."
    next_step = "Kiểm tra lại số trang, tách giấy tờ dài thành nhiều tệp rồi quét lại."
    operator = "copy of {count} pages, allowed 1 to {limit}"
    event = "copy.pages.count"


class NotArchival(Problem):
    """The finished file did not pass the PDF/A-2b gate and must not be signed."""

    code = "PDF-004"
    sentence = "Bản sao vừa tạo chưa đạt chuẩn lưu trữ PDF/A nên chưa được đưa đi ký."
    next_step = "Quét lại giấy tờ này. Nếu vẫn gặp, gọi bộ phận kỹ thuật và đọc mã PDF-004."
    operator = "PDF/A-2b gate: {count} findings, first rule {rule}"
    event = "copy.gate.failed"


class TypefaceMissing(Problem):
    """The font that carries the Vietnamese letters cannot be made on this machine."""

    code = "PDF-005"
    sentence = "Máy này thiếu phông chữ tiếng Việt dùng cho bản sao và chữ ký."
    next_step = "Gọi bộ phận kỹ thuật cài lại phần mềm, đọc mã PDF-005."
    operator = "typeface {name}: {found}"
    http_status = 500
    event = "copy.typeface.missing"


class ImageRefused(Problem):
    """An array handed to the scan profile is not an image."""

    code = "PDF-006"
    sentence = "Ảnh vừa quét không đúng dạng nên chưa lưu được."
    next_step = "Quét lại trang này."
    operator = "expected (height, width, 3) or (height, width) uint8, found {found}"
    event = "copy.image.refused"


class TimeWithoutZone(Problem):
    """A capture time without a time zone cannot be written as evidence."""

    code = "PDF-007"
    sentence = "Giờ quét thiếu múi giờ nên chưa tạo được bản sao."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã PDF-007."
    operator = "captured_at must be an aware datetime"
    http_status = 500
    event = "copy.time.naive"
