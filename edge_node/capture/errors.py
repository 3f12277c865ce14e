"""Problems of capture: what is wrong with a file, a tray or a scanner, and what the clerk does about it.

Sentences may name the file as the clerk sees it on the screen; operator lines never do, file names carry people's names.
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


class PhoneLinkClosed(CaptureProblem):
    """A phone link that is over, used up or of another tray."""

    code = "CAP-025"
    sentence = "Liên kết chụp bằng điện thoại này đã hết hạn hoặc đã dùng xong."
    next_step = "Bấm “Chụp bằng điện thoại” trên máy tại quầy để lấy mã QR mới."
    operator = "phone link refused: {why}"
    http_status = 410
    event = "capture.phone_link.closed"


class PageNotInTray(CaptureProblem):
    """An action on a page that the tray does not hold (any more)."""

    code = "CAP-026"
    sentence = "Trang này không còn trong khay."
    next_step = "Tải lại màn hình khay rồi chọn lại trang."
    operator = "page {page_id} is not in the tray"
    http_status = 404
    event = "capture.tray.no_such_page"


class WatchFolderUnreachable(CaptureProblem):
    """The folder that scanners write to is not there."""

    code = "CAP-027"
    sentence = "Chưa mở được thư mục nhận tệp của máy quét."
    next_step = "Kiểm tra máy quét và dây mạng, hoặc thêm tệp bằng nút “Thêm vào khay”."
    operator = "watched folder cannot be read: {reason}"
    http_status = 503
    event = "capture.watch_folder.unreachable"


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


class ScannerUnreachable(CaptureProblem):
    """The scanner does not answer."""

    code = "CAP-030"
    sentence = "Máy quét không trả lời."
    next_step = "Kiểm tra máy quét đã bật và đã nối mạng, rồi bấm “Quét lại”."
    operator = "scanner unreachable: {why}"
    http_status = 503
    event = "capture.scanner.unreachable"


class ScannerBusy(CaptureProblem):
    """The scanner is doing another job."""

    code = "CAP-031"
    sentence = "Máy quét đang bận việc khác."
    next_step = "Chờ máy quét xong rồi bấm “Quét lại”."
    operator = "scanner busy: status {status}"
    http_status = 503
    event = "capture.scanner.busy"


class ScanInterrupted(CaptureProblem):
    """A job that ended before its last page; pages that arrived are kept."""

    code = "CAP-032"
    sentence = "Quét dừng giữa chừng sau {pages} ảnh. Các ảnh đã nhận vẫn còn trong khay."
    next_step = "Gỡ giấy kẹt nếu có, đặt các tờ chưa quét vào khay giấy và bấm “Quét tiếp”."
    operator = "scan interrupted after {pages} pages: {why}"
    http_status = 502
    event = "capture.scanner.interrupted"


class ScannerNotUnderstood(CaptureProblem):
    """The scanner answers something that is not eSCL."""

    code = "CAP-033"
    sentence = "Máy quét trả lời theo cách phần mềm chưa hiểu."
    next_step = "Quét ra thư mục dùng chung hoặc tải tệp lên, và báo bộ phận kỹ thuật mã CAP-033."
    operator = "scanner answer not understood: {what}"
    http_status = 502
    event = "capture.scanner.not_understood"


class FeederEmpty(CaptureProblem):
    """The feeder holds no paper."""

    code = "CAP-034"
    sentence = "Khay giấy của máy quét “{scanner}” hết giấy. Đã nhận {pages} ảnh; các ảnh này vẫn còn trong khay."
    next_step = "Đặt các tờ chưa quét vào khay giấy của máy quét và bấm “Quét tiếp”."
    operator = "feeder empty after {pages} pages"
    http_status = 409
    event = "capture.scanner.empty"


class PaperJam(CaptureProblem):
    """Paper is stuck in the feeder."""

    code = "CAP-035"
    sentence = "Máy quét “{scanner}” kẹt giấy sau {pages} ảnh. Các ảnh đã nhận vẫn còn trong khay."
    next_step = "Gỡ giấy kẹt, so tờ cuối cùng với ảnh cuối, đặt các tờ chưa quét vào và bấm “Quét tiếp”."
    operator = "paper jam after {pages} pages"
    http_status = 409
    event = "capture.scanner.jam"


class ScannerUnknown(CaptureProblem):
    """A scanner that the settings do not name."""

    code = "CAP-036"
    sentence = "Điểm này chưa cài đặt máy quét đã chọn."
    next_step = "Chọn máy quét khác trong danh sách, hoặc nhờ người quản trị thêm máy quét ở trang Máy quét."
    operator = "scanner number {number} is not configured"
    http_status = 404
    event = "capture.scanner.unknown"


class ScannerNotFound(CaptureProblem):
    """The chosen scanner is not among those of the last look."""

    code = "CAP-037"
    sentence = "Máy quét đã chọn không có trong lần tìm gần nhất."
    next_step = "Bấm “Tìm máy quét trong mạng” rồi chọn lại."
    operator = "the address to add was not found by the last look"
    http_status = 409
    event = "capture.scanner.not_found"


class ScannerSearchBlocked(CaptureProblem):
    """This machine cannot listen for announcements."""

    code = "CAP-038"
    sentence = "Máy này chưa tìm được máy quét trong mạng."
    next_step = "Kiểm tra dây mạng và tường lửa (UDP 5353), hoặc ghi địa chỉ máy quét vào mục capture.scanners của tệp cài đặt."
    operator = "listening for scanners failed: {why}"
    http_status = 503
    event = "capture.scanner.search_blocked"


class ScannerKeptByHand(CaptureProblem):
    """The scanner to be taken out has no table of its own in the settings file."""

    code = "CAP-039"
    sentence = "Máy quét này được ghi tay trong tệp cài đặt nên chưa bỏ được từ trang này."
    next_step = "Tải lại trang; nếu máy quét vẫn còn, xóa dòng của nó trong mục capture.scanners của tệp cài đặt."
    operator = "no [[capture.scanners]] table with the address to be removed"
    http_status = 409
    event = "capture.scanner.by_hand"


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
