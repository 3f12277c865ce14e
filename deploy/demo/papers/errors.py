"""Problems of the demo papers: a word list or a font that is missing, a folder that cannot be written."""

from __future__ import annotations

from sync_protocol.errors import Problem


class FontMissing(Problem):
    """No typeface with the whole Vietnamese alphabet was found."""

    code = "PAP-001"
    sentence = "Máy này chưa có đủ phông chữ tiếng Việt để dựng bộ giấy tờ mẫu."
    next_step = "Cài các gói phông chữ ghi trong trang PAP-001 rồi chạy lại lệnh dựng giấy tờ mẫu."
    operator = "expected at least {wanted} typefaces with all Vietnamese letters, found {found}"
    exit_code = 3
    event = "papers.font.missing"


class FolderNotWritable(Problem):
    """The output folder is a file, or belongs to somebody else."""

    code = "PAP-002"
    sentence = "Không ghi được bộ giấy tờ mẫu vào thư mục đã chọn."
    next_step = "Chọn thư mục khác bằng --out hoặc cấp quyền ghi cho thư mục đó."
    operator = "cannot write into the output folder: {reason}"
    exit_code = 3
    event = "papers.folder.refused"


class ImpossibleNumber(Problem):
    """An invented number would break its own grammar."""

    code = "PAP-003"
    sentence = "Số dựng cho giấy tờ mẫu không theo đúng quy tắc của loại số đó."
    next_step = "Chọn hạt giống khác bằng --seed rồi dựng lại."
    operator = "no {what} can be formed from the given parts"
    event = "papers.number.impossible"
