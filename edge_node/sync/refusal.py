"""That the hub refuses this desk: kept in the database, so that every process of the desk can say so, with the code and what to do.

A line that is down says nothing about it: a refusal stands until the hub greets this desk again.
"""

from __future__ import annotations

import apsw
import msgspec

from edge_node.store.node_store import read_state, write_state
from sync_protocol.sender import Phase

_KEY = "hub_refuses"
_LINE_GONE = ("", "BUS-001")
_WORDS = {
    "HUB-001": (
        "trung tâm chưa ghi danh điểm này",
        "Báo bộ phận kỹ thuật ghi danh điểm tại trung tâm (central-hub enrol), rồi nạp tệp kết nối mới.",
    ),
    "HUB-002": (
        "trung tâm đã thu hồi quyền của điểm này",
        "Báo bộ phận kỹ thuật: hỏi trung tâm vì sao thu hồi; thu hồi nhầm thì ghi danh lại (central-hub enrol --again).",
    ),
    "HUB-004": (
        "tên cơ quan ở máy này khác tên trung tâm đã ghi danh",
        "Báo bộ phận kỹ thuật: đối chiếu mã cơ quan của điểm với sổ của trung tâm.",
    ),
    "HUB-009": (
        "chìa khóa của máy này khác chìa khóa trung tâm đã ghi",
        "Báo bộ phận kỹ thuật: máy vừa cài lại thì ghi danh lại (central-hub enrol --again); không thì báo an toàn thông tin.",
    ),
    "HUB-012": (
        "trung tâm không thấy bằng chứng tệp chuyển tay là của điểm này",
        "Báo bộ phận kỹ thuật: điểm vừa đổi khóa thì xuất lại tệp; bị thu hồi thì ghi danh lại (central-hub enrol --again).",
    ),
    "KEY-005": (
        "chữ ký của gói không khớp chìa khóa trung tâm đã ghi cho điểm này; gói được giữ riêng ở trung tâm",
        "Xuất lại tệp và mang đi lần nữa. Vẫn vậy thì báo bộ phận kỹ thuật xem danh sách gói giữ riêng.",
    ),
    "SYN-033": (
        "trung tâm đang bận nên chưa nhận phần này",
        "Mang tệp đến trung tâm lần nữa, hoặc xuất tệp mới rồi mang đi; nhận hai lần không sao.",
    ),
    "SYN-034": (
        "trung tâm giữ một lịch sử khác dưới tên điểm này: máy đã được khôi phục hoặc nhân bản",
        "Báo bộ phận kỹ thuật cho điểm nối mạng một lần: điểm sẽ tự mở lượt ghi mới và gửi lại.",
    ),
    "SYN-035": (
        "trung tâm thiếu phần trước của tệp này",
        "Nạp tệp trả lời xong thì xuất tệp mới và mang đi: tệp mới bắt đầu từ chỗ trung tâm đang có.",
    ),
    "SYN-010": (
        "phần mềm của máy này và của trung tâm không có phiên bản chung",
        "Báo bộ phận kỹ thuật nâng cấp bên cũ hơn: trung tâm trước, điểm sau.",
    ),
    "BUS-021": (
        "khóa kết nối của điểm không được nhận: đã thu hồi, hết hạn hoặc chưa ghi danh",
        "Báo bộ phận kỹ thuật: đọc tên điểm cho trung tâm để được cấp tệp kết nối mới (central-hub enrol --again).",
    ),
    "BUS-022": (
        "máy trả lời không chứng minh được nó là trung tâm của điểm này",
        "Báo bộ phận kỹ thuật: kiểm tra địa chỉ trung tâm và chứng thư của máy chủ.",
    ),
}


class HubRefusal(msgspec.Struct, frozen=True):
    """Why the hub takes nothing from this desk (a stable code), and since when (UTC ms)."""

    code: str
    since_ms: int

    @property
    def sentence(self) -> str:
        """What that means, without the code."""
        return said_of(self.code) or "trung tâm không nhận gì của điểm này"

    @property
    def next_step(self) -> str:
        """What to do, with the page of the runbook."""
        return f"{step_for(self.code)} Dữ liệu vẫn còn nguyên tại máy. Sổ tay vận hành: trang {self.code}."


def said_of(code: str) -> str:
    """What a code of the hub means to this desk, without the code; "" where only the runbook knows it."""
    return _WORDS.get(code, ("", ""))[0]


def step_for(code: str) -> str:
    """What to do about it."""
    return _WORDS.get(code, ("", "Báo bộ phận kỹ thuật và đọc mã này."))[1]


def refusing(phase: Phase, reason: str) -> str:
    """The code with which the hub refuses this desk, "" where it does not: a person must act, waiting does not help.

    >>> refusing("refused", "HUB-002"), refusing("offline", "BUS-021"), refusing("offline", "BUS-001"), refusing("waiting", "SYN-020")
    ('HUB-002', 'BUS-021', '', '')
    """
    if phase == "refused":
        return reason
    return reason if phase == "offline" and reason not in _LINE_GONE else ""


def note(connection: apsw.Connection, phase: Phase, code: str, now_ms: int) -> None:
    """Keep a refusal, from when it was first met; an open line ends it. Idempotent."""
    held = refusal(connection)
    if code and (held is None or held.code != code):
        write_state(connection, _KEY, msgspec.msgpack.encode(HubRefusal(code, now_ms)))
    elif phase == "open" and held is not None:
        write_state(connection, _KEY, b"")


def refusal(connection: apsw.Connection) -> HubRefusal | None:
    """The refusal that stands, None where the hub takes what this desk sends or was never met."""
    raw = read_state(connection, _KEY)
    return msgspec.msgpack.decode(raw, type=HubRefusal) if raw else None
