"""The check-up behind `doctor`: one line per thing that can fail, with its state, what was found, and the next step.

Exit codes: 0 everything is well · 10 something needs a look soon · 1 something is broken. A check that itself fails is a broken line,
never an end of the check-up. No line names a citizen.
"""

from __future__ import annotations

import datetime as dt
import enum
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import apsw
import msgspec

from sync_protocol.adapters.backup.manifest import finished
from sync_protocol.adapters.disk import DiskCondition, disk_state
from sync_protocol.adapters.sqlite import Migration, Room, full_read_check, quick_check
from sync_protocol.adapters.terminal import print_json, show
from sync_protocol.errors import Problem

CLOCK_TOLERANCE_MS = 60_000
BACKUP_AGE_DAYS = 2
CERTIFICATE_SOON_DAYS = 30
_GIB = 1024**3


class State(enum.StrEnum):
    """How a thing is; the values are what people read."""

    WELL = "tốt"
    SOON = "cần xem"
    BROKEN = "hỏng"


class Line(msgspec.Struct, frozen=True):
    """One thing examined."""

    name: str
    state: State
    finding: str
    next_step: str = ""


Check = tuple[str, Callable[[], Line]]


def examine(checks: Iterable[Check]) -> list[Line]:
    """Run every check, also when an earlier one failed."""
    lines = []
    for name, check in checks:
        try:
            lines.append(check())
        except Problem as problem:
            lines.append(
                Line(name, State.BROKEN, f"{problem.clerk_sentence} ({problem.code})", problem.clerk_next_step)
            )
        except Exception as error:  # a check-up must come to its end whatever one check meets
            finding = f"Không kiểm tra được ({type(error).__name__})."
            lines.append(
                Line(
                    name,
                    State.BROKEN,
                    finding,
                    "Chạy lại lệnh; còn lặp lại thì gửi kết quả --json cho bộ phận kỹ thuật.",
                )
            )
    return lines


def refused(name: str, problem: Problem) -> Line:
    """The line that stands alone when nothing could even be opened, with what the operator must know (which setting, which file)."""
    return Line(name, State.BROKEN, f"{problem.clerk_sentence} ({problem.operator_line})", problem.clerk_next_step)


def exit_code(lines: Sequence[Line]) -> int:
    """What the command ends with.

    >>> exit_code([Line("a", State.WELL, ""), Line("b", State.SOON, "")])
    10
    """
    states = {line.state for line in lines}
    return 1 if State.BROKEN in states else 10 if State.SOON in states else 0


def report(title: str, lines: Sequence[Line], *, as_json: bool) -> None:
    """Print the lines."""
    if as_json:
        print_json(lines)
        return
    columns = {"name": "mục", "state": "tình trạng", "finding": "thấy gì", "next_step": "việc tiếp theo"}
    show(title, columns, [(one.name, one.state, one.finding, one.next_step) for one in lines], as_json=False)


def check_disk(name: str, folder: Path) -> Line:
    """Room on the disk that holds `folder`. Raises StorageUnavailable."""
    found = disk_state(folder)
    said = f"còn {found.free_bytes / _GIB:.1f} GiB"
    if found.condition is DiskCondition.READ_ONLY:
        return Line(
            name, State.BROKEN, said + ", chỉ còn đọc được", "Giải phóng ổ đĩa ngay (bản dự phòng cũ, nhật ký)."
        )
    if found.condition is DiskCondition.REFUSE_UPLOADS:
        return Line(name, State.SOON, said + ", tạm ngừng nhận bản quét", "Giải phóng ổ đĩa trước khi quét tiếp.")
    return Line(name, State.WELL, said)


def check_database(connection: apsw.Connection, *, full: bool) -> Line:
    """A quick check, or every page and row. Raises StorageCorrupt."""
    if full:
        read = full_read_check(connection)
        return Line("Cơ sở dữ liệu", State.WELL, f"đã đọc hết {read.rows} dòng trong {read.tables} bảng")
    quick_check(connection)
    pages = int(connection.pragma("page_count")) * int(connection.pragma("page_size"))
    return Line("Cơ sở dữ liệu", State.WELL, f"kiểm tra nhanh đạt, {pages / 2**20:.1f} MiB")


def check_migrations(connection: apsw.Connection, steps: Sequence[Migration], room: Room | None) -> Line:
    """Whether the database stands exactly where this release wants it, and where it does not, whether there is room to bring it there (None: not seen)."""
    done = [str(name) for (name,) in connection.execute("SELECT name FROM migration ORDER BY position")]
    wanted = [step.name for step in steps]
    if done == wanted:
        return Line("Bước nâng cấp dữ liệu", State.WELL, f"đủ {len(done)} bước")
    if done == wanted[: len(done)]:
        return _steps_left(len(wanted) - len(done), room)
    return Line(
        "Bước nâng cấp dữ liệu",
        State.BROKEN,
        "dữ liệu thuộc bản phần mềm khác",
        "Cài đúng bản phần mềm đã dùng (deploy/README.md).",
    )


def _steps_left(left: int, room: Room | None) -> Line:
    said, next_step = f"còn {left} bước", "Sao lưu bằng bản phần mềm cũ, rồi khởi động dịch vụ bằng bản này để nâng cấp."
    if room is None:
        return Line("Bước nâng cấp dữ liệu", State.SOON, said, next_step)
    needed_mb, free_mb = room.in_mb
    said += f", cần {needed_mb} MB trống, ổ đĩa còn {free_mb} MB"
    if not room.is_enough:
        return Line("Bước nâng cấp dữ liệu", State.BROKEN, said, "Giải phóng ổ đĩa trước khi nâng cấp (STO-018).")
    return Line("Bước nâng cấp dữ liệu", State.SOON, said, next_step)


def check_backup_age(root: Path, now: dt.datetime) -> Line:
    """How old the newest finished backup is."""
    held = finished(root)
    if not held:
        return Line("Bản dự phòng", State.SOON, "chưa có bản nào", "Chạy lệnh “backup” và đặt lịch hằng đêm.")
    newest = held[-1].manifest
    hours = (now.timestamp() * 1000 - newest.made_ms) / 3_600_000
    said = f"bản mới nhất cách đây {hours:.0f} giờ, tất cả {len(held)} bản"
    if newest.lacking:
        return Line(
            "Bản dự phòng", State.BROKEN, f"{said}, thiếu {newest.lacking} tệp", "Chạy “verify” để biết tệp nào hỏng."
        )
    if hours > BACKUP_AGE_DAYS * 24:
        return Line("Bản dự phòng", State.SOON, said, "Kiểm tra lịch sao lưu và ổ dự phòng, rồi chạy lệnh “backup”.")
    return Line("Bản dự phòng", State.WELL, said)


def check_days_left(name: str, ends: dt.datetime, now: dt.datetime, next_step: str) -> Line:
    """A certificate's or credential's days left."""
    days = (ends - now).days
    state = State.BROKEN if ends <= now else State.SOON if days < CERTIFICATE_SOON_DAYS else State.WELL
    return Line(name, state, f"còn {days} ngày, đến {ends:%d/%m/%Y}", "" if state is State.WELL else next_step)


def check_owner_only(name: str, path: Path) -> Line:
    """A secret file: there, and readable by its owner only."""
    mode = path.stat().st_mode & 0o777
    if mode & 0o077:
        return Line(name, State.BROKEN, f"quyền {mode:04o}: người khác đọc được", f"Chạy: chmod 600 {path.name}")
    return Line(name, State.WELL, f"quyền {mode:04o}")
