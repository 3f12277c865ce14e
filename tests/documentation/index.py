"""The runbook's index: one line per page, made from the pages and the classes, so it can never be forgotten."""

from __future__ import annotations

import re
from itertools import groupby

from tests.documentation.problems import RUNBOOK, problem_classes

_AREAS = {
    "ALM": "cảnh báo của trung tâm", "BAK": "sao lưu, khôi phục", "BUS": "đường truyền tới trung tâm", "CAS": "đối chiếu giữa các cơ quan", "CAP": "quét và nhận tệp", "CAT": "danh mục", "CMD": "dòng lệnh", "CPL": "sổ phản ánh", "CTR": "quầy, số thứ tự", "ENR": "đăng ký điểm",
    "ERA": "xóa theo lệnh", "EXT": "bóc tách", "FIG": "số liệu, báo cáo", "FIL": "kho tệp", "GEN": "chung", "GWY": "cổng kết nối", "HUB": "trung tâm", "IMG": "ảnh", "INT": "tiếp nhận", "KEY": "khóa",
    "LOK": "tra cứu", "LAW": "quy định: thời hạn, mã, đơn vị", "NAT": "máy chủ chuyển tin", "NOD": "điểm", "NUM": "số định danh", "OCR": "đọc chữ", "PAP": "giấy mẫu",
    "PDF": "bản sao PDF/A", "PEO": "tài khoản", "REP": "báo cáo của cơ quan", "RES": "giải quyết", "REV": "xác nhận", "RVK": "thu hồi giấy", "SBX": "hộp cát", "SEA": "đối chiếu chữ ký tại trung tâm",
    "SET": "cài đặt", "SIG": "ký số", "SLP": "phiếu in", "STO": "cơ sở dữ liệu", "SUR": "góp ý của người dân", "SYN": "đồng bộ", "TRU": "danh sách thu hồi tại điểm", "VER": "kiểm tra", "WEB": "trang",
}  # fmt: skip
_HEAD = """# Sổ tay vận hành

Mỗi mã một trang: nghĩa là gì, người dùng thấy gì, kỹ thuật làm gì. Cảnh báo: [ALARMS.md](ALARMS.md).
Cài đặt, nâng cấp, sao lưu, khôi phục: `deploy/README.md`. Bảng này do `python -m tests.documentation` viết lại.
"""


def index_text() -> str:
    """The whole index as it must stand in the runbook."""
    sentences = {kind.code: kind.sentence for kind in problem_classes()}
    parts = [_HEAD]
    codes = sorted(page.stem for page in RUNBOOK.glob("???-???.md"))
    for area, members in groupby(codes, key=lambda code: code[:3]):
        lines = [f"- [{code}]({code}.md) {sentences.get(code) or _meaning(code)}" for code in members]
        parts.append(f"\n## {area}: {_AREAS.get(area, area)}\n\n" + "\n".join(lines) + "\n")
    return "".join(parts)


def _meaning(code: str) -> str:
    """The first sentence of a page whose code has no class of its own."""
    text = (RUNBOOK / f"{code}.md").read_text("utf-8")
    found = re.search(r"\*\*Nghĩa là gì\.\*\* (.+?[.:])(\s|$)", text)
    return found.group(1) if found else text.splitlines()[0].partition(":")[2].strip()
