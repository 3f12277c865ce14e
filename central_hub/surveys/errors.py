"""Why an answer of the survey is not taken. Read by citizens: short and kind."""

from __future__ import annotations

from sync_protocol.errors import Problem


class TicketUnknown(Problem):
    """The code is no ticket of a desk, or too old."""

    code = "SUR-001"
    sentence = "Mã góp ý này không do Bộ phận Một cửa cấp, hoặc đã quá 90 ngày."
    next_step = "Quét lại mã “Góp ý, đánh giá” trên phiếu. Phiếu cũ thì góp ý trực tiếp tại Bộ phận Một cửa."
    operator = "survey ticket unknown, forged or expired"
    http_status = 404
    event = "surveys.ticket.unknown"


class TicketUsed(Problem):
    """This slip was answered before."""

    code = "SUR-002"
    sentence = "Phiếu này đã gửi góp ý rồi. Mỗi phiếu góp ý một lần."
    next_step = "Cảm ơn ông/bà. Muốn nói thêm, mời gặp Bộ phận Một cửa."
    operator = "survey ticket answered before"
    http_status = 409
    event = "surveys.ticket.used"


class AnswerIncomplete(Problem):
    """A question was left out."""

    code = "SUR-003"
    sentence = "Còn câu chưa chọn mức."
    next_step = "Chọn một mức cho mỗi câu rồi gửi lại."
    operator = "survey answer incomplete"
    http_status = 422
    event = "surveys.answer.incomplete"
