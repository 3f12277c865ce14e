"""Small faults are put right, and whatever took the second reader's word for it is marked."""

from __future__ import annotations

import pytest

from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.mending import mended
from edge_node.recognition.model import Word


def words(text: str) -> tuple[Word, ...]:
    return words_of(LineDraft(text, Box(100, 50, 20 * len(text), 40), 0.9))


def said(parts: tuple[Word, ...]) -> str:
    return " ".join(part.text for part in parts)


@pytest.mark.parametrize(
    ("first", "second", "mended_text"),
    [
        ("IDVNM0 9 8 2 01187 8<<<", None, "IDVNM0982011878<<<"),
        ("Họ và tên /Full name:", None, "Họ và tên / Full name:"),
        ("sung,hoàn thiện", None, "sung, hoàn thiện"),
        ("-Ra viện ngày: 12/01/2025", None, "- Ra viện ngày: 12/01/2025"),
        ("Họ và tên: AN", "- Họ và tên: AN", "- Họ và tên: AN"),
        ("01/10/2025-", None, "01/10/2025 -"),
        ("7, Quốc tịch", "7. Quốc tịch", "7. Quốc tịch"),
        ("Điều 3, Giám đốc", "Điều 3. Giám đốc", "Điều 3. Giám đốc"),
        ("kể từ ngày ký, Trong thời hạn", "kể từ ngày ký. Trong thời hạn", "kể từ ngày ký. Trong thời hạn"),
        ("(ba trăm đồng), Nơi đăng ký", "(ba trăm đông). Nơi đăng ký", "(ba trăm đồng). Nơi đăng ký"),
        ("từ ngày ký, trong thời hạn", "từ ngày ký. trong thời hạn", "từ ngày ký, trong thời hạn"),
        ("phường Quỳ Hợp, Bắc Ninh", "phường Quỳ Hợp.Bắc Ninh", "phường Quỳ Hợp, Bắc Ninh"),
        ("Tổ 7, Phường Hạc", "Tổ 7. Phường Hạc", "Tổ 7, Phường Hạc"),
        ("26/07/2025", "26/07/2025-", "26/07/2025 -"),
        ("tính:Nam ngày:05/05/2025", None, "tính: Nam ngày: 05/05/2025"),
        ("6.Nơi cư trú", None, "6. Nơi cư trú"),
        ("nghỉ 11ngày", None, "nghỉ 11 ngày"),
        ("Quốc toịch: ũiệt Nam", "Quốc tịch: Việt Nam", "Quốc tịch: Việt Nam"),
        ("trong quý II là", "trong quý lll là", "trong quý III là"),
        ("HI. Thân nhân", "III. Thân nhân", "III. Thân nhân"),
        ("I1. Chẩn đoán", "II. Chẩn đoán", "II. Chẩn đoán"),
        ("11. Chẩn đoán", "II. Chẩn đoán", "11. Chẩn đoán"),
        ("HI. Thân nhân", "VI. Thân nhân", "HI. Thân nhân"),
        ("g", "9", "9"),
        ("Sinh ngày: 15/3/20242. Giới tính", None, "Sinh ngày: 15/3/2024 2. Giới tính"),
        ("Sinh ngày: 26/01/19934, Số CCCD", None, "Sinh ngày: 26/01/1993 4, Số CCCD"),
        ("Sinh ngày: 05/11/198712) Nam", None, "Sinh ngày: 05/11/1987 12) Nam"),
        (
            "Giới tính: NamQuốc tịch: Việt Nam",
            "Giới tính: Nam Quốc tịch: Việt Nam",
            "Giới tính: Nam Quốc tịch: Việt Nam",
        ),
        ("Người mua hàng: TỪYẾN HOÀN CỪ", "Người mua hàng: TỪYỄN HOÀN CỪ", "Người mua hàng: TỪ YẾN HOÀN CỪ"),
        ("Lê ThịHoà", "Lê ThịHoà", "Lê Thị Hoà"),
        ("Sex: NữQuốc tịch", "Sex:NữQuốc tịch", "Sex: Nữ Quốc tịch"),
        ("dưới 6 tuổiđược cấp", "dưới 6 tuổi được cấp", "dưới 6 tuổi được cấp"),
        ("bị cắtbỏ.", "bị cât bỏ.", "bị cắt bỏ."),
        ("bằng 30%", "bằng 30 %", "bằng 30 %"),
        ("78.458.968Đã nhận", "78.458.968 Đã nhận", "78.458.968 Đã nhận"),
        ("kế tiếp, khôngbị", None, "kế tiếp, không bị"),
        ("Ngày sinh: 04/05/2003Số định danh", None, "Ngày sinh: 04/05/2003 Số định danh"),
    ],
)
def test_what_can_only_be_one_thing_is_put_right(first: str, second: str | None, mended_text: str) -> None:
    assert said(mended(words(first), second)) == mended_text


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("Nguyễn Thị Ẵng", "Nguyễn Thị Ẳng"),
        ("Số: 12/QĐ-BHXH", "Số: 12/QD-BHXH"),
        ("và/hoặc", "và/hoặc"),
        ("BHXH TNHH", "BAN TINH"),
        ("012345678901", "012345678907"),
        ("SỞ YTẾ", "SỞ TẼ"),
        ("Krông Đắk", None),
        ("1.500,5", "1.500,5"),
        ("lúc 10:30", "lúc 10:30"),
        ("26/07/2025", "26/07/2025"),
        ("ngày 15/3/2024.", "ngày 15/3/2024."),
        ("15/3/20242", "15/3/20242"),
        ("15/3/31242. Giới tính", None),
        ("Công ty HoaSen", "Công ty HoaSen"),
        ("xã HOÀNGANH", "xã HOÀNGANH"),  # "HOÀNG ANH" or "HOÀN GANH"
        ("SAMSUNG", "SAMSUNG"),
        ("Đắkrông", "Đắkrông"),
        ("Công ty VinMart", "Công ty Vin Mart"),
        ("Quyết định 613/QĐ-TTg", None),
        ("điện thoại 0991703628", "điện thoại 0991 703628"),
        ("giátrị", None),  # "giá trị" or "giát rị"
        ("(Viết bằng chữ:", "(Viết bằng chữ:)"),
        ("15/3/2024A", "15/3/2024 A"),
        ("phòng 12A, nhà 5Km", "phòng 12A, nhà 5Km"),
        ("mã 79HCM, 30cái", "mã 79HCM, 30cái"),
    ],
)
def test_what_may_be_right_stays_as_the_first_reader_saw_it(first: str, second: str | None) -> None:
    done = mended(words(first), second)
    assert said(done) == first
    assert not any(part.mended for part in done)


def test_a_number_glued_to_a_name_is_parted_though_both_readers_agree_and_counts_as_no_agreement() -> None:
    done = mended(words("Số 21Lý Thường Kiệt"), "Số 21Lý Thường Kiệt")
    assert [(part.text, part.mended) for part in done] == [("Số", False), ("21", True), ("Lý", True), ("Thường", False), ("Kiệt", False)]
    assert said(mended(words("Số 5Ấp Bắc"), "Số 5Ấp Bắc")) == "Số 5 Ấp Bắc"


def test_letters_of_the_second_reader_are_marked_and_signs_are_not() -> None:
    done = mended(words("-Quốc toịch: Nam"), "Quốc tịch: Nam")
    assert [part.mended for part in done] == [False, False, True, False]


def test_parts_of_a_word_share_its_box() -> None:
    one, other = mended(words("sung,hoàn"), None)
    assert one.box.right <= other.box.x + 1
    assert other.box.right <= words("sung,hoàn")[0].box.right + 1
