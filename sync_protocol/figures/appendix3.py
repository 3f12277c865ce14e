"""Phụ lục 3: the rows of the periodic report, and for each where its number comes from.

A row is computed from dossiers, read off the catalogue, counted at the hub, or typed by a person; a typed number never replaces a computed one. Labels are
shortened from the description we have of the annex; the annex itself was not seen with its full wording.

Source: 002 (KH 4269/KH-BHXH) Phụ lục 3 as described in domain.md A.9.3 [S].
"""

from __future__ import annotations

from typing import Final, Literal

import msgspec

from sync_protocol.figures.period_figures import PeriodFigures

Origin = Literal["computed", "catalogue", "counted_here", "typed"]


class Row(msgspec.Struct, frozen=True):
    """One indicator of the annex. `rate` names the rate that fills a computed row; `formula` is printed with it."""

    number: str
    label: str
    unit: str
    origin: Origin = "typed"
    rate: str = ""
    formula: str = ""


ROWS: Final = (
    Row("1.1", "Nhiệm vụ, văn bản chỉ đạo cải cách hành chính", "số lượng"),
    Row("1.2", "Kiểm tra cải cách hành chính", "số lượng"),
    Row("1.3", "Nhiệm vụ Chính phủ giao", "số lượng"),
    Row("1.4", "Khảo sát sự hài lòng: 0 chưa làm, 1 đã làm", "0/1"),
    Row("1.4.1", "Số phiếu khảo sát", "phiếu", "counted_here", formula="góp ý gửi qua mã in trên phiếu 01, 02, 03 trong kỳ"),
    Row("1.4.2", "Hình thức khảo sát: 0 trực tuyến, 1 giấy, 2 cả hai", "0/1/2"),
    Row("2.1.1", "Thủ tục mới ban hành trong kỳ", "thủ tục", "catalogue"),
    Row("2.1.2", "Thủ tục bãi bỏ, thay thế trong kỳ", "thủ tục", "catalogue"),
    Row("2.1.3", "Thủ tục còn hiệu lực cuối kỳ", "thủ tục", "catalogue"),
    Row("2.2.1", "Thủ tục công khai trên Cổng dịch vụ công quốc gia", "thủ tục"),
    Row("2.2.2", "Thủ tục mức độ 3, 4 tích hợp lên Cổng", "thủ tục"),
    Row("2.3.1", "Thủ tục liên thông cùng cấp", "thủ tục"),
    Row("2.3.2", "Thủ tục liên thông giữa các cấp", "thủ tục"),
    Row("2.3.3", "Thủ tục có quy trình nội bộ được phê duyệt", "%"),
    Row("2.3.4", "Quy trình nội bộ được điện tử hóa", "%"),
    Row(
        "2.4", "Hồ sơ thủ tục hành chính tiếp nhận được giải quyết đúng hạn", "%", "computed", "on_time_received",
        "hồ sơ tiếp nhận trong kỳ đã giải quyết sớm hoặc đúng hạn đến hết kỳ ÷ mọi hồ sơ tiếp nhận trong kỳ",
    ),
    Row("2.5.1", "Thủ tục công khai trên Cổng của ngành", "thủ tục"),
    Row("2.5.2", "Thủ tục mức độ 3, 4 trên Cổng của ngành", "thủ tục"),
    Row("3", "Tổ chức bộ máy, biên chế", "theo biểu riêng"),
    Row("4", "Chế độ công vụ", "theo biểu riêng"),
    Row("5", "Tài chính", "theo biểu riêng"),
    Row("6.1", "Kiến trúc, kế hoạch ứng dụng công nghệ thông tin", "0/1/2"),
    Row("6.2", "Kết nối, liên thông văn bản", "0/1/2"),
    Row("6.3", "Báo cáo qua Hệ thống thông tin báo cáo quốc gia", "%"),
    Row("6.4", "Hồ sơ công việc xử lý trên môi trường mạng", "%"),
    Row("6.5", "Văn bản đi được ký số", "%"),
    Row("6.6", "Hệ thống thông tin một cửa điện tử", "0/1/2"),
    Row("6.7.1", "Thủ tục cung cấp ở mức độ 3", "thủ tục"),
    Row("6.7.2", "Thủ tục cung cấp ở mức độ 4", "thủ tục"),
    Row(
        "6.7.3–6.7.4", "Hồ sơ nộp trực tuyến, mọi mức độ", "%", "computed", "online",
        "hồ sơ tiếp nhận trực tuyến ÷ mọi hồ sơ tiếp nhận trong kỳ; danh mục chưa ghi mức độ 3, 4 nên chưa tách",
    ),
)  # fmt: skip


class FilledRow(msgspec.Struct, frozen=True):
    """A row with its number as text; "" where nobody has given one yet."""

    row: Row
    value: str
    basis: str = ""


def fill(figures: PeriodFigures, catalogue: dict[str, int], typed: dict[str, str]) -> tuple[FilledRow, ...]:
    """Every row of the annex. `catalogue` (with what is counted at the hub) and `typed` are values by row number. Pure."""
    rates = figures.rates
    filled = []
    for row in ROWS:
        if row.origin == "computed":
            rate = rates[row.rate]
            value = "" if rate.percent is None else f"{rate.percent:.1f}".replace(".", ",")
            filled.append(FilledRow(row, value, f"{rate.part}/{rate.whole}"))
        elif row.origin in ("catalogue", "counted_here"):
            filled.append(FilledRow(row, str(catalogue[row.number]) if row.number in catalogue else ""))
        else:
            filled.append(FilledRow(row, typed.get(row.number, "")))
    return tuple(filled)


TYPED_NUMBERS: Final = frozenset(row.number for row in ROWS if row.origin == "typed")
