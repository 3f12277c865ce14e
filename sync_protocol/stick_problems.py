"""What is wrong with a courier file as a whole, one class per code. No attribute names a person: nodes, hubs and causes only."""

from __future__ import annotations

from sync_protocol.errors import RemoteProtocolError


class StickDamaged(RemoteProtocolError):
    """Cut off, changed in copying, or changed by somebody."""

    code = "SYN-036"
    sentence = "Tệp chuyển tay bị hỏng hoặc bị sửa nên không mở được. Dữ liệu tại máy còn nguyên."
    next_step = "Chép lại tệp từ nơi đã ghi ra. Vẫn vậy thì xuất tệp mới và mang đi lần nữa."
    operator = "courier file does not open: {what}"
    event = "stick.damaged"


class StickForOthers(RemoteProtocolError):
    """For another hub, another desk, or the other direction."""

    code = "SYN-037"
    sentence = "Tệp chuyển tay này không dành cho nơi đang mở nó: tệp đi của điểm mở tại trung tâm, tệp trả lời mở tại đúng điểm đã gửi."
    next_step = "Chọn đúng tệp, hoặc đưa tệp về đúng nơi nhận."
    operator = "courier file for others: {what}"
    event = "stick.for_others"


class StickOtherKey(RemoteProtocolError):
    """Sealed for this place by name, but to a key that is not here: another machine bore the name, or other keys."""

    code = "SYN-038"
    sentence = "Tệp chuyển tay được mã hóa cho một chìa khóa mà máy này không có. Không mất dữ liệu: phần chờ vẫn ở nơi gửi."
    next_step = "Xuất tệp mới bằng máy đang dùng rồi mang đi lại. Vẫn vậy thì gọi bộ phận kỹ thuật và đọc mã SYN-038."
    operator = "courier file is sealed to key {mark}, this place opens {own}"
    event = "stick.other_key"


class StickKeyMalformed(RemoteProtocolError):
    """A key to seal to that is none."""

    code = "SYN-039"
    sentence = "Chìa khóa mã hóa tệp chuyển tay nhận được không dùng được, nên máy giữ chìa khóa đang có."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã SYN-039."
    operator = "a key to seal sticks to is none"
    event = "stick.key_malformed"
