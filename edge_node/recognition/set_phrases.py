"""Set phrases of the office's papers: words that stand together and can be spelled in one way only.

On a blurred page a hook looks like an acute, and both readers write "bảo hiếm" or "bồ sung", which are built like syllables and mean
nothing. Where every letter of such a phrase is there, one of its words is right with all its marks, and another differs in marks only,
the phrase decides. Nothing is decided in words that each begin with a capital: that is how names are written, and "Hồ Sở" is one.
Phrases count in capitals only where they are no name ("HỒ SƠ" could be).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

import msgspec

from edge_node.recognition.folding import bare
from edge_node.recognition.model import Word

ALSO_IN_CAPITALS = (
    "bảo hiểm", "xã hội", "y tế", "thất nghiệp", "quyết định", "điều chỉnh", "thông tin", "giải quyết", "chế độ", "hưởng chế độ", "trợ cấp",
    "giấy chứng nhận", "giấy xác nhận", "giấy ra viện", "giấy báo tử", "giấy khai sinh", "tờ khai", "tham gia", "danh sách", "người lao động",
    "lao động", "đơn đề nghị", "đề nghị", "biên bản", "giám định", "tai nạn", "bệnh nghề nghiệp", "nghề nghiệp", "mất sức", "hưu trí",
    "căn cước", "công dân", "hợp đồng", "ủy quyền", "tiếp nhận", "kết quả", "hành chính", "việt nam", "cộng hòa", "chủ nghĩa", "độc lập",
    "hạnh phúc", "phiếu", "hướng dẫn", "bổ sung", "hoàn thiện", "từ chối", "thai sản", "ốm đau", "tử tuất", "thương tật", "bảng kê",
)  # fmt: skip

PHRASES = (
    "hồ sơ", "giấy tờ", "thời hạn", "thời gian", "thủ tục", "thành phần", "cán bộ", "công chức", "viên chức", "cơ quan", "đơn vị", "địa chỉ",
    "địa điểm", "nơi cư trú", "cư trú", "thường trú", "tạm trú", "số điện thoại", "điện thoại", "họ và tên", "ngày sinh", "giới tính", "quốc tịch",
    "quê quán", "dân tộc", "nghỉ việc", "nghỉ ốm", "ra viện", "vào viện", "điều trị", "chẩn đoán", "bệnh viện", "khám chữa bệnh", "khám bệnh",
    "chữa bệnh", "sức khỏe", "khả năng", "suy giảm", "mức hưởng", "mức đóng", "mức lương", "tiền lương", "lương hưu", "phụ cấp", "tài khoản",
    "ngân hàng", "chủ tài khoản", "quy định", "căn cứ", "nghị định", "thông tư", "luật", "hiệu lực", "thi hành", "thực hiện", "trách nhiệm",
    "giám đốc", "trưởng phòng", "phó giám đốc", "thẩm quyền", "chữ ký", "con dấu", "bản chính", "bản sao", "bản chụp", "sao y", "đối chiếu",
    "kiểm tra", "thành quyển", "xác nhận", "xác minh", "kê khai", "khai báo", "tẩy xóa", "sửa chữa", "cam đoan", "sự thật", "pháp luật", "chịu trách nhiệm",
    "khẩn trương", "quá thời hạn", "trả kết quả", "trả lại", "chuyển đến", "chuyển đi", "thân nhân", "người hưởng", "người nộp", "nộp tiền",
    "đóng bảo hiểm", "cộng dồn", "tham chiếu", "hằng tháng", "một lần", "sinh con", "nuôi con", "con nuôi", "lao động nữ", "nghỉ dưỡng sức",
    "phục hồi", "dịch vụ", "công cộng", "trực tuyến", "phản ánh", "kiến nghị", "hòm thư", "nhận kết quả", "tổ chức", "cá nhân", "doanh nghiệp",
    "công ty", "cổ phần", "trách nhiệm hữu hạn", "ủy ban", "nhân dân", "tỉnh", "thành phố", "phường", "xã", "sử dụng", "liên quan", "theo dõi",
)  # fmt: skip

_FORM_NUMBER = re.compile(r"TK[Il|]-TS")
"""The form that every office sees most, TK1-TS: its one is read as a letter, and there is no form TKI."""

ABBREVIATIONS = frozenset(("CCCD", "CMND", "BHXH", "BHYT", "BHTN", "UBND", "TNLĐ", "BNN"))
_MARKS_AROUND = ".,;:()\"'/-–"


def _key(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(bare(word) for word in words)


_LONGEST = 4
_SPELLED = {_key(words): words for text in (*ALSO_IN_CAPITALS, *PHRASES) if len(words := text.split()) > 1}
_CAPITALS = {_key(text.split()) for text in ALSO_IN_CAPITALS}


def phrases_mended(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a line with set phrases and abbreviations in their one spelling; what changed is marked `mended`. Pure."""
    done = [_abbreviation(word) for word in words]
    cores = [word.text.strip(_MARKS_AROUND) for word in done]
    for length in range(2, _LONGEST + 1):
        for at in range(len(done) - length + 1):
            here = cores[at : at + length]
            spelled = _SPELLED.get(_key(here))
            if spelled is not None and _may_change(here, spelled):
                for step, word in enumerate(spelled):
                    done[at + step] = _respelled(done[at + step], here[step], word)
    return tuple(done)


def _may_change(here: Sequence[str], spelled: Sequence[str]) -> bool:
    """Whether one word is right, and none is written as a name would be."""
    if not any(_same(word, right) for word, right in zip(here, spelled, strict=True)):
        return False
    if all(word.isupper() for word in here):
        return _key(here) in _CAPITALS
    return all(word.islower() for word in here[1:])


def _same(word: str, right: str) -> bool:
    """Alike in letters and marks, wherever in the syllable the tone was set ("hòa", "hoà")."""
    return sorted(unicodedata.normalize("NFD", word.lower())) == sorted(unicodedata.normalize("NFD", right))


def _respelled(word: Word, core: str, right: str) -> Word:
    if _same(core, right):
        return word
    cased = "".join(sign.upper() if was.isupper() else sign for sign, was in zip(right, core, strict=True))
    return msgspec.structs.replace(word, text=word.text.replace(core, cased), mended=True)


def _abbreviation(word: Word) -> Word:
    """An abbreviation of which one letter came out small, and the form whose number is one."""
    if _FORM_NUMBER.search(word.text):
        return msgspec.structs.replace(word, text=_FORM_NUMBER.sub("TK1-TS", word.text), mended=True)
    core = word.text.strip(_MARKS_AROUND)
    if core.upper() in ABBREVIATIONS and sum(sign.islower() for sign in core) == 1:
        return msgspec.structs.replace(word, text=word.text.replace(core, core.upper()), mended=True)
    return word
