"""What can go wrong when a paper is revoked, or when a dossier reused one that was."""

from __future__ import annotations

from sync_protocol.errors import Problem


class NotItsAuthority(Problem):
    """The office neither digitized the paper nor has custody of its dossier."""

    code = "RVK-001"
    sentence = "Cơ quan này không thu hồi được giấy này: giấy do {office} số hóa, và hồ sơ không do cơ quan này giải quyết."
    next_step = "Báo {office} thu hồi, hoặc nhận quyền giải quyết hồ sơ rồi làm lại."
    operator = "revocation by an office that neither digitized the paper nor has custody; it is of {office}"
    http_status = 403
    event = "revoking.not_authority"


class RevokedAlready(Problem):
    """The paper is revoked; saying so again changes nothing."""

    code = "RVK-002"
    sentence = "Giấy này đã bị {office} thu hồi trước đó."
    next_step = "Không cần làm gì thêm. Lý do ghi ở trang của giấy."
    operator = "paper is revoked already"
    http_status = 409
    event = "revoking.again"


class WhyAndSure(Problem):
    """A revocation has a reason, and is confirmed: nothing brings the paper back."""

    code = "RVK-003"
    sentence = "Thu hồi giấy phải ghi lý do và đánh dấu ô xác nhận."
    next_step = "Nhập lý do thu hồi, đánh dấu ô xác nhận, rồi bấm lại."
    operator = "revocation without reason or confirmation"
    event = "revoking.reason"


class PaperRevoked(Problem):
    """A revoked paper is kept as it is: what it says is changed no more."""

    code = "RVK-004"
    sentence = "Giấy này đã bị thu hồi nên không sửa thông tin, không cấp mã nữa."
    next_step = "Mở trang của giấy để xem ai thu hồi và vì sao. Cần giấy khác thì quét giấy mới vào hồ sơ."
    operator = "edit of a revoked paper"
    http_status = 409
    event = "revoking.frozen"
