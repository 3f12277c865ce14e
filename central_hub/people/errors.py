"""What can go wrong with the hub's accounts."""

from __future__ import annotations

from sync_protocol.errors import Problem


class PasskeyRefused(Problem):
    """A passkey did not prove itself: another site, an old question, a wrong signature, an unknown key."""

    code = "PEO-050"
    sentence = "Khóa truy cập chưa được chấp nhận."
    next_step = "Làm lại từ đầu; nếu vẫn không được, đăng nhập bằng mật khẩu và mã một lần, rồi đăng ký lại khóa ở trang Tài khoản của tôi."
    operator = "passkey refused: {reason}"
    http_status = 401
    event = "people.passkey.refused"


class AccountUnknown(Problem):
    """The hub has no such account."""

    code = "PEO-030"
    sentence = "Trung tâm chưa có tài khoản {account}."
    next_step = "Xem lại danh sách tài khoản, hoặc thêm tài khoản này."
    operator = "hub account {account} is not known"
    http_status = 404
    event = "people.account.unknown"


class AccountTaken(Problem):
    """The name of a new account is another account's."""

    code = "PEO-031"
    sentence = "Tên tài khoản {account} đã có người dùng."
    next_step = "Chọn tên khác, hoặc mở tài khoản đã có và giao thêm việc."
    operator = "hub account {account} exists"
    http_status = 409
    event = "people.account.taken"


class AccountNameRefused(Problem):
    """The name of an account is typed at every sign-in: short, plain letters."""

    code = "PEO-032"
    sentence = "Tên tài khoản gồm 2 đến 32 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối, và bắt đầu bằng chữ."
    next_step = "Đặt tên khác, ví dụ tên viết liền không dấu kèm tên phòng; họ tên đầy đủ ghi ở ô bên cạnh."
    operator = "hub account name refused"
    event = "people.account.name"


class OwnAccountChange(Problem):
    """Nobody gives roles to, resets or blocks the account they are signed in with."""

    code = "PEO-033"
    sentence = "Không ai tự đổi việc được giao, tự đặt lại hay tự chặn tài khoản của chính mình."
    next_step = "Nhờ người vận hành khác làm bước này. Mật khẩu của mình thì đổi ở trang Tài khoản của tôi."
    operator = "an operator tried to change their own account"
    http_status = 403
    event = "people.account.own"


class RoleUnknown(Problem):
    """A form names a role that the hub does not have."""

    code = "PEO-034"
    sentence = "Trung tâm không có vai trò {role}."
    next_step = "Mở lại trang và chọn vai trò trong danh sách."
    operator = "role {role} is not one of the hub's"
    event = "people.account.role"


class NameMissing(Problem):
    """An account stands for one person, by name."""

    code = "PEO-035"
    sentence = "Tài khoản chưa có họ tên của người dùng."
    next_step = "Ghi họ tên đầy đủ: mỗi tài khoản là của một người, nhật ký cần biết là ai."
    operator = "hub account without a full name"
    event = "people.account.nameless"
