"""Why a picture cannot be read, said for the clerk and for the operator."""

from __future__ import annotations

from sync_protocol.errors import Problem


class ImageProblem(Problem):
    """A picture that cannot become a reading; the page itself stays as it was captured."""

    code = "IMG-000"
    event = "imaging.refused"
    http_status = 422


class NotAPicture(ImageProblem):
    """The bytes do not open as a picture."""

    code = "IMG-001"
    sentence = "Tệp này không mở được như một ảnh."
    next_step = "Quét lại trang này, hoặc chọn tệp ảnh khác (JPG, PNG, TIFF)."
    operator = "bytes did not decode as a picture, {size_bytes} bytes"


class PictureTooLarge(ImageProblem):
    """More pixels than the node decodes."""

    code = "IMG-002"
    sentence = "Ảnh có {width_px} × {height_px} điểm, lớn hơn mức máy này đọc được."
    next_step = "Quét lại trang này ở 200 hoặc 300 dpi."
    operator = "picture of {width_px}x{height_px} px exceeds the limit"


class PictureTooSmall(ImageProblem):
    """Too few pixels to hold writing."""

    code = "IMG-003"
    sentence = "Ảnh chỉ có {width_px} × {height_px} điểm, quá nhỏ để có chữ."
    next_step = "Quét lại trang này ở 200 hoặc 300 dpi."
    operator = "picture of {width_px}x{height_px} px is below the limit"


class SeveralFrames(ImageProblem):
    """One file with several pictures where one page is expected."""

    code = "IMG-004"
    sentence = "Tệp này chứa {frames} trang, trong khi mỗi lần chỉ đọc một trang."
    next_step = "Tách tệp thành từng trang rồi tải lên lại, hoặc quét lại từng trang."
    operator = "picture has {frames} frames, expected 1"


class StrangeArray(ImageProblem):
    """An array that is not a picture: wrong number of dimensions, channels or kind of number."""

    code = "IMG-005"
    sentence = "Ảnh từ máy quét có dạng mà phần mềm chưa đọc được."
    next_step = "Đặt máy quét ở chế độ màu hoặc thang xám 8 bit rồi quét lại."
    operator = "array of shape {shape} and type {kind} is no page"


class BlankPage(ImageProblem):
    """Nothing is written on this side."""

    code = "IMG-006"
    sentence = "Trang này trắng, không có chữ."
    next_step = "Chọn “Trang trắng” để ghi nhận, hoặc lật tờ giấy và quét lại."
    operator = "blank page, ink share {ink_share:.5f}"


class DarkPage(ImageProblem):
    """Black all over: the lid stood open or the lamp is dead. Never taken for a blank side, which may be put away."""

    code = "IMG-008"
    sentence = "Ảnh trang này tối đen, không thấy chữ."
    next_step = "Đặt lại tờ giấy, đóng nắp máy quét rồi quét lại trang này."
    operator = "dark page, ink share {ink_share:.5f}"


class NoisePage(ImageProblem):
    """Only grain, no writing: usually a scanner fault."""

    code = "IMG-007"
    sentence = "Ảnh chỉ có nhiễu hạt, không thấy chữ."
    next_step = "Lau mặt kính, kiểm tra máy quét rồi quét lại trang này."
    operator = "page is grain only"


class MirroredPage(ImageProblem):
    """Left and right are exchanged: words appear only in a mirror."""

    code = "IMG-009"
    sentence = "Ảnh trang này bị lật ngược trái phải như soi gương nên không đọc được chữ."
    next_step = "Tắt chế độ lật gương của máy quét hoặc điện thoại, đặt đúng mặt giấy rồi chụp lại trang này."
    operator = "page makes sense only when mirrored"
