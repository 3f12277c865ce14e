"""Names, addresses, bodies and other free text: where such a value ends inside a text, and whether it is spelled as one could be."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from edge_node.extraction.highland_words import letters_of, of_people, without_places
from edge_node.extraction.surnames import is_family_name
from edge_node.recognition.folding import bare
from edge_node.recognition.syllable import is_syllable, is_vietnamese
from sync_protocol.paper_types import FieldKind


@dataclass(frozen=True)
class Value:
    """A value inside a text: `start`…`end` are positions in it, `text` the usual spelling, `holds` whether its shape is right."""

    text: str
    start: int
    end: int
    holds: bool


_LEADERS = re.compile(r"(?:[.…_·•]\s?){3,}|…+")
_NEXT_LABEL = re.compile(r"\s(?:\d{1,2}[.)]\s*)?[A-ZĐÀ-Ỹ][^\W\d]*(?: [^\W\d]+){0,5}\s?:")
_CAPITAL = "[" + "".join(c for c in map(chr, range(0x41, 0x1EFA)) if c.isupper() and c.isalpha() and (c < "\u0250" or c > "\u1e9f")) + "]"
_NEXT_BEHIND_CAPITALS = re.compile(rf"\s(?:\d{{1,2}}[.)]\s*)?{_CAPITAL}[^\W\d]*(?: (?!{_CAPITAL})[^\W\d]+| (?:[A-ZĐ]{{3,5}}|[BCDĐGHKLMNPQRSTVX]{{2}})(?!\w)){{0,5}}\s?:")
"""Behind a name only a word that is followed by small ones (or an abbreviation) begins a label: "VÕ THỊ QUẾ HƯƠNG Tuổi: 47", "Danh Thị Lan Mã BN: 1182"."""


_DAY_BEHIND = re.compile(r"\s*[,;(–-]?\s*(?:vào |cấp )?ngày\s?\d|;", re.IGNORECASE)
"""A day right behind a body's name: when it did what the paper says, and none of the name; nor what stands behind a semicolon."""


def begins_label(text: str) -> bool:
    """Whether the first word, which has a capital, begins a label and no further word of a name.

    >>> begins_label("Quốc tịch: Việt Nam"), begins_label("Quốc, sinh năm 1990")
    (True, False)
    """
    return _NEXT_BEHIND_CAPITALS.match(f" {text}") is not None


_BEHIND_A_NAME = re.compile(
    r"(?<=\w)\s(?:[-–]\s?)?(?:\[\d{1,2}\]?|[^\W\d]?\d{1,2}(?:\.\d)?[\])]|(?:[a-zđ]|\d{1,2})[.)](?!\S)|(?:[Ss]inh (?:ngày|năm)|hiện|là|được|thôi|kể từ|theo|đang|số|bàn giao|chức vụ|giới tính|mã số|thuộc"
    r"|Ngày sinh|Năm sinh|Ngày(?:, |/)tháng|Giới tính|Nam/Nữ|Số (?:CCCD|định danh|sổ|điện thoại)|CCCD|Mã số|Chức vụ|Quốc tịch|Dân tộc|Địa chỉ|Điện thoại|[Tt]uổi|Nghề nghiệp|Nam(?:(?:\s\S{1,2})?\s+|\s?[,/]\s?| hay )[Nn]ữ)(?!\w))"
)
"""The next item's letter or number ("b)", "[02]", of which a reader may have lost the first bracket), its label, and words with which a sentence goes on behind a name."""

_ABBREVIATION = re.compile(r"\s[A-ZĐ]{2,5}\s?:")
_LEADS_ABBREVIATION = re.compile(r"\s(?:Mã(?: số)?|Số|Khoa|Loại|Nơi|Ngày|Tên|Đối tượng)$")
"""The beginning of a label that ends with an abbreviation: "… Sà Rây Mã BN: PK24", where "Mã" may be a name, too."""

_SENTENCE_ENDS = re.compile(r"(?<=[^\W\d])(?<!(?i:bs|ks|gs|ts|th))\.\s")
"""Where a sentence ends behind a name; a doctor's title does not."""

_APOSTROPHE = re.compile(r"(?<=[^\W\d_])[’‘`´](?=[^\W\d_])")
"""How else the apostrophe of "R'Châm" is printed or read."""

_ADDRESS_PART = re.compile(r"\W*(?:\S{0,2}\d{1,2}[.,]\d{1,2}\S{0,2}[.,]?\s*)?(?:so nha|thon|xom|to|duong)\b[^:]{0,40}:\s*")
"""The label of an address's first part, "[11.1]. Số nhà, đường phố, thôn xóm:"."""

_ADDRESS_UNIT = re.compile(r"(?:\S{0,2}\d{1,2}[.,]\d{1,2}\S{0,2}[.,]?\s*)?(?P<unit>Xã|Phường|Huyện|Quận|Tỉnh)(?:\s?\([^)]{0,60}\)|\s?/[^:]{1,30})?\s?:")
"""The label of a further part, "[11.2]. Xã (phường, thị trấn):"."""

_SIGNS = " .,:;-–_…·"
_DOTTED_UNIT = re.compile(r"(?<!\w)(huyện|xã|phường|tỉnh|quận|thôn|bản|buôn|làng|xóm|thị trấn|thị xã|thành phố)\.(\s?[^\W\d_])")

_ADDRESS_ENDS = re.compile(rf";|\.\s+(?={_CAPITAL})(?!(?:Xã|Phường|Huyện|Quận|Tỉnh|Thị|Thành|TP|Thôn|Ấp|Tổ|Khu)(?!\w))")
_UNIT_WORDS = ("huyện", "xã", "phường", "tỉnh", "quận", "thôn", "bản", "buôn", "làng", "xóm", "trấn", "phố", "tp", "tx", "tt")

_OF_A_PLACE = re.compile(r"\s?,\s?(?:[xX]ã|[pP]hường|[tT]hị (?:trấn|xã)|[hH]uyện|[qQ]uận|[tT]hành phố|TP|[tT]ỉnh)(?!\w)")
"""What stands behind the name of a place ("Bình Thạnh, huyện Cao Lãnh") and behind no person's."""

_WORD = re.compile(r"(?<![\w])[^\W\d_]{2,}(?![\w])")

_HONORIFIC = re.compile(r"^\s*:?\s*(?:ông\s?[(/]\s?bà\)?|Ông\s?[(/]\s?[Bb]à\)?|ÔNG\s?[(/]\s?BÀ\)?|ông|[Bb]à|BÀ)\s?:?\s+(?=\w)")
"""An honorific in front of a name; "Ông" alone may be its first word."""

_NO_PERSON = re.compile(
    r"(?:(?:[IVX]{1,4}[.)]\s*)?người|xác nhận|đại diện|bên (?:[abAB]|được|ủy|nhận)|giám đốc|tổng giám|phó (?:giám|tổng|chủ|trưởng)|trưởng (?:phòng|ban|khoa|thôn|bộ|trạm)|chủ (?:tịch|hộ)|thủ (?:trưởng|quỹ)|thư ký|kế toán|công ty"
    r"|hiệu trưởng|cơ quan|đơn vị|họ (?:và )?tên|giới tính|địa chỉ|quốc tịch|việt nam|nơi)(?!\w)",
    re.IGNORECASE,
)
"""How offices and labels begin that stand where a name was left out."""


def names_nobody(text: str) -> bool:
    """Whether an office, a party or a label stands where a name would ("Người được ủy quyền"), or a place and a day."""
    return _NO_PERSON.match(text.lstrip(" :.-–")) is not None or re.match(r"[^,]{2,40}, ?ng\S{1,2}y \d", bare(text)) is not None


def free(kind: FieldKind, text: str) -> list[Value]:
    is_doubtful = False
    if kind == "address" and len(parts := list(_ADDRESS_UNIT.finditer(text))) > 1:
        return _of_parts(text, parts)
    if kind == "name":
        text = _APOSTROPHE.sub("'", text)
        text = _HONORIFIC.sub(lambda found: " " * len(found[0]), text)
        text = re.sub(r"^\s*\d{1,3}[.)]?\s+(?=[^\W\d])", lambda found: " " * len(found[0]), text)  # its ordinal
        ends = [found for pattern in (_NEXT_BEHIND_CAPITALS, _BEHIND_A_NAME) if (found := pattern.search(text))]
        ends += [lead for found in ends if (lead := _LEADS_ABBREVIATION.search(text[: found.start()])) and _ABBREVIATION.match(text[found.start() :])]
        ends += [found for found in _SENTENCE_ENDS.finditer(text) if len(text[: found.start()].split()) > 1]
        end = min([found.start() for found in ends] + [at for sign in ";(," if (at := text.find(sign)) > 0] + [len(text)])
        # "Lê Hoài Nam", and behind it "Nữ": perhaps two boxes to tick, perhaps a woman of that name
        is_doubtful = len(text[:end].split()) < 3 and text[end:].lstrip().startswith("Nam")
        is_doubtful = is_doubtful or _OF_A_PLACE.match(text[end:]) is not None
    else:
        text = _as_one_address(text) if kind == "address" else text
        cut = _NEXT_LABEL.search(text)
        if kind in ("address", "organisation") and (later := _NEXT_BEHIND_CAPITALS.search(text)) and ":" not in text[: later.start()]:
            cut = later  # "Công ty TNHH Điện tử Samjin Điện thoại: …" is followed by "Điện thoại" and no more
        end = cut.start() if cut else len(text)
        end = min([end, *_sentence_ends(text)]) if kind == "address" else end
        end = min([end, *(found.start() for found in _DAY_BEHIND.finditer(text) if found.start() > 0)]) if kind == "organisation" else end
    body = _LEADERS.sub(" ", text[:end])
    body = " ".join(body.split()).strip(" .,:;-–_…·•|*/'\"`~&" if kind != "text" else " :;-–_…·•|*`~")
    body = re.sub(r"\s*[.…]{2,}$", "", body)
    body = body[:-1].rstrip() if kind == "text" and body.endswith(")") and "(" not in body else body  # of "(V/v …)"
    body = body.strip('"').rstrip() if body.count('"') == 1 else body  # a stroke of a list's border
    if kind == "name" and (stray := re.search(r"(?<=[^\W\d]{2}) [bcdđghklmnpqrstvx]$", body)):  # no name ends so: a mark or a border was read as a letter
        body, is_doubtful = body[: stray.start()], True
    if not any(c.isalnum() for c in body):
        return []
    start = max(0, text.find(body.split()[0]))
    return [Value(body, start, end, not is_doubtful and _free_holds(kind, body))]


def _sentence_ends(text: str) -> list[int]:
    """Where the sentence may end that an address ends: "…, tỉnh Hà Giang. Khi cần …", "…; tôi làm đơn này", but not at a dot behind the word for a unit or a capital."""
    before = ((found.start(), text[: found.start()].split()[-1:]) for found in _ADDRESS_ENDS.finditer(text))
    return [at for at, word in before if word and (text[at] == ";" or len(word[0]) > 1 and word[0][-1].islower() and word[0].lower() not in _UNIT_WORDS)]


def _of_parts(text: str, parts: Sequence[re.Match[str]]) -> list[Value]:
    """An address whose parts a form asks for one by one, put together; nobody wrote it so, and a person looks."""
    ends = [part.start() for part in parts[1:]] + [len(text)]
    first = _ADDRESS_PART.sub("", bare(text[: parts[0].start()]))
    begin = text[parts[0].start() - len(first) : parts[0].start()].strip(_SIGNS)
    named = [(part["unit"].lower(), text[part.end() : end].strip(_SIGNS)) for part, end in zip(parts, ends, strict=True)]
    if (later := _NEXT_LABEL.search(named[-1][1])) is not None:
        named[-1] = (named[-1][0], named[-1][1][: later.start()].strip(_SIGNS))
    whole = ", ".join(filter(None, [begin, *(said if bare(said).startswith(bare(unit)) else f"{unit} {said}" for unit, said in named if said)]))
    return [Value(whole, 0, len(text), False)] if whole else []


def _as_one_address(text: str) -> str:
    """An address of the same length without the labels of its parts and without a dot that a reader saw behind a unit's word."""
    text = _DOTTED_UNIT.sub(lambda found: f"{found[1]} {found[2]}" if found[2][-1].isupper() else found[0], text)
    part = _ADDRESS_PART.match(bare(text))
    return " " * part.end() + text[part.end() :] if part else text


def _free_holds(kind: FieldKind, body: str) -> bool:
    if kind == "name":
        words = body.split()
        if _NO_PERSON.match(body) or (words[0].lower() == "ông" and len(words) > 1 and is_family_name(words[1])):
            return False
        return 2 <= len(words) <= 7 and all(
            letters.isalpha() and (is_syllable(letters) or of_people(letters)) and letters[0].isupper() for letters in map(letters_of, words)
        )
    if kind == "organisation" and len(_WORD.findall(body)) < 2:
        return False  # a unit's code from the box beside it
    rest = without_places(body)
    return is_vietnamese(rest) or (is_vietnamese(body) and not rest.strip(" ,.;:-/")) or (kind == "text" and body.isdecimal())  # a count of days, an account
