"""What can go wrong with the accounts of this office."""

from __future__ import annotations

from sync_protocol.errors import Problem


class OwnAccount(Problem):
    """Nobody blocks or resets the account they are signed in with."""

    code = "PEO-040"
    sentence = "Không ai tự chặn hay tự đặt lại tài khoản của chính mình."
    next_step = "Nhờ người quản trị khác làm bước này. Mật khẩu của mình thì đổi ở trang Tài khoản của tôi."
    operator = "an administrator tried to block or reset the own account"
    http_status = 403
    event = "people.own"


class FactorNotBegun(Problem):
    """A code was sent without a second factor being set up on this page."""

    code = "PEO-041"
    sentence = "Mã một lần chưa được bắt đầu bật, hoặc trang đã để quá lâu."
    next_step = "Mở trang Tài khoản của tôi, nhập mật khẩu và quét lại mã QR mới."
    operator = "second factor confirmed without being begun"
    event = "people.factor.not_begun"


class FactorCodeWrong(Problem):
    """The code from the phone does not belong to the secret on screen."""

    code = "PEO-042"
    sentence = "Mã sáu chữ số chưa khớp với mã QR trên màn hình."
    next_step = (
        "Chờ mã kế tiếp trên điện thoại rồi nhập lại. Vẫn chưa khớp thì kiểm tra giờ của điện thoại và của máy này."
    )
    operator = "second factor code does not match while enrolling"
    event = "people.factor.code"


class SetUpAlready(Problem):
    """The first run is over, or its code is not the one of this start."""

    code = "PEO-043"
    sentence = "Mã khởi tạo chưa đúng, hoặc điểm này đã có người quản trị."
    next_step = (
        "Xem mã khởi tạo ở dòng lệnh đang chạy “edge-node serve”. Đã có người quản trị thì đăng nhập như thường."
    )
    operator = "first run refused: wrong code or an administrator exists"
    http_status = 403
    event = "people.first_run.refused"


class NameOrAccountMissing(Problem):
    """A new account needs a short plain name and the person's name."""

    code = "PEO-044"
    sentence = "Tài khoản cần tên gồm 2 đến 32 chữ thường không dấu, chữ số, dấu chấm hoặc gạch nối, chưa ai dùng, và họ tên của người dùng."
    next_step = "Nhập lại tên tài khoản (ví dụ an.nt) và họ tên đầy đủ, chọn ít nhất một việc được giao."
    operator = "new officer account refused"
    event = "people.account.name"


class TokenIncomplete(Problem):
    """A token needs a driver that is on this machine, its own label and the label of its key."""

    code = "PEO-045"
    sentence = "Thiết bị ký cần đường dẫn trình điều khiển có trên máy này, nhãn thiết bị và nhãn khóa."
    next_step = "Nhập đủ ba ô. Chưa biết nhãn thì cắm thiết bị, chỉ nhập trình điều khiển rồi gửi: trang liệt kê những gì thấy được."
    operator = "signing token refused: {missing}"
    event = "people.token.incomplete"


class KeyKeptByHand(Problem):
    """The account whose key is to change has no table of its own in the settings file."""

    code = "PEO-046"
    sentence = "Chữ ký số của tài khoản này được ghi tay trong tệp cài đặt nên chưa đổi được từ trang này."
    next_step = "Nhờ bộ phận kỹ thuật sửa mục officers của tệp cài đặt, rồi khởi động lại điểm."
    operator = "no [[officers]] table with the account whose token is to change"
    http_status = 409
    event = "people.token.by_hand"
