"""`central-hub doctor`: what others trust this hub by, and what it trusts: certificates, and the judging of signatures."""

from __future__ import annotations

import datetime as dt

from central_hub.enrolment.certificates import expires_at
from central_hub.folder import HubFolder
from central_hub.seals.judgement import judging_sandbox
from central_hub.settings import HubSettings
from sync_protocol.adapters.checkup import Line, State, check_days_left

_THIS_MACHINE = ("127.0.0.1", "::1", "localhost")


def check_tls(folder: HubFolder, now: dt.datetime) -> Line:
    """The certificate that nodes see, made anew at each start."""
    served = folder.bus / "server.crt"
    if not served.is_file():
        return Line("Chứng thư TLS", State.WELL, "cấp mới mỗi lần chạy; chưa chạy lần nào")
    return check_days_left(
        "Chứng thư TLS", expires_at(served.read_bytes()), now, "Khởi động lại trung tâm: chứng thư mới được cấp."
    )


def check_web_tls(folder: HubFolder, settings: HubSettings, now: dt.datetime) -> Line:
    """The certificate that browsers see, where IT brought its own."""
    web = settings.web
    if not web.name and web.host not in _THIS_MACHINE:
        return Line(
            "Chứng thư trang",
            State.SOON,
            f"trang mở ở {web.host} không mã hóa: mật khẩu đi qua mạng ai cũng đọc được",
            "Đặt web.name để trang chạy qua TLS; có máy chủ TLS đứng trước thì bỏ qua.",
        )
    if not web.name:
        return Line("Chứng thư trang", State.WELL, "không dùng (web.name trống: trang chỉ mở tại máy này)")
    if not (web.certificate_file and web.key_file):
        return Line("Chứng thư trang", State.WELL, "chứng thư gốc của trung tâm cấp mới mỗi lần chạy")
    served = folder.root / web.certificate_file
    missing = [name for name in (web.certificate_file, web.key_file) if not (folder.root / name).is_file()]
    if missing:
        return Line(
            "Chứng thư trang",
            State.BROKEN,
            f"thiếu tệp {', '.join(missing)}",
            "Chép tệp vào thư mục dữ liệu, hoặc bỏ trống hai mục ấy.",
        )
    return check_days_left(
        "Chứng thư trang", expires_at(served.read_bytes()), now, "Thay tệp chứng thư rồi khởi động lại trung tâm."
    )


def check_judging(folder: HubFolder, settings: HubSettings) -> Line:
    """Whether signatures on files can be judged: without it everything received stays unexamined."""
    if not settings.seals.trust_folder:
        return Line(
            "Đối chiếu chữ ký",
            State.SOON,
            "chưa đặt seals.trust_folder: tệp nhận về chưa được đối chiếu",
            "Đặt thư mục chứng thư được tin trong hub.toml rồi khởi động lại.",
        )
    trust = folder.root / settings.seals.trust_folder
    roots = len(list(trust.glob("*.root.der")))
    if not roots:
        return Line(
            "Đối chiếu chữ ký",
            State.BROKEN,
            "thư mục chứng thư được tin không có chứng thư gốc nào",
            "Chép chứng thư gốc (*.root.der) vào thư mục ở seals.trust_folder.",
        )
    if not judging_sandbox().layers.namespaces:
        return Line(
            "Đối chiếu chữ ký",
            State.SOON,
            f"{roots} chứng thư gốc; hộp cát hai trên ba lớp (thiếu không gian tên)",
            "Cài gói bubblewrap và cho phép user namespaces.",
        )
    return Line("Đối chiếu chữ ký", State.WELL, f"{roots} chứng thư gốc; hộp cát đủ ba lớp")
