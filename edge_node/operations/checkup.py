"""`edge-node doctor`: the node's own lines beside the common ones. Nothing is changed by looking; no line is needed for it."""

from __future__ import annotations

import datetime as dt
import socket
from pathlib import Path
from urllib.parse import urlsplit

import apsw

from edge_node.capture.decode import DECODE_ENTRY, DECODE_TASK
from edge_node.identity import Identity, StateFolder
from edge_node.operations.capture_checks import capture_checks
from edge_node.operations.overview import oldest_waiting_ms, overview
from edge_node.operations.scrubbing import check_files
from edge_node.operations.token_checks import token_checks
from edge_node.recognition.assets import FILES_OF, proved
from edge_node.recognition.model import RecogniserKind
from edge_node.settings import NodeSettings, ReadingChoice
from edge_node.store.node_store import clock_offset_ms, read_state
from edge_node.store.schema import MIGRATIONS
from edge_node.sync.not_taken import KIND_LABELS, not_taken
from edge_node.sync.refusal import refusal
from sync_protocol.adapters import signatures
from sync_protocol.adapters.bus.credentials import read_credentials
from sync_protocol.adapters.catalogue_file import open_catalogue
from sync_protocol.adapters.checkup import (
    CLOCK_TOLERANCE_MS,
    Check,
    Line,
    State,
    check_backup_age,
    check_database,
    check_days_left,
    check_disk,
    check_migrations,
    check_owner_only,
)
from sync_protocol.adapters.sandbox.sandbox import open_sandbox
from sync_protocol.adapters.sqlite import room_at
from sync_protocol.calendar import VIETNAM

OLD_QUEUE_HOURS = 24
CONNECT_S = 3.0


def node_checks(
    folder: StateFolder,
    identity: Identity,
    settings: NodeSettings,
    connection: apsw.Connection,
    now: dt.datetime,
    *,
    full: bool,
) -> list[Check]:
    """Every line of the node's check-up, in the order they are read."""
    return [
        ("Ổ đĩa", lambda: check_disk("Ổ đĩa", folder.root)),
        ("Cơ sở dữ liệu", lambda: check_database(connection, full=full)),
        ("Bước nâng cấp dữ liệu", lambda: check_migrations(connection, MIGRATIONS, room_at(folder.database))),
        ("Khóa", lambda: check_owner_only("Khóa", folder.keys)),
        ("Đồng hồ", lambda: _check_clock(connection)),
        ("Đường tới trung tâm", lambda: _check_hub(identity)),
        ("Trung tâm nhận điểm này", lambda: _check_refusal(connection)),
        ("Bản mới từ trung tâm", lambda: _check_taken(connection)),
        ("Chứng thư kết nối", lambda: _check_credentials(identity, now)),
        ("Hàng chờ gửi", lambda: _check_queue(connection, now)),
        ("Tệp đã lưu", lambda: check_files(connection, now)),
        ("Danh mục", lambda: _check_catalogue(folder, identity, connection)),
        ("Mô hình đọc chữ", lambda: _check_models(settings.reading)),
        ("Phông chữ", lambda: _check_fonts(folder)),
        ("Hộp cát", _check_sandbox),
        ("Chữ ký số", lambda: _check_key_files(folder, settings)),
        *token_checks(settings, now),
        *capture_checks(folder.root, settings.capture),
        ("Bản dự phòng", lambda: check_backup_age(folder.root / settings.backup.folder, now)),
    ]


def _check_clock(connection: apsw.Connection) -> Line:
    offset = clock_offset_ms(connection)
    if offset is None:
        return Line("Đồng hồ", State.SOON, "chưa so được với trung tâm", "Kết nối mạng một lần.")
    said = f"lệch {abs(offset) / 1000:.1f} giây so với trung tâm ở lần gặp cuối"
    if abs(offset) > CLOCK_TOLERANCE_MS:
        return Line("Đồng hồ", State.BROKEN, said, "Bật đồng bộ giờ của máy: timedatectl set-ntp true")
    return Line("Đồng hồ", State.WELL, said)


def _check_hub(identity: Identity) -> Line:
    """Being offline is a normal state, so it is at most a thing to look at."""
    if not identity.servers:
        return Line("Đường tới trung tâm", State.SOON, "chưa có địa chỉ trung tâm nào", "Xin trung tâm ghi danh điểm này (central-hub enrol).")
    for server in identity.servers:
        address = urlsplit(server)
        try:
            socket.create_connection((address.hostname or "", address.port or 4222), CONNECT_S).close()
        except OSError:
            continue
        return Line("Đường tới trung tâm", State.WELL, "cổng kết nối trả lời")
    finding = f"không địa chỉ nào trong {len(identity.servers)} địa chỉ trả lời"
    return Line("Đường tới trung tâm", State.SOON, finding, "Điểm vẫn làm việc được. Kiểm tra dây mạng và tường lửa.")


def _check_refusal(connection: apsw.Connection) -> Line:
    """Whether the hub refused this desk when it was last met: then nothing it saves gets there, whatever the line does."""
    name, held = "Trung tâm nhận điểm này", refusal(connection)
    if held is not None:
        since = dt.datetime.fromtimestamp(held.since_ms / 1000, VIETNAM)
        return Line(name, State.BROKEN, f"{held.sentence} (mã {held.code}, từ {since:%H:%M %d/%m/%Y})", held.next_step)
    if read_state(connection, "epoch") is None:
        return Line(name, State.SOON, "chưa gặp trung tâm lần nào", "Kết nối mạng một lần.")
    return Line(name, State.WELL, "không bị từ chối ở lần gặp cuối")


def _check_taken(connection: apsw.Connection) -> Line:
    """What came from the hub and was no good: the former stays in force until somebody mends it there."""
    name, held = "Bản mới từ trung tâm", not_taken(connection)
    if not held:
        return Line(name, State.WELL, "không có bản nào bị gác lại")
    said = "; ".join(f"{KIND_LABELS[kind]} không nhận được (mã {code})" for kind, code in sorted(held.items()))
    pages = ", ".join(sorted(set(held.values())))
    return Line(name, State.SOON, said, f"Bản cũ vẫn dùng. Báo bộ phận kỹ thuật; sổ tay vận hành: trang {pages}.")


def _check_credentials(identity: Identity, now: dt.datetime) -> Line:
    ends = read_credentials(identity.credentials).expires_at_s
    if ends is None:
        return Line("Chứng thư kết nối", State.WELL, "không ghi ngày hết hạn; trung tâm thu hồi khi cần")
    moment = dt.datetime.fromtimestamp(ends, dt.UTC)
    return check_days_left(
        "Chứng thư kết nối", moment, now, "Xin trung tâm cấp lại tệp kết nối (central-hub enrol --again)."
    )


def _check_queue(connection: apsw.Connection, now: dt.datetime) -> Line:
    counts, oldest_ms = overview(connection).counts, oldest_waiting_ms(connection)
    if oldest_ms is None:
        return Line("Hàng chờ gửi", State.WELL, f"trống; trung tâm đã nhận {counts['acknowledged']} sự kiện")
    hours = (now.timestamp() * 1000 - oldest_ms) / 3_600_000
    said = f"{counts['waiting']} sự kiện, {counts['files_waiting']} tệp; lâu nhất {hours:.0f} giờ"
    if hours > OLD_QUEUE_HOURS:
        return Line("Hàng chờ gửi", State.SOON, said, "Nối mạng, hoặc mang tệp chuyển tay: edge-node export-courier")
    return Line("Hàng chờ gửi", State.WELL, said)


def _check_catalogue(folder: StateFolder, identity: Identity, connection: apsw.Connection) -> Line:
    row = connection.execute("SELECT version, signature FROM catalogue ORDER BY version DESC LIMIT 1").fetchone()
    if row is None:
        return Line(
            "Danh mục", State.BROKEN, "chưa nhận danh mục nào", "Nối mạng một lần, hoặc đi một chuyến USB: edge-node export-courier."
        )
    path = folder.catalogues / f"catalogue-{int(row[0])}.db"
    open_catalogue(path, bytes(row[1]), lambda message, mark: signatures.verify(identity.hub_public_key, message, mark))
    return Line("Danh mục", State.WELL, f"bản {row[0]}, chữ ký của trung tâm đúng")


def _check_models(reading: ReadingChoice) -> Line:
    """The files of the reader that this office has chosen; without one, papers are typed."""
    name, files = "Mô hình đọc chữ", FILES_OF[reading.kind]
    for file in files:
        proved(file)
    if reading.kind is RecogniserKind.MANUAL:
        return Line(name, State.WELL, "không dùng máy đọc: các ô được nhập tay")
    if reading.kind is RecogniserKind.LINES and not (Path(reading.tessdata) / "vie.traineddata").is_file():
        return Line(name, State.BROKEN, "thiếu vie.traineddata của bộ đọc dự phòng (mã OCR-005)", "Cài gói tesseract-ocr-vie, hoặc đặt reading.tessdata.")
    return Line(name, State.WELL, f"{len(files)} tệp đúng mã băm")


def _check_fonts(folder: StateFolder) -> Line:
    from edge_node.copies.typefaces import load_typeface  # half a second that a start does not need

    names = [load_typeface(kind, folder.typefaces).name for kind in ("text", "stamp")]
    return Line("Phông chữ", State.WELL, ", ".join(names) + ": đủ chữ Việt")


def _check_sandbox() -> Line:
    layers = open_sandbox({DECODE_TASK: DECODE_ENTRY}).layers
    if layers.namespaces:
        return Line("Hộp cát", State.WELL, "đủ ba lớp: hạn mức, lọc lời gọi hệ thống, không gian tên")
    return Line(
        "Hộp cát",
        State.SOON,
        "hai trên ba lớp (thiếu không gian tên)",
        "Cài gói bubblewrap và cho phép user namespaces.",
    )


def _check_key_files(folder: StateFolder, settings: NodeSettings) -> Line:
    named = [one.key_file for one in settings.officers if one.key_file] + [settings.agency.key_file or ""]
    missing = [name for name in named if name and not (folder.root / name).is_file()]
    if missing:
        return Line(
            "Chữ ký số",
            State.BROKEN,
            f"thiếu {len(missing)} tệp khóa",
            "Chép lại tệp khóa vào thư mục dữ liệu, quyền 0600.",
        )
    for name in named:
        if name and (line := check_owner_only("Chữ ký số", folder.root / name)).state is not State.WELL:
            return line
    return Line("Chữ ký số", State.WELL, f"{sum(1 for name in named if name)} tệp khóa, chỉ chủ đọc được")
