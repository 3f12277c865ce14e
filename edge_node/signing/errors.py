"""What can stop a signature, said once for the person with the token and once for the operator."""

from __future__ import annotations

from sync_protocol.errors import Problem


class PassphraseRefused(Problem):
    """The key file did not open; it is not tried again."""

    code = "SIG-001"
    sentence = "Mật khẩu của tệp chứng thư không mở được khóa ký."
    next_step = "Nhập lại mật khẩu của tệp chứng thư rồi ký lại."
    operator = "PKCS#12 did not open: {found}"
    http_status = 403
    event = "signing.passphrase.refused"


class PinRefused(Problem):
    """The token refused the PIN. Never tried again by itself: tokens lock after a few wrong PINs."""

    code = "SIG-002"
    sentence = "Thiết bị ký báo sai mã PIN. Chưa giấy tờ nào được ký."
    next_step = "Xem lại mã PIN rồi tự nhập lại. Phần mềm không tự thử lại để thiết bị khỏi bị khóa."
    operator = "token refused the PIN ({found}), one attempt made"
    http_status = 403
    event = "signing.pin.refused"


class PinLocked(Problem):
    """The token is locked after too many wrong PINs."""

    code = "SIG-003"
    sentence = "Thiết bị ký đã bị khóa vì nhập sai mã PIN nhiều lần."
    next_step = "Mang thiết bị đến nơi cấp chứng thư để mở khóa."
    operator = "token PIN is locked or expired ({found})"
    http_status = 403
    event = "signing.pin.locked"


class TokenAbsent(Problem):
    """No token with that label is plugged in, or its driver does not load."""

    code = "SIG-004"
    sentence = "Chưa thấy thiết bị ký trên máy này."
    next_step = "Cắm thiết bị ký vào máy đang chạy chương trình, chờ đèn sáng rồi nhập mã PIN."
    operator = "no token: {found}"
    event = "signing.token.absent"


class TokenGone(Problem):
    """The token stopped answering while signing; what was signed before stays signed."""

    code = "SIG-005"
    sentence = "Thiết bị ký bị rút ra hoặc ngừng trả lời giữa chừng."
    next_step = "Cắm lại thiết bị ký, nhập lại mã PIN, rồi ký tiếp những giấy tờ còn lại."
    operator = "token stopped answering: {found}"
    event = "signing.token.gone"


class KeyNotFound(Problem):
    """The key store has no certificate and key under the configured label, or more than one."""

    code = "SIG-006"
    sentence = "Trong thiết bị ký không có chứng thư của người đang ký."
    next_step = "Cắm đúng thiết bị ký của mình. Nếu đã đúng, gọi bộ phận kỹ thuật và đọc mã SIG-006."
    operator = "expected exactly one signing certificate with its key, found {found}"
    event = "signing.key.missing"


class CertificateOutOfDate(Problem):
    """The certificate is not valid on the day of signing."""

    code = "SIG-007"
    sentence = "Chứng thư ký chỉ dùng được từ {valid_from} đến {valid_to}."
    next_step = "Kiểm tra ngày giờ của máy. Nếu đúng, đề nghị cấp lại chứng thư."
    operator = "certificate {certificate} valid {valid_from} to {valid_to}, signing outside"
    event = "signing.certificate.expired"


class CertificateUsage(Problem):
    """The certificate may not be used for signatures that bind a person."""

    code = "SIG-008"
    sentence = "Chứng thư này không được cấp để ký giấy tờ."
    next_step = "Dùng chứng thư ký số cá nhân hoặc cơ quan, không dùng chứng thư đăng nhập."
    operator = "certificate {certificate} lacks key usage nonRepudiation"
    event = "signing.certificate.usage"


class CertificateChain(Problem):
    """The certificate does not lead to an authority this office trusts."""

    code = "SIG-009"
    sentence = "Chứng thư này không do tổ chức chứng thực mà cơ quan tin cậy cấp."
    next_step = "Cắm đúng thiết bị ký. Nếu mới đổi chứng thư, gọi bộ phận kỹ thuật và đọc mã SIG-009."
    operator = "certificate {certificate}: no path to a trusted root"
    event = "signing.certificate.chain"


class CertificateNotEnrolled(Problem):
    """The certificate is good but is not registered for the person who is signed in."""

    code = "SIG-010"
    sentence = "Chứng thư này chưa được đăng ký cho người đang làm việc."
    next_step = "Dùng đúng thiết bị ký của mình, hoặc đăng ký chứng thư ở mục Người dùng."
    operator = "certificate {certificate} is not in the registry of this person"
    http_status = 403
    event = "signing.certificate.unregistered"


class AlreadySigned(Problem):
    """The file already carries the signature that was asked for."""

    code = "SIG-011"
    sentence = "Tệp này đã có chữ ký ở ô {field}."
    next_step = "Không cần ký lại. Mở lại hồ sơ để xem chữ ký đã có."
    operator = "field {field} is already signed"
    http_status = 409
    event = "signing.already"


class FieldMissing(Problem):
    """The agency's field is not in the file; adding one now would break the officer's signature."""

    code = "SIG-012"
    sentence = "Tệp này chưa có sẵn ô ký cơ quan, nên không ký được mà vẫn giữ nguyên chữ ký người quét."
    next_step = "Quét lại giấy tờ này để có tệp mới."
    operator = "field {field} is absent; a new field after certification is refused"
    event = "signing.field.missing"


class FileNotSignable(Problem):
    """The file cannot be opened for signing."""

    code = "SIG-013"
    sentence = "Tệp này không mở được để ký."
    next_step = "Quét lại giấy tờ này."
    operator = "cannot open for signing: {found}"
    event = "signing.file.unreadable"


class StampDoesNotFit(Problem):
    """The words of a visible signature do not fit its place on the page."""

    code = "SIG-014"
    sentence = "Tên cơ quan hoặc tên người ký dài quá ô chữ ký trên trang."
    next_step = "Dùng tên cơ quan viết gọn như trên tiêu đề công văn rồi ký lại."
    operator = "stamp of {count} lines does not fit {width} x {height} pt"
    event = "signing.stamp.overflow"


class RecordRefused(Problem):
    """The metadata record holds something that has no canonical form."""

    code = "SIG-015"
    sentence = "Dữ liệu bóc tách có ô chứa nội dung không ghi được vào bản ghi ký."
    next_step = "Mở lại phần bóc tách, sửa ô {field} rồi ký lại."
    operator = "record field {field}: {found}"
    event = "signing.record.refused"


class TimeWithoutZone(Problem):
    """A signing time without a time zone."""

    code = "SIG-016"
    sentence = "Giờ ký thiếu múi giờ nên chưa ký được."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã SIG-016."
    operator = "signing time must be an aware datetime"
    http_status = 500
    event = "signing.time.naive"


class ClockBehind(Problem):
    """The machine's clock says that a paper was captured before its dossier was received."""

    code = "SIG-017"
    sentence = "Đồng hồ máy này chạy lùi: giờ quét sớm hơn giờ tiếp nhận hồ sơ, nên chưa ký."
    next_step = "Gọi bộ phận kỹ thuật chỉnh giờ máy. Sau đó đưa các trang về khay và chuyển lại để có giờ quét đúng."
    operator = "captured {behind_s} s before the dossier was received; check the time source (timedatectl)"
    event = "signing.clock.behind"


class DriverNotTrusted(Problem):
    """The token's driver lies where others than root can write; loaded, it could do whatever this program can."""

    code = "SIG-018"
    sentence = "Trình điều khiển của thiết bị ký nằm ở nơi người khác ghi được, nên chưa dùng."
    next_step = "Gọi bộ phận kỹ thuật và đọc mã SIG-018."
    operator = "PKCS#11 driver refused: its {found} can be written by others than root"
    http_status = 409
    event = "signing.driver.untrusted"


class TokenBusy(Problem):
    """Another run of this program has the token's only log-in."""

    code = "SIG-019"
    sentence = "Thiết bị ký này đang dùng cho một lượt ký khác trên máy này."
    next_step = "Chờ lượt ký đang chạy xong, rồi nhập lại mã PIN."
    operator = "the token is logged in already ({found})"
    http_status = 409
    event = "signing.token.busy"
