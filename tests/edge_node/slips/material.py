"""Facts for slips: a made-up dossier at a made-up desk."""

from __future__ import annotations

import datetime as dt

from edge_node.slips.model import HandOver, RegisterRow, SlipComponent, SlipFacts

VIETNAM = dt.timezone(dt.timedelta(hours=7))
RECEIVED_AT = dt.datetime(2026, 11, 20, 9, 5, tzinfo=VIETNAM)
FACTS = SlipFacts(
    office="Bảo hiểm xã hội cơ sở Hữu Lũng",
    parent_office="Bảo hiểm xã hội tỉnh Lạng Sơn",
    place="Hữu Lũng",
    issued_at=RECEIVED_AT,
    officer_name="Trần Văn Ộp Ữ",
    number="217/TNHS",
    dossier_code="H37.2.04-261120-0007",
    procedure="Giải quyết hưởng chế độ thai sản",
    applicant="Nguyễn Thị Ẵm",
    address="Thôn Ỷ Ngoài, xã Hữu Lũng, tỉnh Lạng Sơn",
    phone="0912 345 678",
    components=(
        SlipComponent("Giấy ra viện"),
        SlipComponent("Danh sách đề nghị hưởng chế độ (01B-HSB)", 2),
        SlipComponent("Trích lục khai sinh", 1, "Bản sao"),
    ),
    time_limit="06 ngày làm việc",
    received_at=RECEIVED_AT,
    due_at=RECEIVED_AT + dt.timedelta(days=10),
    new_due_at=RECEIVED_AT + dt.timedelta(days=13),
    return_place="Bộ phận Một cửa",
    return_method="Trực tiếp",
    register_book="02",
    register_number="143",
    reason="Giấy ra viện thiếu dấu của bệnh viện",
    requests=("Giấy ra viện có dấu của bệnh viện", "Số tài khoản nhận tiền"),
    hand_overs=(
        HandOver("Bộ phận Một cửa", "Tổ chế độ", RECEIVED_AT, "Đúng hạn"),
        HandOver("Tổ chế độ", "Lãnh đạo", RECEIVED_AT + dt.timedelta(days=2), "Sớm hạn", "đã đủ"),
    ),
    rows=(
        RegisterRow("H37.2.04-261120-0007", "Hưởng chế độ thai sản", "Nguyễn Thị Ẵm", "Hữu Lũng", RECEIVED_AT),
        RegisterRow("H37.2.04-261120-0008", "Hưởng trợ cấp mai táng", "Lò Văn Ửng", "Chi Lăng", RECEIVED_AT),
    ),
    year=2026,
    tracking_url="https://tracuu.example.vn/H37.2.04-261120-0007",
    survey_url="https://danhgia.example.vn/H37",
    office_phone="0205 3 825 111",
)
