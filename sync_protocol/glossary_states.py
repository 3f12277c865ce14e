"""State words: the Vietnamese label of every state, sync word and closed list of values.

Invariant: a screen or slip takes the label of a value from here and from nowhere else; labels differ within a group.

Source: Nghị định 61/2018/NĐ-CP, Điều 16–20; Quyết định 1333/QĐ-BHXH (25/9/2023), Điều 4–8.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

VALUE_LABELS: Mapping[str, Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        "dossier_state": {
            "draft": ("Đang nhập", "Draft"),
            "received": ("Đã tiếp nhận", "Received"),
            "refused": ("Từ chối tiếp nhận", "Refused at intake"),
            "supplement_at_intake": ("Yêu cầu bổ sung khi tiếp nhận", "Asked to supplement at intake"),
            "handed_over": ("Đã chuyển", "Handed over"),
            "in_processing": ("Đang xử lý", "In processing"),
            "consulting": ("Đang xác minh, lấy ý kiến", "Consulting or verifying"),
            "supplement_requested": ("Yêu cầu bổ sung", "Supplement requested"),
            "extended": ("Xin lỗi, hẹn lại", "Extended with apology"),
            "result_ready": ("Có kết quả", "Result ready"),
            "result_returned": ("Đã trả kết quả", "Result returned"),
            "archived": ("Đã lưu trữ", "Archived"),
            "returned_with_notice": ("Trả lại hồ sơ", "Returned with notice"),
            "stopped": ("Dừng giải quyết", "Stopped"),
            "withdrawn": ("Rút hồ sơ", "Withdrawn"),
        },
        "dossier_move": {
            "accept": ("Nhận hồ sơ đã đủ", "Accept the complete dossier"),
            "refuse": ("Từ chối tiếp nhận", "Refuse at intake"),
            "ask_supplement": ("Yêu cầu bổ sung giấy tờ", "Ask for a supplement"),
            "complete_supplement": ("Đã bổ sung đủ", "Supplement complete"),
            "hand_over": ("Chuyển hồ sơ", "Hand over"),
            "take_up": ("Nhận xử lý", "Take up"),
            "consult": ("Xác minh, lấy ý kiến", "Consult or verify"),
            "answer": ("Đã có trả lời, xử lý tiếp", "Answered, continue"),
            "extend": ("Xin lỗi, gia hạn (một lần)", "Apologise and extend (once)"),
            "decide": ("Ra kết quả", "Decide"),
            "return_result": ("Trả kết quả", "Return the result"),
            "archive": ("Lưu trữ", "Archive"),
            "return_with_notice": ("Trả lại hồ sơ có thông báo", "Return with notice"),
            "stop": ("Dừng giải quyết", "Stop"),
            "withdraw": ("Người nộp rút hồ sơ", "Withdrawn by the applicant"),
            "reopen": ("Mở lại hồ sơ đã kết thúc", "Reopen an ended dossier"),
        },
        "proposal_reason": {
            "late": ("làm khi chưa biết nơi khác đã nhận quyền giải quyết", "made unaware that custody had gone on"),
            "no_fence": ("làm khi không có quyền giải quyết", "made without custody"),
            "not_custodian": ("nơi làm không giữ quyền giải quyết", "made by an office without custody"),
            "not_authority": ("chỉ nơi đã kết thúc hồ sơ được mở lại", "only the office that ended the dossier may reopen it"),
            "supplement_before": ("giấy tờ bổ sung nhận trước khi kết thúc nhưng tới sau", "a supplement received before the end, which arrived later"),
            "supplement_after": ("giấy tờ bổ sung nhận sau khi đã kết thúc", "a supplement received after the end"),
            "illegal": ("trạng thái hồ sơ lúc đó không cho phép", "not allowed from the state the dossier was in"),
        },
        "decision_outcome": {
            "granted": ("Giải quyết", "Granted"),
            "refused": ("Từ chối", "Refused"),
            "returned": ("Trả lại", "Returned"),
        },
        "component_state": {
            "required": ("Cần có", "Required"),
            "reused": ("Dùng lại dữ liệu đã có", "Reused"),
            "presented_only": ("Chỉ xuất trình", "Presented only"),
            "exempt": ("Không phải số hóa", "Exempt"),
            "waived": ("Lãnh đạo quyết định không số hóa", "Waived by the leader"),
            "captured": ("Đã sao chụp", "Captured"),
            "personal_signed": ("Đã ký số cá nhân", "Signed by the officer"),
            "extracted": ("Đã bóc tách", "Extracted"),
            "confirmed": ("Đã xác nhận", "Confirmed"),
            "coded": ("Đã cấp mã", "Coded"),
            "agency_signed": ("Đã ký số cơ quan", "Signed by the agency"),
            "in_repository": ("Đã vào Kho", "In the repository"),
            "superseded": ("Đã có bản thay thế", "Superseded"),
            "revoked": ("Đã thu hồi", "Revoked"),
        },
        "sync_word": {
            "saved_here": ("Đã lưu tại đây", "Saved here"),
            "sending": ("Đang gửi", "Sending"),
            "at_hub": ("Trung tâm đã nhận", "Received by the hub"),
            "backed_up": ("Đã có bản dự phòng", "Covered by a backup"),
            "needs_you": ("Cần bạn xem", "Needs you"),
        },
        "file_state": {
            "held": ("Đã tới, chưa kiểm tra chữ ký", "Arrived, signatures not checked"),
            "accepted": ("Đã kiểm tra chữ ký", "Signatures checked"),
            "quarantined": ("Giữ riêng, cần xem", "Quarantined"),
            "preserved": ("Bản lưu dài hạn", "Long-term copy"),
        },
        "signer_role": {
            "officer": ("viên chức", "officer"),
            "agency": ("cơ quan", "agency"),
        },
        "submitted_form": {
            "original": ("Bản chính", "Original"),
            "register_e_copy": ("Bản sao điện tử cấp từ sổ gốc", "E-copy from the register"),
            "certified_e_copy": ("Bản chứng thực điện tử từ bản chính", "E-copy certified from the original"),
            "photo_with_original": ("Bản chụp điện tử có bản chính đối chiếu", "E-photo compared with the original"),
            "photocopy": ("Bản sao chụp", "Photocopy"),
            "certified_paper_copy": ("Bản sao có chứng thực", "Certified paper copy"),
            "presented_only": ("Chỉ xuất trình", "Presented only"),
        },
        "digitize_rule": {
            "4.1a": ("Số hóa: là kết quả của thủ tục trước", "Digitize: result of an earlier procedure"),
            "4.1b": ("Số hóa: pháp luật BHXH, BHYT, BHTN quy định", "Digitize: required by sector law"),
            "4.1c": ("Số hóa: theo Quyết định danh mục của ngành", "Digitize: required by the sector list"),
            "4.1d": ("Số hóa: theo yêu cầu của người nộp", "Digitize: at the person's request"),
            "4.2": ("Số hóa: kết quả thẩm tra, xác minh, ý kiến", "Digitize: verification or opinion"),
            "5.1": ("Không số hóa: đã có dữ liệu được chia sẻ", "Do not digitize: already shared as data"),
            "5.2": ("Không số hóa: bản sao giấy", "Do not digitize: paper copy"),
            "5.3": ("Không số hóa: giấy chỉ xuất trình", "Do not digitize: presented only"),
            "5.4": ("Không số hóa: giấy tờ mật", "Do not digitize: classified"),
        },
        "intake_channel": {
            "in_person": ("Trực tiếp", "In person"),
            "online": ("Trực tuyến", "Online"),
            "postal": ("Qua bưu chính", "By post"),
        },
        "submitter": {
            "any": ("Mọi người nộp", "Any submitter"),
            "worker": ("Người lao động, người dân nộp trực tiếp", "The person"),
            "employer": ("Đơn vị sử dụng lao động nộp", "The employer"),
        },
        "deadline_unit": {
            "working_day": ("ngày làm việc", "working days"),
            "calendar_day": ("ngày", "calendar days"),
            "calendar_day_without_holidays": (
                "ngày, không tính ngày nghỉ lễ, Tết",
                "days, public holidays not counted",
            ),
        },
        "punctuality": {
            "early": ("Sớm hạn", "Early"),
            "on_time": ("Đúng hạn", "On time"),
            "late": ("Trễ hạn", "Late"),
        },
        "visit_kind": {
            "submit": ("Nộp hồ sơ", "Submit a dossier"),
            "supplement": ("Bổ sung giấy tờ", "Supplement papers"),
            "collect": ("Nhận kết quả", "Collect a result"),
            "advice": ("Hỏi, được hướng dẫn", "Ask for advice"),
        },
        "visit_outcome": {
            "served": ("Đã phục vụ", "Served"),
            "no_show": ("Gọi không có mặt", "Called in vain"),
            "unserved": ("Chưa được gọi khi hết ngày", "Not called that day"),
        },
        "erasure_state": {
            "waiting": ("Chờ phê duyệt", "Waiting for approval"),
            "carried_out": ("Đã thực hiện", "Carried out"),
            "withdrawn": ("Đã rút", "Withdrawn"),
        },
        "account_check": {
            "exists": ("Đã có tài khoản", "Account exists"),
            "created": ("Đã tạo theo yêu cầu", "Account created"),
            "declined": ("Người nộp không tạo", "Declined"),
            "not_done_offline": ("Chưa tra tài khoản", "Not looked up yet"),
            "absent": ("Chưa có tài khoản định danh", "No identity account"),
            "mismatch": (
                "Số, họ tên, ngày sinh chưa khớp dữ liệu dân cư",
                "Number, name and birth date differ from the population database",
            ),
        },
        "reuse_check": {
            "full": ("Đã tra mọi nguồn", "All sources searched"),
            "local_only": ("Chỉ tra tại máy này", "Searched on this machine only"),
        },
        "field_source": {
            "confirmed": ("Người xác nhận", "Confirmed"),
            "typed": ("Gõ tay", "Typed"),
            "qr": ("Mã QR", "QR"),
            "ocr": ("Máy đọc", "OCR"),
            "reused": ("Dữ liệu đã có", "Reused"),
        },
        "trust": {
            "S": ("Đọc trong văn bản gốc của dự án", "Read in a founding text"),
            "V": ("Đọc trong văn bản pháp luật", "Read in the legal text"),
            "P": ("Thấy trên Cổng dịch vụ công", "Seen on the national portal"),
            "2": ("Nguồn thứ cấp", "Secondary source"),
            "R": ("Chưa kiểm chứng", "Recalled, unverified"),
            "D": ("Do phần mềm đề xuất", "Our proposal"),
        },
    }
)
