"""Glossary: one English identifier, one Vietnamese word, for everything a clerk reads.

Invariant: screens, slips and letters print labels from here; an identifier stands in one row only.

Source: Quyết định 1333/QĐ-BHXH (25/9/2023); Nghị định 61/2018/NĐ-CP; Thông tư 03/2025/TT-VPCP (names of the forms).
"""

from __future__ import annotations

from typing import NamedTuple

from sync_protocol.glossary_states import VALUE_LABELS
from sync_protocol.law_problems import UnknownWord


class Term(NamedTuple):
    """One row: identifier in code, label as printed, English twin, and why the word was chosen."""

    identifier: str
    label: str
    english: str
    note: str = ""


TERMS: tuple[Term, ...] = (
    Term("dossier", "hồ sơ", "dossier"),
    Term("dossier_code", "mã hồ sơ", "dossier code", "promised on paper, never renumbered"),
    Term("component", "thành phần hồ sơ", "component", "one component = one file"),
    Term("submitted_form", "hình thức nộp", "submitted form"),
    Term("document_type", "mã loại giấy tờ", "document type"),
    Term("result_type", "mã kết quả", "result code", "KQ.<issuer>.NNNNNN"),
    Term("procedure", "thủ tục hành chính", "procedure", "TTHC"),
    Term("procedure_version", "phiên bản thủ tục", "procedure version"),
    Term("digitization", "số hóa", "digitization", "capture, extraction, code, storing"),
    Term("capture", "sao chụp", "capture", "step 1"),
    Term("extraction", "bóc tách", "extraction", "step 2"),
    Term("digitization_result_code", "mã kết quả số hóa", "digitization result code", "step 3; never a key"),
    Term("storing", "lưu", "storing", "step 4"),
    Term("waiver", "quyết định không số hóa", "waiver"),
    Term("reuse_check", "kiểm tra dữ liệu đã có", "reuse check"),
    Term("intake_officer", "viên chức TNHS", "intake officer"),
    Term("resolving_officer", "viên chức giải quyết", "resolving officer", "accountable for metadata"),
    Term("leader", "lãnh đạo", "leader"),
    Term("clerk", "văn thư", "records clerk", "holds the agency key"),
    Term("postal_agent", "nhân viên bưu chính", "postal agent"),
    Term("archivist", "bộ phận lưu trữ", "archivist"),
    Term("applicant", "người nộp", "applicant"),
    Term("holder", "chủ giấy tờ", "holder"),
    Term("related_person", "người liên quan", "related person"),
    Term("organization_unit_number", "mã số đơn vị", "unit number"),
    Term("personal_id_number", "số định danh cá nhân", "personal identification number", "12 digits, warn only"),
    Term("identity_card_alias", "số CMND cũ", "old identity card number", "9 digits, alias only"),
    Term("bhxh_number", "mã số BHXH", "social insurance number"),
    Term("tax_code", "mã số thuế", "tax code"),
    Term("personal_signature", "chữ ký số cá nhân", "personal signature", "at scanning, top-left"),
    Term("agency_signature", "ký số cơ quan", "agency signature", "after success, top-right, without image"),
    Term("certified_copy", "sao y", "certified copy"),
    Term("timestamp_token", "dấu thời gian", "time stamp"),
    Term("metadata", "thông tin siêu dữ liệu", "metadata", "eleven items a–l"),
    Term("repository", "Kho", "repository", "kho quản lý dữ liệu điện tử; only full identifiers"),
    Term("unassigned", "chưa xác định chủ", "unassigned", "kept outside the repository"),
    Term("paper_custody", "theo dõi bản giấy", "paper custody", "paper wins disputes"),
    Term("following", "theo dõi hồ sơ", "following", "the office is in the dossier's scope"),
    Term("exit", "thôi theo dõi hồ sơ", "leaving the scope", "the hub decides; a tombstone is left"),
    Term("result", "kết quả giải quyết", "result"),
    Term("office", "Bộ phận Một cửa", "office", "the place the node stands"),
    Term("administrative_unit", "đơn vị hành chính", "administrative unit", "two levels since 1/7/2025"),
    Term("province", "tỉnh, thành phố", "province"),
    Term("commune", "xã, phường, đặc khu", "commune"),
    Term("former_district", "huyện, quận cũ", "former district"),
    Term("receipt_slip", "giấy tiếp nhận hồ sơ và hẹn trả kết quả", "receipt slip", "form 01"),
    Term("supplement_slip", "phiếu yêu cầu bổ sung, hoàn thiện hồ sơ", "supplement slip", "form 02"),
    Term("refusal_slip", "phiếu từ chối tiếp nhận giải quyết hồ sơ", "refusal slip", "form 03"),
    Term("apology_letter", "văn bản xin lỗi, đề nghị gia hạn", "apology letter", "form 04; at most once"),
    Term("stop_notice", "thông báo dừng giải quyết", "stop notice", "form 05"),
    Term("control_slip", "phiếu kiểm soát quá trình giải quyết hồ sơ", "control slip", "form 06"),
    Term("register_book", "sổ theo dõi hồ sơ", "register", "form 07"),
    Term("return_notice", "văn bản trả lại hồ sơ", "return notice"),
    Term("received_at", "thời điểm tiếp nhận", "received at"),
    Term("due_at", "hẹn trả", "due"),
    Term("handed_over_at", "thời điểm chuyển", "handed over at", "after 15:00: next working day"),
    Term("intake_channel", "hình thức tiếp nhận", "intake channel"),
    Term("dossier_state", "trạng thái hồ sơ", "dossier state"),
    Term("component_state", "trạng thái thành phần hồ sơ", "component state"),
    Term("reading", "kết quả đọc", "reading", "unconfirmed OCR"),
    Term("confirmation", "xác nhận", "confirmation"),
    Term("page", "trang", "page"),
    Term("note_page", "trang có giấy ghi chú", "page with a note", "captured twice"),
    Term("node", "điểm", "node"),
    Term("hub", "trung tâm", "hub"),
    Term("outbox", "hàng chờ gửi", "outbox"),
    Term("inbox", "hàng nhận", "inbox"),
    Term("acknowledgement", "trung tâm đã nhận", "acknowledgement", "never receipt: that is the slip"),
    Term("custody", "quyền giải quyết hồ sơ", "custody", "of one office at a time; it alone moves the state"),
    Term("conflict_case", "việc cần đối chiếu", "conflict case"),
    Term("audit_record", "nhật ký", "audit record"),
    Term("revocation", "thu hồi giấy tờ", "revocation", "by its authority; data and file stay"),
    Term("reissue", "bản cấp lại", "issued again"),
    Term("withdrawal", "rút thành phần", "taking a component back", "with a reason; the file stays"),
    Term("correction", "sửa thông tin người nộp", "correction of identity", "two persons"),
    Term("receipt_correction", "sửa thời điểm tiếp nhận", "correction of a receipt's time", "the code keeps its day"),
    Term("proposal", "bước chưa có hiệu lực", "move without effect", "who has custody answers it"),
    Term("late_supplement", "bổ sung đến sau", "late supplement"),
    Term("reopening", "mở lại hồ sơ", "reopening", "by who ended it"),
    Term("law_change", "quy định đã đổi", "changed rules", "held against a later catalogue"),
    Term("note", "ghi chú", "note", "only grow"),
)

_BY_IDENTIFIER = {term.identifier: term for term in TERMS}


def term(identifier: str) -> Term:
    """Return the row of an identifier. Raises UnknownWord (LAW-010) where the glossary lacks it.

    >>> term("dossier_code").label
    'mã hồ sơ'
    """
    found = _BY_IDENTIFIER.get(identifier)
    if found is None:
        raise UnknownWord(word=identifier)
    return found


def label(group: str, value: str) -> str:
    """Return the Vietnamese label of a value of a closed list. Raises UnknownWord (LAW-010) where there is none.

    >>> label("dossier_state", "received")
    'Đã tiếp nhận'
    """
    return _value(group, value)[0]


def english(group: str, value: str) -> str:
    """Return the English twin of a value's label, for operators. Raises UnknownWord (LAW-010)."""
    return _value(group, value)[1]


def _value(group: str, value: str) -> tuple[str, str]:
    found = VALUE_LABELS.get(group, {}).get(value)
    if found is None:
        raise UnknownWord(word=f"{group}.{value}")
    return found
