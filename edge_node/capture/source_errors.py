"""Problems of what images come from: a scanner, the folder that scanners write to, a phone."""

from __future__ import annotations

from edge_node.capture.errors import CaptureProblem


class PhoneLinkClosed(CaptureProblem):
    """A phone link that is over, used up or of another tray."""

    code = "CAP-025"
    sentence = "Liên kết chụp bằng điện thoại này đã hết hạn hoặc đã dùng xong."
    next_step = "Bấm “Chụp bằng điện thoại” trên máy tại quầy để lấy mã QR mới."
    operator = "phone link refused: {why}"
    http_status = 410
    event = "capture.phone_link.closed"


class WatchFolderUnreachable(CaptureProblem):
    """The folder that scanners write to is not there."""

    code = "CAP-027"
    sentence = "Chưa mở được thư mục nhận tệp của máy quét."
    next_step = "Kiểm tra máy quét và dây mạng, hoặc thêm tệp bằng nút “Thêm vào khay”."
    operator = "watched folder cannot be read: {reason}"
    http_status = 503
    event = "capture.watch_folder.unreachable"


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
