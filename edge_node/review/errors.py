"""What can go wrong when a person confirms."""

from __future__ import annotations

from sync_protocol.errors import Problem


class UnknownDocument(Problem):
    """The dossier has no such document here."""

    code = "REV-001"
    sentence = "Hồ sơ không có giấy tờ này tại điểm."
    next_step = "Mở lại hồ sơ và chọn một giấy tờ trong danh sách."
    operator = "document is not part of the dossier"
    http_status = 404
    event = "review.document.unknown"


class FieldsMissing(Problem):
    """Required items are empty and not marked unreadable."""

    code = "REV-002"
    sentence = "Còn {count} mục chưa có giá trị: {labels}."
    next_step = "Nhập các mục này theo giấy tờ, hoặc đánh dấu không đọc được."
    operator = "{count} required fields without a value"
    event = "review.fields.missing"


class ConfirmFirst(Problem):
    """A code is only for confirmed papers."""

    code = "REV-003"
    sentence = "Giấy tờ này chưa được xác nhận nên chưa cấp được mã."
    next_step = "Xác nhận các mục của giấy tờ trước, rồi cấp mã."
    operator = "code asked for an unconfirmed document"
    event = "review.confirm_first"


class PageUndrawable(Problem):
    """A page of a copy cannot be shown."""

    code = "REV-004"
    sentence = "Trang {page} của bản chụp chưa hiện được trên màn hình."
    next_step = "Mở tệp PDF bằng nút “Mở tệp”; nếu vẫn không được, gọi bộ phận kỹ thuật và đọc mã REV-004."
    operator = "page {page} of a copy cannot be drawn"
    http_status = 404
    event = "review.page.undrawable"


class NotLookedAt(Problem):
    """Doubtful readings that nobody accepted, corrected or called unreadable."""

    code = "REV-005"
    sentence = "Còn {count} mục máy đọc chưa chắc mà chưa có người xem: {labels}."
    next_step = "Đối chiếu từng mục với giấy rồi nhấn Enter, sửa lại, hoặc đánh dấu không đọc được."
    operator = "{count} doubtful readings that nobody looked at"
    http_status = 422
    event = "review.not_looked_at"


class RowsDiffer(Problem):
    """The paper says it has another number of rows than the list that is to be confirmed."""

    code = "REV-006"
    sentence = "Giấy ghi danh sách có {stated} dòng, bảng đang có {rows} dòng."
    next_step = (
        "Thêm dòng còn thiếu hoặc bỏ dòng thừa; nếu bảng đã đúng với giấy thì đánh dấu “Đã đếm lại” rồi xác nhận."
    )
    operator = "the paper states {stated} rows, the list has {rows}"
    http_status = 422
    event = "review.rows_differ"


class ConfirmedMeanwhile(Problem):
    """Another officer confirmed other values while this one had the paper open."""

    code = "REV-007"
    sentence = "Trong lúc bạn mở giấy tờ này, {who} đã xác nhận khác bạn ở {count} mục: {labels}."
    next_step = "Xem giá trị của người ấy ghi dưới từng mục, sửa hoặc giữ giá trị của bạn theo giấy, rồi xác nhận lại."
    operator = "another officer confirmed {count} fields otherwise while the page was open"
    http_status = 409
    event = "review.confirmed_meanwhile"
