"""Problems of capture: what is wrong with a tray, a pile or a paper, and what the clerk does about it.

What is wrong with a file is in file_errors.py; what is wrong with a scanner, a folder or a phone in source_errors.py. Sentences may name the file
as the clerk sees it on the screen; operator lines never do, file names carry people's names.
"""

from __future__ import annotations

from sync_protocol.errors import Problem


class CaptureProblem(Problem):
    """Anything that stops capture; the paper is still on the desk."""

    code = "CAP-000"
    sentence = "Tệp “{name}” chưa nhận được."
    next_step = "Quét lại bản giấy rồi thêm lại."
    operator = "capture refused the file"
    http_status = 422
    event = "capture.refused"


class TrayMismatch(CaptureProblem):
    """Images and declared pages do not agree: signing is blocked (Điều 8.2c, 8.2d)."""

    code = "CAP-020"
    sentence = (
        "Đã khai {declared} trang, trong đó {notes} trang có giấy ghi chú, nên cần {expected} ảnh; "
        "khay đang có {found} ảnh và {pairs} cặp ảnh giấy ghi chú."
    )
    next_step = "Đếm lại bản giấy, quét thêm trang thiếu hoặc bỏ ảnh thừa, rồi ký."
    operator = "tray has {found} images and {pairs} note pairs, expected {expected} and {notes}"
    http_status = 409
    event = "capture.tray.mismatch"


class PassesDoNotMatch(CaptureProblem):
    """Two single-sided passes have different numbers of pages."""

    code = "CAP-021"
    sentence = "Lượt mặt trước có {fronts} ảnh, lượt mặt sau có {backs} ảnh."
    next_step = "Kiểm tra tờ bị kéo đôi, quét lại lượt thiếu rồi ghép lại."
    operator = "interleave of {fronts} fronts and {backs} backs"
    http_status = 409
    event = "capture.tray.passes_differ"


class ClassifiedPaper(CaptureProblem):
    """A paper with a secrecy mark: it must not be on a connected device at all (Điều 5.4)."""

    code = "CAP-022"
    sentence = "Giấy tờ này có dấu độ mật nên không được số hóa trên máy này."
    next_step = "Dừng quét, xóa ảnh đã chụp của giấy tờ này và chuyển bản giấy theo quy định về tài liệu mật."
    operator = "classified paper refused, erase the tray's images"
    http_status = 403
    event = "capture.classified"


class WaiverIncomplete(CaptureProblem):
    """A waiver that does not say who decided and why, or for a paper that is not fragile."""

    code = "CAP-023"
    sentence = "Quyết định không số hóa còn thiếu người quyết định, lý do hoặc chưa đánh dấu bản dễ hỏng."
    next_step = "Ghi tên lãnh đạo quyết định và lý do, đánh dấu “Dễ hỏng”, rồi lưu lại."
    operator = "waiver without decider, reason or fragile paper"
    event = "capture.waiver.incomplete"


class BelowScanStandard(CaptureProblem):
    """A page below the technical parameters of the law."""

    code = "CAP-024"
    sentence = "Trang {page}: {what}."
    next_step = "Quét lại trang {page} với cấu hình màu, từ 200 dpi, tỷ lệ 100%."
    operator = "page {page} below the scan standard: {finding}"
    event = "capture.quality.below_standard"


class PageNotInTray(CaptureProblem):
    """An action on a page that the tray does not hold (any more)."""

    code = "CAP-026"
    sentence = "Trang này không còn trong khay."
    next_step = "Tải lại màn hình khay rồi chọn lại trang."
    operator = "page {page_id} is not in the tray"
    http_status = 404
    event = "capture.tray.no_such_page"


class PileGone(CaptureProblem):
    """A pile that was handed in, joined or split meanwhile."""

    code = "CAP-028"
    sentence = "Xấp ảnh này không còn để sắp: đã gửi ký, đã gộp vào xấp khác hoặc đã bỏ."
    next_step = "Mở lại trang Khay quét và chọn xấp từ danh sách."
    operator = "pile {pile} is not open"
    http_status = 404
    event = "capture.pile.gone"


class PileUnassigned(CaptureProblem):
    """Handing in a pile that nobody said the paper or the page count of."""

    code = "CAP-029"
    sentence = "Xấp ảnh này còn thiếu {missing}."
    next_step = "Chọn hồ sơ, giấy tờ, đếm bản giấy trên bàn và nhập số trang, rồi bấm lại."
    operator = "pile {pile} lacks {lacks}"
    http_status = 409
    event = "capture.pile.unassigned"


class SheetTooCoarse(CaptureProblem):
    """A photographed sheet would not have the law's resolution once it is straightened."""

    code = "CAP-040"
    sentence = "Ảnh chụp chỉ đạt {dpi} điểm trên mỗi inch của khổ A4, dưới mức 200, nên không nắn thẳng được."
    next_step = "Đưa máy lại gần cho tờ giấy đầy khung hình rồi chụp lại; hoặc giữ nguyên ảnh chụp."
    operator = "photographed sheet of {dpi} dpi, 200 needed"
    http_status = 422
    event = "capture.sheet.coarse"


class CaptureBroke(CaptureProblem):
    """Something nobody foresaw while a paper was read or signed; the original is kept, and the next paper goes on."""

    code = "CAP-041"
    sentence = "Lượt quét này gặp trục trặc chưa rõ nguyên nhân nên đã dừng lại; bản quét gốc vẫn còn."
    next_step = "Bấm “Thử lại” một lần. Nếu vẫn dừng, quét lại giấy tờ này và báo bộ phận kỹ thuật mã CAP-041."
    operator = "capture stopped by {kind}; the traceback is in the log above"
    http_status = 500
    event = "capture.job.broke"
