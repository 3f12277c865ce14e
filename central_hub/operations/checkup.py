"""`central-hub doctor`: the hub's own lines beside the common ones. Nothing is changed by looking."""

from __future__ import annotations

import datetime as dt
import secrets
from functools import partial

import apsw
import httpx

from central_hub.enrolment.certificates import expires_at
from central_hub.enrolment.feed_filling import fed_upto
from central_hub.enrolment.server_process import find_server
from central_hub.errors import HubNotRunning
from central_hub.folder import HubFolder
from central_hub.gateways.checkup import check_gateways
from central_hub.ingest.greeting import newest_catalogue
from central_hub.operations.fleet import read_fleet
from central_hub.operations.trust_checks import check_judging, check_tls, check_web_tls
from central_hub.settings import HubSettings
from central_hub.store.epoch_anchor import EpochAnchor, assess, mark_of
from central_hub.store.file_store import file_store_of
from central_hub.store.hub_store import Embedded, Engine
from central_hub.store.schema import MIGRATIONS
from sync_protocol.adapters import event_log, signatures
from sync_protocol.adapters.catalogue_file import read_catalogue
from sync_protocol.adapters.checkup import (
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
from sync_protocol.adapters.keys import Keys
from sync_protocol.adapters.sqlite.rows import one_int

FEED_BEHIND_SOON = 10_000
RENEW_AUTHORITY = "Cấp lại chứng thư gốc của trung tâm và đăng ký lại các điểm trước ngày hết hạn."


def hub_checks(
    folder: HubFolder, settings: HubSettings, keys: Keys, engine: Engine, connection: apsw.Connection, anchor: EpochAnchor,
    now: dt.datetime, *, full: bool,
) -> list[Check]:  # fmt: skip
    """Every line of the hub's check-up, in the order they are read."""
    backups = folder.root / settings.backup.folder if settings.backup.folder else folder.backups
    now_ms = int(now.timestamp() * 1000)
    return [
        ("Ổ đĩa", lambda: check_disk("Ổ đĩa", folder.root)),
        ("Cơ sở dữ liệu", lambda: _check_tables(engine, connection, full=full)),
        ("Bước nâng cấp dữ liệu", lambda: check_migrations(connection, MIGRATIONS, engine.room())),
        ("Mốc kỷ nguyên", lambda: _check_mark(connection, anchor)),
        ("Khóa", lambda: check_owner_only("Khóa", folder.keys)),
        (
            "Chứng thư gốc",
            lambda: check_days_left("Chứng thư gốc", expires_at(folder.authority.read_bytes()), now, RENEW_AUTHORITY),
        ),
        ("Chứng thư TLS", lambda: check_tls(folder, now)),
        ("Chứng thư trang", lambda: check_web_tls(folder, settings, now)),
        ("Kho tệp", lambda: _check_files(folder, settings, keys)),
        ("Đối chiếu chữ ký", lambda: check_judging(folder, settings)),
        ("Luồng sự kiện", lambda: _check_feed(settings, connection)),
        ("Danh mục", lambda: _check_catalogue(folder, settings, keys, connection)),
        ("Máy chủ chuyển tin", lambda: Line("Máy chủ chuyển tin", State.WELL, f"có chương trình {find_server().name}")),
        ("Dịch vụ", partial(check_service, folder)),
        ("Các điểm", lambda: _check_fleet(connection, now_ms)),
        ("Cổng kết nối", lambda: check_gateways(folder.root, settings.gateways, connection, now_ms)),
        ("Bản dự phòng", lambda: check_backup_age(backups, now)),
    ]


def _check_tables(engine: Engine, connection: apsw.Connection, *, full: bool) -> Line:
    """The embedded file is read; PostgreSQL, whose policy was seen at the opening, says how large it is."""
    if isinstance(engine, Embedded):
        return check_database(connection, full=full)
    size = one_int(connection.execute("SELECT pg_database_size(current_database())").fetchone())
    return Line("Cơ sở dữ liệu", State.WELL, f"PostgreSQL trả lời, ghi chắc chắn, {size / 2**20:.1f} MiB")


def _check_files(folder: HubFolder, settings: HubSettings, keys: Keys) -> Line:
    """The file store is written, read and cleared once."""
    files = file_store_of(folder, settings.files, keys)
    probe = b"lienthong doctor " + secrets.token_bytes(16)
    digest = files.put(probe)
    is_whole = files.get(digest) == probe
    files.remove(digest)
    where = settings.files.s3 or "thư mục dữ liệu"
    if not is_whole:
        return Line(
            "Kho tệp", State.BROKEN, f"{where} trả về nội dung khác", "Ngừng nhận tệp và gọi người quản trị kho tệp."
        )
    return Line("Kho tệp", State.WELL, f"{where}: ghi, đọc và xóa được")


def _check_feed(settings: HubSettings, connection: apsw.Connection) -> Line:
    """How far the event feed for other systems is behind the log."""
    if not settings.feed.bytes:
        return Line("Luồng sự kiện", State.WELL, "không mở (feed.bytes = 0)")
    behind = event_log.last_position(connection) - fed_upto(connection)
    if behind > FEED_BEHIND_SOON:
        return Line(
            "Luồng sự kiện",
            State.SOON,
            f"còn {behind} sự kiện chưa ra luồng",
            "Xem nhật ký: journalctl -u lienthong-hub, mã NAT.",
        )
    return Line("Luồng sự kiện", State.WELL, f"đã ra đến vị trí {fed_upto(connection)}")


def check_service(folder: HubFolder) -> Line:
    """Whether the serving hub answers and says that it is ready."""
    try:
        running = folder.read_running()
    except HubNotRunning as problem:
        return Line("Dịch vụ", State.SOON, problem.clerk_sentence, problem.clerk_next_step)
    try:
        with httpx.Client(trust_env=False, timeout=3, verify=False) as web:  # this machine asks itself
            answer = web.get(f"{running.web}/health/ready")
    except httpx.HTTPError as error:
        finding = f"không trả lời ({type(error).__name__})"
        return Line("Dịch vụ", State.BROKEN, finding, "Xem nhật ký: journalctl -u lienthong-hub, rồi khởi động lại.")
    if answer.status_code != 200:
        return Line(
            "Dịch vụ", State.BROKEN, f"chưa sẵn sàng: {answer.text[:80]}", "Xem nhật ký: journalctl -u lienthong-hub."
        )
    return Line("Dịch vụ", State.WELL, "đang chạy và sẵn sàng")


def _check_mark(connection: apsw.Connection, anchor: EpochAnchor) -> Line:
    def id_at(position: int) -> bytes:
        row = connection.execute("SELECT id FROM event WHERE position = ?", (position,)).fetchone()
        return bytes(row[0]) if row else b""

    now = mark_of(connection)
    reason = assess(anchor.read(), now, id_at)
    if reason:
        finding = f"cơ sở dữ liệu không khớp mốc ({reason})"
        return Line(
            "Mốc kỷ nguyên",
            State.SOON,
            finding,
            "Lần chạy tới trung tâm mở kỷ nguyên mới; các điểm tự gửi lại. Kiểm tra ai đã thay tệp.",
        )
    return Line("Mốc kỷ nguyên", State.WELL, f"kỷ nguyên {now.epoch.hex()[:8]}, đến vị trí {now.position}")


def _check_catalogue(folder: HubFolder, settings: HubSettings, keys: Keys, connection: apsw.Connection) -> Line:
    offer = newest_catalogue(connection)
    if offer is None:
        return Line("Danh mục", State.SOON, "chưa công bố danh mục nào", "Chạy: central-hub catalogue build")
    content = file_store_of(folder, settings.files, keys).get(offer.digest.hex())
    read_catalogue(
        content, offer.signature, lambda message, mark: signatures.verify(keys.signer.public_key, message, mark)
    )
    return Line("Danh mục", State.WELL, f"bản {offer.version}, chữ ký đúng")


def _check_fleet(connection: apsw.Connection, now_ms: int) -> Line:
    nodes = [one for one in read_fleet(connection, now_ms) if not one.is_revoked]
    look = [one.node for one in nodes if one.needs_look]
    if look:
        finding = f"{len(look)} trên {len(nodes)} điểm cần hỏi: {', '.join(look[:5])}"
        return Line("Các điểm", State.SOON, finding, "Mở trang Các điểm, gọi từng cơ quan.")
    return Line("Các điểm", State.WELL, f"{len(nodes)} điểm, không điểm nào im lặng")
