"""Why the hub does not take something. Each is an answer to the node, an operator's line, and a row in quarantine."""

from __future__ import annotations

from sync_protocol.errors import RemoteProtocolError


class UnknownNode(RemoteProtocolError):
    """Nobody enrolled this node here."""

    code = "HUB-001"
    sentence = "Trung tâm chưa biết điểm này."
    next_step = "Tiếp tục làm việc; dữ liệu chờ tại máy. Bộ phận kỹ thuật đăng ký điểm với trung tâm."
    operator = "node {node} is not enrolled"
    event = "hub.node.unknown"


class RevokedNode(RemoteProtocolError):
    """The node was revoked; what it sends from now on waits for people to vouch for it."""

    code = "HUB-002"
    sentence = "Trung tâm đã thu hồi quyền của điểm này; gói gửi lên được giữ riêng để người có trách nhiệm xác nhận."
    next_step = "Gọi bộ phận kỹ thuật để đăng ký lại điểm này."
    operator = "node {node} is revoked; batch kept in quarantine"
    event = "hub.node.revoked"


class WrongName(RemoteProtocolError):
    """A node spoke under another node's name."""

    code = "HUB-003"
    sentence = "Gói dữ liệu mang tên một điểm khác nên được giữ riêng."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã HUB-003."
    operator = "node {node} sent a batch of {claimed}"
    event = "hub.node.wrong_name"


class OfficeMismatch(RemoteProtocolError):
    """An event claims to act for an office that is not the node's."""

    code = "HUB-004"
    sentence = "Có sự kiện ghi tên một cơ quan khác với cơ quan của điểm gửi."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã HUB-004."
    operator = "node {node} acts for another office in event {event_id}"
    event = "hub.office.mismatch"


class NotInScope(RemoteProtocolError):
    """A file or dossier outside what this office may see."""

    code = "HUB-005"
    sentence = "Hồ sơ hoặc tệp này không thuộc phạm vi của cơ quan bạn."
    next_step = "Tra cứu theo hồ sơ đang giải quyết, nêu lý do, rồi mở lại."
    operator = "node {node} asked outside its scope"
    http_status = 403
    event = "hub.scope.refused"


class PurposeMissing(RemoteProtocolError):
    """A look-up without a dossier or a reason."""

    code = "HUB-006"
    sentence = "Tra cứu phải gắn với một hồ sơ và nêu lý do."
    next_step = "Nhập mã hồ sơ đang giải quyết và lý do tra cứu, rồi tra lại."
    operator = "look-up without purpose from {node}"
    event = "hub.lookup.purpose"


class UnknownRecord(RemoteProtocolError):
    """The dossier is not known at the hub."""

    code = "HUB-007"
    sentence = "Trung tâm chưa biết hồ sơ này."
    next_step = "Kiểm tra mã hồ sơ. Nếu hồ sơ vừa nhận ở nơi khác, thử lại khi nơi đó có kết nối."
    operator = "record unknown at the hub"
    http_status = 404
    event = "hub.record.unknown"


class NoCodeBlocks(RemoteProtocolError):
    """The office has used up its daily numbers."""

    code = "HUB-008"
    sentence = "Cơ quan này đã hết dải số hồ sơ trong ngày cho máy mới."
    next_step = "Gọi bộ phận kỹ thuật để giải phóng dải số của máy không còn dùng."
    operator = "no free code block for office {office}"
    event = "hub.codes.exhausted"


class KeyMismatch(RemoteProtocolError):
    """The node's signing key is not the one it registered."""

    code = "HUB-009"
    sentence = "Chìa khóa của điểm này khác với chìa khóa đã đăng ký ở trung tâm."
    next_step = "Gọi bộ phận kỹ thuật để đăng ký lại điểm này."
    operator = "node {node} presents another public key than it registered"
    event = "hub.node.key"


class ReceptionTaken(RemoteProtocolError):
    """A second office receives a dossier under the record id of the first."""

    code = "HUB-010"
    sentence = "Hồ sơ này đã được một cơ quan khác tiếp nhận nên lần tiếp nhận thứ hai được giữ riêng."
    next_step = "Tra cứu hồ sơ theo mã, nhận quyền xử lý nếu cần. Gọi bộ phận kỹ thuật và đọc mã HUB-010."
    operator = "node {node} receives a dossier of another office in event {event_id}"
    event = "hub.reception.taken"


class UnprovenWitness(RemoteProtocolError):
    """A node offers an event that the hub's own signed page does not name."""

    code = "HUB-011"
    sentence = "Gói nhân chứng không khớp với trang tin mà trung tâm đã ký nên được giữ riêng."
    next_step = "Không cần làm gì tại quầy. Bộ phận kỹ thuật xem danh sách gói giữ riêng, mã HUB-011."
    operator = "node {node} brings event {event_id}, which its page proof does not name"
    event = "hub.witness.unproven"


class UnprovenStick(RemoteProtocolError):
    """A courier file asks for what only its node may ask, and the key that opens the node's line did not sign it."""

    code = "HUB-012"
    sentence = "Tệp chuyển tay không chứng minh được là của điểm này nên trung tâm chỉ nhận những gói tự chứng minh được."
    next_step = "Xuất lại tệp bằng phần mềm hiện tại của điểm. Vừa đổi khóa hoặc bị thu hồi thì nạp tệp kết nối mới trước khi xuất."
    operator = "courier file of {node} asks {asked} without the proof of the node's line key"
    event = "hub.courier.unproven"
