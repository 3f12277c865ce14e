"""Set phrases of the office's papers: words that stand together and can be spelled in one way only.

On a blurred page a hook looks like an acute, and both readers write "bảo hiếm" or "bồ sung", which are built like syllables and mean
nothing. Where one word of such a phrase has another of the four tones that are written above a letter (à, á, ã, ả) and all else is right,
the phrase decides. Any other difference may be another word: "hàng tháng", "hỗ trợ cập nhật". Phrases of which a
neighbour in tone is a word, also across the words beside them, are not in the list: "kê khai bảo hiểm" has "khai bảo", "địa giới tỉnh"
has "giới tỉnh". Nothing is decided in words that each begin with a capital: that is how names are written. Phrases count in capitals
only where they are no name ("HỒ SƠ" could be). In a long phrase that nothing else is spelled like, any mark of one word may be wrong ("CẢN CƯỚC CÔNG DÂN").
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

import msgspec
from rapidfuzz.distance import Levenshtein

from edge_node.recognition.abbreviations import IN_CAPITALS, abbreviation_mended
from edge_node.recognition.folding import bare
from edge_node.recognition.model import Word

ALSO_IN_CAPITALS = (
    "bảo hiểm", "xã hội", "y tế", "thất nghiệp", "quyết định", "điều chỉnh", "giải quyết", "chế độ", "hưởng chế độ", "trợ cấp",
    "giấy chứng nhận", "giấy xác nhận", "giấy ra viện", "giấy khai sinh", "tờ khai", "danh sách", "người lao động", "đơn đề nghị",
    "đề nghị", "biên bản", "bệnh nghề nghiệp", "nghề nghiệp", "hưu trí", "căn cước", "hợp đồng", "ủy quyền", "tiếp nhận", "kết quả",
    "hành chính", "cộng hòa", "chủ nghĩa", "hạnh phúc", "hướng dẫn", "bổ sung", "hoàn thiện", "từ chối", "thai sản", "ốm đau", "tử tuất",
    "giám định y khoa", "biên bản giám định",
)  # fmt: skip

PHRASES = (
    "hồ sơ", "giấy tờ", "thời hạn", "thời gian", "thủ tục", "thành phần", "cán bộ", "công chức", "viên chức", "địa chỉ", "địa điểm",
    "nơi cư trú", "cư trú", "thường trú", "tạm trú", "họ và tên", "ngày sinh", "quốc tịch", "quê quán", "nghỉ ốm", "vào viện", "điều trị",
    "chẩn đoán", "khám chữa bệnh", "khám bệnh", "sức khỏe", "khả năng", "suy giảm", "mức hưởng", "mức đóng", "mức lương", "tiền lương",
    "tài khoản", "ngân hàng", "chủ tài khoản", "căn cứ", "trách nhiệm", "giám đốc", "phó giám đốc", "thẩm quyền", "chữ ký", "con dấu",
    "bản sao", "bản chụp", "đối chiếu", "kiểm tra", "xác nhận", "xác minh", "tẩy xóa", "pháp luật", "chịu trách nhiệm", "khẩn trương",
    "người nộp", "nộp tiền", "đóng bảo hiểm", "cộng dồn", "tham chiếu", "một lần", "lao động nữ", "nghỉ dưỡng sức", "phục hồi",
    "trực tuyến", "kiến nghị", "hòm thư", "tổ chức", "trách nhiệm hữu hạn", "ủy ban", "sử dụng",
    "kể từ", "kể cả", "số sổ bhxh", "số sổ bảo hiểm", "khu phố", "tổ dân phố", "thị trấn", "thị xã", "thành phố",
)  # fmt: skip

WHATEVER_MARK = (
    "căn cước công dân", "bảo hiểm xã hội", "bảo hiểm y tế", "bảo hiểm thất nghiệp", "ủy ban nhân dân", "hội đồng nhân dân",
)  # fmt: skip
"""Phrases of three syllables and more in which every mark is certain, whatever was read."""

_MARKS_AROUND = ".,;:()\"'/-–"


def _key(words: Sequence[str]) -> tuple[str, ...]:
    return tuple(bare(word) for word in words)


_GROUP = ("tố", "tồ", "tỗ")
_YEAR = 4
"""Digits: in front of fewer "Tố" is the neighbours' group of an address, "Tổ 18"."""

_LONGEST = 4
_SPELLED = {_key(words): words for text in (*WHATEVER_MARK, *ALSO_IN_CAPITALS, *PHRASES) if (words := text.split())}
_WHATEVER = {_key(text.split()) for text in WHATEVER_MARK}
_CAPITALS = {_key(text.split()) for text in ALSO_IN_CAPITALS}


def phrases_mended(words: Sequence[Word]) -> tuple[Word, ...]:
    """The words of a line with set phrases and abbreviations in their one spelling; what changed is marked `mended`. Pure."""
    done = [abbreviation_mended(word) for word in words]
    cores = [word.text.strip(_MARKS_AROUND) for word in done]
    for length in range(2, _LONGEST + 1):
        for at in range(len(done) - length + 1):
            here = cores[at : at + length]
            spelled = _SPELLED.get(_key(here))
            if spelled is not None and _may_change(here, spelled):
                for step, word in enumerate(spelled):
                    done[at + step] = _respelled(done[at + step], here[step], word)
    for at, after in enumerate(cores[1:]):
        if cores[at].lower() in _GROUP and after.isdecimal() and len(after) < _YEAR:
            done[at] = _respelled(done[at], cores[at], "tổ")
    for at, around in enumerate(zip(cores, cores[1:], cores[2:], cores[3:], strict=False), 2):
        right = _date_word(*around)
        if right and cores[at].islower() and cores[at] != right:
            done[at] = msgspec.structs.replace(done[at], text=done[at].text.replace(cores[at], right), mended=True)
    return tuple(done)


def _date_word(before: str, first: str, word: str, second: str) -> str | None:
    """What stands between two numbers of a day written out ("tháng 09 hăm 2024"), when it is that word but for a letter."""
    if not (first.isdecimal() and len(first) <= 2 and second.isdecimal()):
        return None
    named, length = {"ngay": ("tháng", (1, 2)), "thang": ("năm", (_YEAR,))}.get(bare(before), ("", ()))
    return named if named and len(second) in length and Levenshtein.distance(bare(word), bare(named)) <= 1 else None


def _may_change(here: Sequence[str], spelled: Sequence[str]) -> bool:
    """Whether one word only differs, in its tone above the letter only, and none is written as a name would be."""
    faults = [(word, right) for word, right in zip(here, spelled, strict=True) if not _same(word, right)]
    if len(faults) != 1:
        return False
    if _key(spelled) in _WHATEVER:
        return True
    if _toneless(faults[0][0]) != _toneless(faults[0][1]):
        return False
    if all(word.isupper() for word in here):
        return _key(here) in _CAPITALS
    return all(word.islower() or word in IN_CAPITALS for word in here[1:])


_ABOVE = dict.fromkeys(map(ord, "\u0300\u0301\u0303\u0309"), "\u0301")
"""Grave, acute, tilde and hook, which blur into each other; the dot below and no tone at all do not."""


def _toneless(word: str) -> list[str]:
    return sorted(unicodedata.normalize("NFD", word.lower()).translate(_ABOVE))


def _same(word: str, right: str) -> bool:
    """Alike in letters and marks, wherever in the syllable the tone was set ("hòa", "hoà")."""
    return sorted(unicodedata.normalize("NFD", word.lower())) == sorted(unicodedata.normalize("NFD", right))


def _respelled(word: Word, core: str, right: str) -> Word:
    if _same(core, right):
        return word
    cased = "".join(sign.upper() if was.isupper() else sign for sign, was in zip(right, core, strict=True))
    return msgspec.structs.replace(word, text=word.text.replace(core, cased), mended=True)
