"""What can go wrong on the desk's pages."""

from __future__ import annotations

from sync_protocol.errors import Problem


class AddressUnreadable(Problem):
    """The address names no dossier, component or paper."""

    code = "WEB-010"
    sentence = "Địa chỉ này không chỉ tới hồ sơ hay giấy tờ nào tại điểm."
    next_step = "Mở lại hồ sơ từ trang Việc hôm nay."
    operator = "identifier in the address is not one of ours"
    http_status = 404
    event = "web.address"


class NotHereYet(Problem):
    """A file of another office was not fetched."""

    code = "WEB-011"
    sentence = "Tệp này do nơi khác sao chụp và chưa có tại điểm."
    next_step = "Khi có kết nối, bấm “Lấy tệp về” trên trang hồ sơ."
    operator = "copy is not held at this node"
    http_status = 404
    event = "web.file.absent"


class NeedsNumber(Problem):
    """A box that takes a number holds something else."""

    code = "WEB-012"
    sentence = "Ô “{label}” cần một số từ {low} đến {high}."
    next_step = "Nhập lại bằng chữ số; dấu cách và dấu chấm được bỏ qua."
    operator = "number expected in {field}"
    event = "web.number"


class NeedsDate(Problem):
    """A box that takes a date holds something else."""

    code = "WEB-013"
    sentence = "Ô “{label}” cần một ngày đủ ngày, tháng và năm bốn chữ số."
    next_step = "Nhập như 01/02/1985, hoặc chỉ năm nếu giấy tờ chỉ ghi năm."
    operator = "date expected in {field}"
    event = "web.date"


class NothingChosen(Problem):
    """A form was sent without the choice it is about."""

    code = "WEB-014"
    sentence = "Chưa chọn {what}."
    next_step = "Chọn {what} rồi gửi lại; những ô đã nhập vẫn còn."
    operator = "nothing chosen: {what_code}"
    event = "web.choice"


class SomeUnsigned(Problem):
    """Some papers of a batch could not be signed; the others are."""

    code = "WEB-015"
    sentence = "Còn {count} giấy tờ chưa ký được: {first}"
    next_step = "Làm theo việc cần làm ở trên rồi ký lại; giấy tờ đã ký không ký lần nữa."
    operator = "{count} papers of a batch not signed"
    http_status = 409
    event = "web.seal.partial"


class NeedsDigits(Problem):
    """A number was typed with letters in it; dropping them would make another number of it."""

    code = "WEB-017"
    sentence = "Ô “{label}” chỉ nhận chữ số, nhưng đang có chữ."
    next_step = "Nhập lại các chữ số như trên giấy tờ; dấu cách và dấu chấm được bỏ qua. Không có số thì để trống."
    operator = "digits expected in {box}"
    event = "web.digits"


class DayNotPossible(Problem):
    """A day that cannot be: born tomorrow, answered yesterday."""

    code = "WEB-018"
    sentence = "Ô “{label}” ghi {day}, {why}."
    next_step = "So lại với giấy tờ rồi nhập lại."
    operator = "day out of range in {box}"
    event = "web.day"


class NeedsFullDate(Problem):
    """A year alone where the day counts."""

    code = "WEB-019"
    sentence = "Ô “{label}” cần đủ ngày, tháng, năm; chỉ năm thì chưa tính được."
    next_step = "Nhập như 01/02/2026."
    operator = "full date expected in {box}"
    event = "web.full_date"


class TextTooLong(Problem):
    """More letters than a box takes."""

    code = "WEB-020"
    sentence = "Ô “{label}” có {found} ký tự; tối đa {most}."
    next_step = "Rút ngắn rồi gửi lại; phần chi tiết để trong giấy tờ quét kèm hồ sơ."
    operator = "{found} characters in {box}, at most {most}"
    event = "web.text_too_long"


class NeedsText(Problem):
    """A box that another one needs is empty."""

    code = "WEB-021"
    sentence = "Ô “{label}” còn trống."
    next_step = "Nhập ô này, hoặc {otherwise}."
    operator = "nothing typed in {box}"
    event = "web.text"
