"""Law problems: what the rules of law and their catalogue can refuse, one class per code.

Invariant: no sentence here carries personal data; attributes are codes, counts and dates only.
"""

from __future__ import annotations

from sync_protocol.errors import Problem


class UnreadableNumber(Problem):
    """A number lacks the shape its kind needs (digits and length)."""

    code = "LAW-001"
    sentence = "Ô {label} cần {expected}."
    next_step = "Đối chiếu với giấy tờ và gõ lại ô {label}."
    operator = "number of kind {kind} does not have the expected shape"
    event = "law.number.unreadable"
    http_status = 422


class UnreadableQr(Problem):
    """The text of a QR code is not that of an identity card."""

    code = "LAW-002"
    sentence = "Mã QR vừa quét không phải mã trên thẻ căn cước."
    next_step = "Quét lại mặt thẻ có mã QR, hoặc gõ thông tin theo thẻ."
    operator = "QR text has {fields} fields, expected at least 7 of an identity card"
    event = "law.qr.unreadable"
    http_status = 422


class NumbersExhausted(Problem):
    """The block of dossier numbers of this desk and day is used up."""

    code = "LAW-003"
    sentence = "Quầy này đã dùng hết số hồ sơ của ngày {day} (từ {start} đến {end})."
    next_step = "Nối mạng để nhận thêm dải số, hoặc tiếp nhận ở quầy khác còn số."
    operator = "code block {start}-{end} exhausted on {day}"
    event = "law.numbers.exhausted"
    http_status = 409


class UnknownGrammar(Problem):
    """No grammar to compose a dossier code is in force on that day, or its template cannot be filled."""

    code = "LAW-004"
    sentence = "Danh mục trên máy này chưa có cách đánh mã hồ sơ cho ngày {day}."
    next_step = "Nối mạng để cập nhật danh mục, rồi tiếp nhận lại."
    operator = "no code grammar to compose with on {day}: {what}"
    event = "law.grammar.unknown"
    http_status = 409


class NoDeadlineRule(Problem):
    """The procedure version has no time limit for this submitter and case."""

    code = "LAW-005"
    sentence = "Thủ tục {procedure} chưa có thời hạn giải quyết cho trường hợp này trong danh mục."
    next_step = "Chọn trường hợp khác hoặc hỏi bộ phận nghiệp vụ trước khi hẹn trả."
    operator = "procedure {procedure} has no deadline rule for submitter {submitter}, case {case}"
    event = "law.deadline.missing"
    http_status = 409


class ApologyRefused(Problem):
    """An apology with a new date was given before, or the last day for it has passed."""

    code = "LAW-006"
    sentence = "Hồ sơ này không hẹn lại được: {reason}."
    next_step = "Trình lãnh đạo xem hồ sơ; ghi rõ lý do quá hạn vào hồ sơ."
    operator = "apology refused: {rule}"
    event = "law.apology.refused"
    http_status = 409


class CodePartUnusable(Problem):
    """A part of a digitization-result code holds characters no code can carry."""

    code = "LAW-007"
    sentence = "Phần {part} của mã kết quả số hóa có ký tự không in được."
    next_step = "Gõ lại phần {part} theo đúng giấy tờ."
    operator = "digitization result code: part {part} unusable"
    event = "law.code.unusable"
    http_status = 422


class UnzonedTime(Problem):
    """A time without zone was given where the law counts by Vietnam time: our own bug."""

    code = "LAW-008"
    sentence = "Phần mềm tại điểm này không biết giờ Việt Nam của việc vừa làm."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã LAW-008."
    operator = "naive time given for {what}; an aware one is required"
    event = "law.time.unzoned"
    http_status = 500


class CalendarTooShort(Problem):
    """The holiday table does not reach the day asked for."""

    code = "LAW-009"
    sentence = "Lịch nghỉ lễ trên máy này chưa có năm {year}."
    next_step = "Nối mạng để cập nhật danh mục trước khi hẹn trả."
    operator = "holiday table has no year {year}"
    event = "law.calendar.short"
    http_status = 409


class UnknownWord(Problem):
    """The glossary has no row for an identifier: our own bug."""

    code = "LAW-010"
    sentence = "Màn hình này thiếu một nhãn tiếng Việt."
    next_step = "Tiếp tục làm việc; báo bộ phận kỹ thuật mã LAW-010."
    operator = "glossary has no word for {word}"
    event = "law.word.unknown"
    http_status = 500


class CatalogueTampered(Problem):
    """A catalogue file does not carry the hub's signature: changed by hand, damaged, or from elsewhere."""

    code = "CAT-002"
    sentence = "Tệp danh mục trên máy này đã bị thay đổi nên không dùng."
    next_step = "Máy vẫn làm việc với danh mục trước đó. Báo bộ phận kỹ thuật mã CAT-002 để tải lại danh mục."
    operator = "catalogue file with SHA-256 {sha256} does not carry a signature of the hub; fetch it again"
    event = "catalogue.tampered"
    http_status = 409


class CatalogueUnreadable(Problem):
    """A catalogue file is missing or is not a catalogue."""

    code = "CAT-003"
    sentence = "Máy này chưa mở được tệp danh mục thủ tục."
    next_step = "Nối mạng để tải danh mục; nếu vẫn vậy, báo bộ phận kỹ thuật mã CAT-003."
    operator = "catalogue file cannot be read: {what}"
    event = "catalogue.unreadable"
    http_status = 503


class CatalogueTooNew(Problem):
    """A catalogue file was written for a newer program."""

    code = "CAT-005"
    sentence = "Danh mục mới cần bản phần mềm mới hơn trên máy này."
    next_step = "Tiếp tục với danh mục đang dùng; báo bộ phận kỹ thuật nâng cấp phần mềm (mã CAT-005)."
    operator = "catalogue file has format {found}, this program reads {known}; upgrade the node"
    event = "catalogue.too_new"
    http_status = 409
