"""Problems: what went wrong, said once for the clerk, once for the operator, under one stable code.

Every exception that leaves a public function of this product is a `Problem`. A class owns its code, its Vietnamese
sentence and next step, its operator line, its exit code and HTTP status; what is particular to one occurrence is carried
as attributes and filled into the sentences when they are read. No sentence carries personal data: attributes that
reach `operator_line` are ids, counts and codes only.

Two families mark who is wrong on the wire (h11's distinction): `LocalProtocolError` is our own bug, `RemoteProtocolError` is
the peer's, and is answered with a reason and quarantined, never raised into a queue that then stops.
"""

from __future__ import annotations

from typing import Any, ClassVar


class Problem(Exception):
    """A stable, teachable error.

    Subclasses set the class attributes. `sentence` and `next_step` are Vietnamese format strings, `operator` is an
    English one; all three are formatted with the keyword arguments given to the constructor, which also become
    attributes of the instance.
    """

    code: ClassVar[str] = "GEN-001"
    sentence: ClassVar[str] = "Việc này chưa làm được."
    next_step: ClassVar[str] = "Gọi bộ phận kỹ thuật và đọc mã in nhỏ bên dưới."
    operator: ClassVar[str] = "unexpected problem"
    exit_code: ClassVar[int] = 1
    http_status: ClassVar[int] = 400
    event: ClassVar[str] = "problem"

    def __init__(self, **facts: Any) -> None:
        self.facts = facts
        for name, value in facts.items():
            setattr(self, name, value)
        super().__init__(self.operator_line)

    @property
    def clerk_sentence(self) -> str:
        """What happened, in the clerk's words (Vietnamese)."""
        return self.sentence.format(**self.facts)

    @property
    def clerk_next_step(self) -> str:
        """What to do now (Vietnamese)."""
        return self.next_step.format(**self.facts)

    @property
    def operator_line(self) -> str:
        """One English line for the log: code, what was expected, what was found. No personal data."""
        return f"{self.code} {self.operator.format(**self.facts)}"


class LocalProtocolError(Problem):
    """We broke our own rules: stop this action and tell the operator."""

    code = "SYN-001"
    sentence = "Phần mềm tại điểm này gặp lỗi khi ghi sổ đồng bộ. Dữ liệu đã lưu vẫn còn nguyên."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã SYN-001."
    operator = "local protocol rule broken: {what}"
    http_status = 500
    event = "protocol.local"


class RemoteProtocolError(Problem):
    """The peer broke the rules: answer with the reason, keep its bytes in quarantine, go on."""

    code = "SYN-002"
    sentence = "Gói dữ liệu từ điểm khác không đúng quy ước nên được giữ riêng để kiểm tra."
    next_step = "Không cần làm gì tại quầy. Bộ phận kỹ thuật xem danh sách gói giữ riêng."
    operator = "peer broke the protocol: {what}"
    event = "protocol.remote"
