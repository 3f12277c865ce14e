"""Why a signed file is not accepted: every reason the verifier can give, with its code and its words.

The verifier never raises these out of `verify_copy`; it reports them as `Reason` values, so that one bad file never stops
the work on another. They are `Problem` classes so that screens, logs and the runbook know them like any other.

`severity` says what a reason does to the verdict: `invalid` (not acceptable), `modified` (the signature is genuine, but
the file was changed afterwards in a way it does not allow) or `notice` (told, does not change the verdict).
"""

from __future__ import annotations

from typing import ClassVar, Literal

from sync_protocol.errors import Problem

Severity = Literal["invalid", "modified", "notice"]


class VerificationProblem(Problem):
    """A reason against a signed file."""

    severity: ClassVar[Severity] = "invalid"
    code = "VER-000"
    sentence = "Tệp này chưa được kiểm xong nên chưa dùng được."
    next_step = "Giữ tệp ở khu kiểm tra, gọi bộ phận kỹ thuật và đọc mã VER-000."
    operator = "verification could not be completed: {found}"
    event = "verification.reason"


class NotAPdf(VerificationProblem):
    """The bytes are no whole PDF of version 1.4 or later, starting at the first byte."""

    code = "VER-001"
    sentence = "Tệp nhận được không phải một tệp PDF đọc được từ đầu đến cuối."
    next_step = "Lấy lại tệp từ nơi gửi; nếu là giấy tờ của công dân, quét bản giấy."
    operator = "not a whole PDF: {found}"


class TooLarge(VerificationProblem):
    """The file or something in it exceeds a named limit."""

    code = "VER-002"
    sentence = "Tệp này vượt giới hạn về dung lượng, số trang hoặc độ nén cho phép."
    next_step = "Tách giấy tờ thành nhiều tệp rồi gửi lại."
    operator = "limit {limit} exceeded: {found}"


class NotTheRecordedFile(VerificationProblem):
    """The file does not begin with the bytes that the signed record names."""

    code = "VER-003"
    sentence = "Nội dung tệp khác với tệp đã ghi trong hồ sơ."
    next_step = "Không dùng tệp này. Lấy lại tệp gốc từ nơi quét."
    operator = "first {length} bytes do not hash to the recorded value; file has {found} bytes"


class Encrypted(VerificationProblem):
    """An encrypted file cannot be checked."""

    code = "VER-004"
    sentence = "Tệp được đặt mật khẩu nên không kiểm tra được."
    next_step = "Đề nghị người nộp gửi lại tệp không đặt mật khẩu."
    operator = "the file has /Encrypt"


class ActiveContent(VerificationProblem):
    """The file can run something, call somebody or carry another file."""

    code = "VER-005"
    sentence = "Tệp có phần tự chạy, liên kết ra ngoài hoặc tệp đính kèm bên trong."
    next_step = "Không mở tệp này. Quét bản giấy hoặc đề nghị gửi lại bản chỉ có nội dung."
    operator = "active content: {found}"


class BrokenStructure(VerificationProblem):
    """The structure of the file is damaged or made to mislead readers."""

    code = "VER-006"
    sentence = "Cấu trúc bên trong tệp bị hỏng hoặc bị sắp đặt khác thường."
    next_step = "Không dùng tệp này. Lấy lại tệp gốc hoặc quét lại bản giấy."
    operator = "structure refused: {found}"


class FieldsDiffer(VerificationProblem):
    """The signatures in the file are not the ones this step expects."""

    code = "VER-007"
    sentence = "Chữ ký trong tệp không đúng với bước xử lý của hồ sơ này."
    next_step = "Mở hồ sơ, xem bước hiện tại đã có những chữ ký nào rồi lấy đúng tệp của bước đó."
    operator = "expected signed fields {expected}, found {found}"


class Unsigned(VerificationProblem):
    """A whole PDF that nobody signed."""

    code = "VER-008"
    sentence = "Tệp này chưa có chữ ký số nào."
    next_step = "Dùng như bản chụp để xem; muốn có giá trị thì lấy bản đã ký từ nơi phát hành."
    operator = "no signature in the file"


class SignatureBroken(VerificationProblem):
    """The signature does not match the bytes it covers."""

    code = "VER-010"
    sentence = "Chữ ký không khớp với nội dung tệp: tệp đã bị sửa."
    next_step = "Không dùng tệp này. Lấy lại tệp gốc từ nơi quét."
    operator = "field {field}: digest or signature value does not verify ({found})"


class ModifiedAfterSigning(VerificationProblem):
    """Genuine signature, later changes beyond what it allows."""

    severity = "modified"
    code = "VER-011"
    sentence = "Chữ ký thật nhưng tệp đã bị thay đổi sau khi ký, ngoài những gì người ký cho phép."
    next_step = "So với bản đã lưu lúc ký; chỉ dùng bản đó."
    operator = "field {field}: later changes not allowed ({found})"


class CertificateExpired(VerificationProblem):
    """The certificate was not in force, and nothing proves the signature is older."""

    code = "VER-012"
    sentence = "Chứng thư của người ký nằm ngoài thời hạn và không có dấu thời gian chứng minh đã ký trước đó."
    next_step = "Đề nghị người ký ký lại bằng chứng thư còn hạn."
    operator = "field {field}: certificate outside its validity ({found})"


class CertificateRevoked(VerificationProblem):
    """The certificate, or its issuer's, was revoked."""

    code = "VER-013"
    sentence = "Chứng thư của người ký đã bị thu hồi."
    next_step = "Chuyển người có thẩm quyền xem: nếu ký trước khi thu hồi thì cần bằng chứng về thời điểm ký."
    operator = "field {field}: certificate revoked ({found}); human review"


class IssuerUnknown(VerificationProblem):
    """No path to a trusted root."""

    code = "VER-014"
    sentence = "Chứng thư của người ký không do tổ chức chứng thực mà ngành tin cậy cấp."
    next_step = "Kiểm tra lại nguồn gốc tệp; đề nghị ký lại bằng chứng thư được công nhận."
    operator = "field {field}: no chain to a trusted root ({found})"


class CertificateMisused(VerificationProblem):
    """The certificate was not issued for signing documents."""

    code = "VER-015"
    sentence = "Chứng thư đã dùng không được cấp để ký giấy tờ."
    next_step = "Đề nghị ký lại bằng chứng thư ký số."
    operator = "field {field}: key usage or chain constraint ({found})"


class WeakAlgorithm(VerificationProblem):
    """Made with an algorithm that proves nothing any more."""

    code = "VER-016"
    sentence = "Chữ ký dùng thuật toán cũ không còn được chấp nhận."
    next_step = "Đề nghị ký lại bằng phần mềm hiện hành."
    operator = "field {field}: algorithm refused ({found})"


class RevocationUnknown(VerificationProblem):
    """There is no fresh revocation list, so nobody can say whether the certificate still stands."""

    code = "VER-017"
    sentence = "Chưa có danh sách thu hồi chứng thư mới nên chưa kết luận được về chữ ký."
    next_step = "Không cần làm gì tại quầy; trung tâm kiểm lại khi có danh sách mới."
    operator = "field {field}: no fresh CRL ({found})"


class SignatureRefused(VerificationProblem):
    """The signature cannot be judged, for another reason."""

    code = "VER-018"
    sentence = "Chữ ký trong tệp không kiểm được."
    next_step = "Giữ tệp ở khu kiểm tra, gọi bộ phận kỹ thuật và đọc mã VER-018."
    operator = "field {field}: {found}"


class NotCovered(VerificationProblem):
    """Bytes stand behind the newest signature that nobody signed and no time stamp explains."""

    severity = "modified"
    code = "VER-020"
    sentence = "Cuối tệp có phần thêm vào mà không chữ ký nào bảo vệ."
    next_step = "So với bản đã lưu lúc ký; chỉ dùng bản đó."
    operator = "bytes after the newest signature: {found}"


class NameForged(VerificationProblem):
    """The name shown is not the name in the certificate."""

    code = "VER-021"
    sentence = "Tên hiện trên trang khác với tên trong chứng thư của người ký."
    next_step = "Không dùng tệp này; báo người phụ trách an toàn thông tin."
    operator = "field {field}: visible or declared name differs from the certificate ({found})"


class TimeForged(VerificationProblem):
    """The time shown is not the time in the signature."""

    code = "VER-022"
    sentence = "Giờ hiện trên trang khác với giờ ghi trong chữ ký."
    next_step = "Không dùng tệp này; báo người phụ trách an toàn thông tin."
    operator = "field {field}: visible time differs from the signature's ({found})"


class TimeOutsideInterval(VerificationProblem):
    """The claimed time lies before the last acknowledgement or after the arrival."""

    code = "VER-023"
    sentence = "Giờ ký ghi trong tệp không nằm giữa lần đồng bộ trước và lúc trung tâm nhận."
    next_step = "Kiểm tra đồng hồ của máy quét, rồi chuyển người có thẩm quyền xem."
    operator = "field {field}: claimed time outside the possible interval"


class SignerUnknown(VerificationProblem):
    """The certificate is good but belongs to nobody who may sign this."""

    code = "VER-024"
    sentence = "Người ký không có trong danh sách được ký loại giấy tờ này."
    next_step = "Đăng ký chứng thư của viên chức, hoặc đề nghị đúng người ký lại."
    operator = "field {field}: certificate {found} is not registered"


class TimestampBroken(VerificationProblem):
    """A time stamp in the file does not hold."""

    code = "VER-025"
    sentence = "Dấu thời gian trong tệp không đúng."
    next_step = "Dùng bản trước khi thêm dấu thời gian; trung tâm sẽ đóng dấu lại."
    operator = "time stamp {field}: {found}"


class RecordNotCanonical(VerificationProblem):
    """The signed record is not in the one form in which records are signed."""

    code = "VER-026"
    sentence = "Bản ghi dữ liệu đã ký không đúng dạng quy ước."
    next_step = "Bóc tách và ký lại bản ghi này."
    operator = "record is not canonical JSON: {found}"
