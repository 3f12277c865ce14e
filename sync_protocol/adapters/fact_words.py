"""What facts are called on a terminal: the key of the JSON stays English, a person reads Vietnamese."""

from __future__ import annotations

from typing import Final

FACT_WORDS: Final = {
    # what is held
    "events": "sự kiện đang giữ",
    "events_held": "sự kiện đang giữ",
    "hub_events": "trong đó của trung tâm",
    "own_events": "sự kiện của điểm này",
    "dossiers": "hồ sơ",
    "intake_waiting": "hồ sơ chờ bổ sung lúc tiếp nhận",
    "intake_refused": "hồ sơ từ chối tiếp nhận",
    "documents": "giấy tờ",
    "agency_signed": "giấy tờ có chữ ký cơ quan",
    "files": "tệp",
    "files_held": "tệp đang giữ",
    "files_local": "tệp tại điểm này",
    "files_waiting": "tệp chờ gửi",
    "files_accepted": "tệp đúng chữ ký",
    "files_quarantined": "tệp giữ riêng",
    "files_preserved": "bản lưu lâu dài",
    "files_referenced": "tệp được hồ sơ nhắc tới",
    "file_bytes": "dung lượng tệp (byte)",
    "bytes": "dung lượng (byte)",
    "lookups": "dòng nhật ký",
    # what needs a person
    "conflicts": "điều mâu thuẫn",
    "suspicions": "nghi trùng",
    "quarantined": "gói giữ riêng",
    "held": "gói giữ riêng",
    "jobs_waiting": "lượt quét chờ đọc",
    "jobs_stopped": "lượt quét cần xem",
    "jobs_done": "lượt quét đã đọc",
    # a stick
    "acknowledged_upto": "trung tâm xác nhận đến số",
    "files_at_hub": "tệp trung tâm vừa nhận",
    "news": "tin mới",
    "answers": "câu trả lời",
    "proven": "tệp đúng là của điểm",
    "came_sealed": "tệp mang đến có mã hóa",
    "sealed": "tệp ghi ra được mã hóa",
    "refused": "phần không nhận",
    # how far
    "acknowledged": "trung tâm đã nhận đến số",
    "waiting": "sự kiện chờ gửi",
    "hub_sequence": "số thứ tự ở trung tâm",
    "backed_up": "trung tâm đã có bản dự phòng đến số",
    "incarnations": "lượt ghi",
    "epoch": "kỷ nguyên",
    "existence_as_of": "chỉ mục toàn quốc lúc",
    "known_elsewhere": "kiểm tra lại thấy ở nơi khác",
    "hub_refuses": "trung tâm từ chối điểm này, mã",
    "not_taken": "bản mới gác lại, mã",
    "hub_refuses_since": "trung tâm từ chối từ",
    "compared_at": "đối chiếu với trung tâm lúc",
    "ranges_differing": "đoạn khác với trung tâm",
    "first_filling": "nhận dữ liệu lần đầu",
    # who and what
    "node": "điểm",
    "office": "cơ quan",
    "name": "tên",
    "state": "trạng thái",
    "version": "phiên bản",
    "entries": "mục",
    # backup and restore
    "backup": "bản dự phòng",
    "folder": "nơi để",
    "rows": "dòng đã đọc",
    "lacking": "tệp còn thiếu",
    "lost": "tệp không còn ở đâu",
    "pruned": "bản cũ đã bỏ",
    "new_incarnation": "mở lượt ghi mới vì",
}


def fact_word(key: str) -> str:
    """What a person reads for a fact; the key itself where nobody named it (a table of the database, a code)."""
    return FACT_WORDS.get(key, key)
