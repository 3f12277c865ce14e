"""`edge-node doctor`: the lines on where scans come from. Only what the office has set is examined; being off is never broken."""

from __future__ import annotations

import os
import socket
from pathlib import Path
from urllib.parse import urlsplit

from edge_node.settings import CaptureSettings
from sync_protocol.adapters.checkup import Check, Line, State

CONNECT_S = 3.0
_FOLDER, _SCANNERS = "Thư mục máy quét", "Máy quét"


def capture_checks(root: Path, settings: CaptureSettings) -> list[Check]:
    """Lines for the watched folder and the network scanners of the settings; none for what is not set."""
    found: list[Check] = []
    if settings.watch_folder is not None:
        folder = root / settings.watch_folder
        found.append((_FOLDER, lambda: _check_folder(folder)))
    if settings.scanners:
        found.append((_SCANNERS, lambda: _check_scanners(settings)))
    return found


def _check_folder(folder: Path) -> Line:
    if not folder.is_dir():
        return Line(
            _FOLDER, State.SOON, "chưa thấy thư mục", "Kiểm tra dây mạng, ổ chia sẻ và mục capture.watch_folder."
        )
    if not os.access(folder, os.R_OK | os.W_OK | os.X_OK):
        return Line(
            _FOLDER, State.BROKEN, "không có quyền đọc, ghi", "Cho tài khoản của điểm quyền đọc, ghi thư mục này."
        )
    waiting = sum(1 for one in folder.iterdir() if one.is_file())
    return Line(_FOLDER, State.WELL, f"đọc, ghi được; {waiting} tệp đang chờ lấy")


def _check_scanners(settings: CaptureSettings) -> Line:
    silent = [one.name for one in settings.scanners if not _answers(one.address)]
    if silent:
        finding = f"{len(silent)} trong {len(settings.scanners)} máy quét không trả lời: {', '.join(silent)}"
        return Line(
            _SCANNERS, State.SOON, finding, "Bật máy quét; nếu đã bật, kiểm tra địa chỉ ở mục capture.scanners."
        )
    return Line(_SCANNERS, State.WELL, f"{len(settings.scanners)} máy quét trả lời")


def _answers(address: str) -> bool:
    parts = urlsplit(address)
    try:
        port = parts.port or (443 if parts.scheme == "https" else 80)
        socket.create_connection((parts.hostname or "", port), CONNECT_S).close()
    except (OSError, ValueError):
        return False
    return True
