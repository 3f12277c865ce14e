"""What is printed the same on every card and every paper is spelled as it is printed; names, numbers and values are left alone."""

from __future__ import annotations

import pytest

from edge_node.imaging.geometry import Box
from edge_node.recognition.card_labels import LABELS, card_label_mended
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.mending import mended
from edge_node.recognition.model import Word
from edge_node.recognition.set_phrases import ALSO_IN_CAPITALS, PHRASES, phrases_mended


def words(text: str) -> tuple[Word, ...]:
    return words_of(LineDraft(text, Box(100, 50, 20 * len(text), 40), 0.9))


def said(parts: tuple[Word, ...]) -> str:
    return " ".join(part.text for part in parts)


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("Số / No:: 012345678901", "Số / No.: 012345678901"),
        ("Số / No.: : 012345678901", "Số / No.: 012345678901"),
        ("số/N0: 012345678901", "Số / No.: 012345678901"),
        ("Giới tính/Sex: Nam", "Giới tính / Sex: Nam"),
        ("Họ và tên / Ful name:", "Họ và tên / Full name:"),
        ("Họ và tên / Fuiname:", "Họ và tên / Full name:"),
        ("Nơi cư trú / Place ofresidence:", "Nơi cư trú / Place of residence:"),
        ("Quốc tịch / Nationaity: Việt Nam", "Quốc tịch / Nationality: Việt Nam"),
        ("Ngày sinh / Date of binh: 12/03/1985", "Ngày sinh / Date of birth: 12/03/1985"),
        (
            "Giới tính /Sex: Nam Quốc tịch/Nationaity: Việt Nam",
            "Giới tính / Sex: Nam Quốc tịch / Nationality: Việt Nam",
        ),
        (
            "Giới tính / Sex:Nữ Quốc tịch /Nationality: Việt Nam",
            "Giới tính / Sex: Nữ Quốc tịch / Nationality: Việt Nam",
        ),
        ("Họ vàtên/Fullingme:", "Họ và tên / Full name:"),
        ("Ngày sinh / Date ot binh: 12/03/1985", "Ngày sinh / Date of birth: 12/03/1985"),
        ("Quốc tịch/Natonalry: Việt Nam", "Quốc tịch / Nationality: Việt Nam"),
        ("Giới tínhSex: Nam", "Giới tính / Sex: Nam"),
        ("SốN0: 012345678901", "Số / No.: 012345678901"),
        ("Số 7 No.: 012345678901", "Số / No.: 012345678901"),
        ("Có giátrịđến: 12/03/2035", "Có giá trị đến: 12/03/2035"),
        ("CẢN CƯỚC CÔNG DÂN", "CĂN CƯỚC CÔNG DÂN"),
        ("Ciizen Identity Card", "Citizen Identity Card"),
        *((label, label) for label in LABELS),
    ],
)
def test_a_label_of_the_card_is_spelled_as_on_the_card(read: str, printed: str) -> None:
    assert said(card_label_mended(mended(words(read), None))) == printed


@pytest.mark.parametrize(
    "read",
    [
        "Số nợ: 5.000.000",
        "012/QĐ-BHXH",
        "Họ và tên: NGUYỄN VĂN AN",
        "Số 12/3 đường Giới Tính",
        "Giới tính / Gender: Nam",
        "Nơi làm việc / Place of work: Hà Nội",
        "12/03/1985",
        "",
        "Họ và tên người nộp:",
        "Ngày sinh 12/03/1985",
        "Số nhà: 12",
        "Có giá trị đến ngày 12/03/2035",
        "Căn cước công dân",
    ],
)
def test_what_is_no_label_of_the_card_stays_as_it_was_read(read: str) -> None:
    assert said(card_label_mended(words(read))) == read


@pytest.mark.parametrize(
    ("read", "second", "printed"),
    [
        ("Nơi cư trú / Place ofresidence", "Nơi cư trú /Place ofresidence", "Nơi cư trú / Place of residence"),
        ("Nơi cư trú / Place ofresidence:", "Nơi cư trú /Place ofresidence", "Nơi cư trú / Place of residence:"),
        ("Nơi cư trú / Place ofresidence", "Nơi cư trú /Place ofresidence:", "Nơi cư trú / Place of residence:"),
        ("Nơi cư trú / Place ofresidence", None, "Nơi cư trú / Place of residence:"),
        ("Quốc tịch / Nationaity Việt Nam", "Quốc tịch / Nationaity Việt Nam", "Quốc tịch / Nationality: Việt Nam"),
        ("Nơi đăng ký khai sinh / Place of birth regisration", "Nơi đăng ký khai sinh / Ploce of birth registration", "Nơi đăng ký khai sinh / Place of birth regisration"),
    ],
)
def test_a_label_alone_has_its_colon_where_a_reader_saw_it(read: str, second: str | None, printed: str) -> None:
    assert said(card_label_mended(words(read), second)) == printed


def test_a_label_never_takes_the_value_behind_it_and_keeps_the_boxes_of_what_was_right() -> None:
    before = words("Số / No:: 012345678901")
    after = card_label_mended(before)
    assert after[-1] is before[-1] and not after[-1].mended
    assert [word.mended for word in after] == [False, False, True, False]
    assert [word.box for word in after] == [word.box for word in before]


@pytest.mark.parametrize(
    ("read", "printed"),
    [
        ("BẢO HIẾM XÃ HỘI TỈNH", "BẢO HIỂM XÃ HỘI TỈNH"),
        ("Bảo hiếm y tế", "Bảo hiểm y tế"),
        ("đề nghị bồ sung hồ sơ.", "đề nghị bổ sung hồ sơ."),
        ("bị tấy xoá.", "bị tẩy xoá."),
        ("Số cCCD: 012345678901", "Số CCCD: 012345678901"),
        ("Mẫu số: TKI-TS", "Mẫu số: TK1-TS"),
        ("Số: 15/2026/HDLĐ", "Số: 15/2026/HĐLĐ"),
        ("Số: 087/HĐLD-2026", "Số: 087/HĐLĐ-2026"),
        ("Số: 1234/QD-UBND", "Số: 1234/QĐ-UBND"),
        ("Nghị định 118/2025/ND-CP", "Nghị định 118/2025/NĐ-CP"),
        ("Số: 102/GDYK-BHXH", "Số: 102/GĐYK-BHXH"),
        ("Số DDCN/CCCD:", "Số ĐDCN/CCCD:"),
        ("chế độ TNLD, BNN", "chế độ TNLĐ, BNN"),
        ("Nơi cư trú: Tố 18, ấp Đoài", "Nơi cư trú: Tổ 18, ấp Đoài"),
        ("tồ 3, khu phổ 5", "tổ 3, khu phố 5"),
        ("Số số BHXH: 0123456789", "Số sổ BHXH: 0123456789"),
        ("kế từ ngày ký", "kể từ ngày ký"),
        ("Số cản cước công dân", "Số căn cước công dân"),
        ("Nghệ An, ngày 03 tháng 09 hăm 2024", "Nghệ An, ngày 03 tháng 09 năm 2024"),
        ("ngày 03 thăng 9 năm 2024", "ngày 03 tháng 9 năm 2024"),
        ("ỦY BAN NHẬN DÂN XÃ", "ỦY BAN NHÂN DÂN XÃ"),
    ],
)
def test_a_set_phrase_is_spelled_in_its_one_way_and_marked(read: str, printed: str) -> None:
    before, after = words(read), phrases_mended(words(read))
    assert said(after) == printed
    assert [word.mended for word in after] == [a.text != b.text for a, b in zip(before, after, strict=True)]


@pytest.mark.parametrize(
    "read",
    [
        "Hồ Sở",  # names are written so
        "HỒ SỞ",
        "Nguyễn Thị Bảo Hiếm",
        "bao hiem xa hoi",  # no word is right: nothing vouches for the phrase
        "sức khoẻ, sức khỏe, tẩy xoá, uỷ quyền",  # both ways of setting the tone
        "số sổ BHXH",
        "mã số BHXH",
        "một số số liệu",
        "tháng 9 là 2024",
        "ngày 12 và 13",
        "trợ cấp hàng tháng",
        "hỗ trợ cập nhật",
        "kê khai bảo hiểm",
        "tất cả nhân viên",
        "địa giới tỉnh",
        "làm đơn để nghỉ việc",
        "về mặt sức khỏe",
        "Xã Hối",
        "Tố Hữu 18",
        "Tố 1987",
        "Số: 12/HD-BHXH",  # "hướng dẫn" and "hợp đồng" are both abbreviated so
        "Số: 12/GD-SGD",
        "Số: 12/ND",  # "nhân dân", "nội dung", "nghị định"
        "CÔNG TY TNHH QD",
        "Mã hồ sơ 01QD88",
        "Qd",
    ],
)
def test_names_and_what_nothing_vouches_for_stay_as_they_were_read(read: str) -> None:
    assert said(phrases_mended(words(read))) == read


def test_no_phrase_is_spelled_in_two_ways() -> None:
    from edge_node.recognition.folding import bare

    folded = [bare(phrase) for phrase in (*ALSO_IN_CAPITALS, *PHRASES)]
    assert len(folded) == len(set(folded))
    assert all(" " in phrase for phrase in folded)  # one word alone has nothing that vouches for it
