"""What can go wrong at the door."""

from __future__ import annotations

from sync_protocol.errors import Problem


class WrongPassword(Problem):
    """Account, password or one-time code do not belong together; which of them is not said."""

    code = "PEO-010"
    sentence = "Tên tài khoản, mật khẩu hoặc mã một lần chưa đúng."
    next_step = "Kiểm tra phím Caps Lock và bộ gõ tiếng Việt rồi nhập lại. Quên mật khẩu thì nhờ người quản trị của cơ quan đặt lại."
    operator = "sign-in refused"
    http_status = 401
    event = "people.sign_in.refused"


class TooManyTries(Problem):
    """Wrong tries in a row make the next one wait; the wait survives a restart and a clock set back."""

    code = "PEO-011"
    sentence = "Đã nhập chưa đúng nhiều lần nên phải chờ {wait_s} giây trước lần nhập kế tiếp."
    next_step = "Chờ {wait_s} giây rồi nhập lại, hoặc nhờ người quản trị của cơ quan mở khóa."
    operator = "sign-in has to wait {wait_s} s"
    http_status = 429
    event = "people.sign_in.delayed"


class PasswordTooShort(Problem):
    """A new password has too few characters."""

    code = "PEO-012"
    sentence = "Mật khẩu mới ngắn hơn {least} ký tự."
    next_step = "Đặt mật khẩu có ít nhất {least} ký tự; một câu dễ nhớ là đủ."
    operator = "new password shorter than {least} characters"
    event = "people.password.short"


class PasswordsUnreadable(Problem):
    """The password file is damaged; nobody is let in by mistake."""

    code = "PEO-013"
    sentence = "Tệp mật khẩu của máy này không đọc được nên chưa đăng nhập được."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã PEO-013. Dữ liệu hồ sơ vẫn còn nguyên."
    operator = "password file is unreadable: {what}"
    http_status = 503
    exit_code = 3
    event = "people.passwords.unreadable"


class SecondFactorWeak(Problem):
    """The secret of a second factor is too short or not base32."""

    code = "PEO-014"
    sentence = "Chuỗi bí mật của mã một lần quá ngắn hoặc sai dạng."
    next_step = "Tạo chuỗi mới bằng lệnh của phần mềm; chuỗi có ít nhất 32 ký tự."
    operator = "TOTP secret refused: {what}"
    event = "people.second_factor.weak"
