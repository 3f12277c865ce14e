"""Who died and who says so: an extract, a relative's declaration and a request for a dead person's pension name both, and the second must never stand for the first."""

from __future__ import annotations

import pytest

from edge_node.extraction.model import FieldTrust
from tests.edge_node.extraction.printed import in_rows, read, said
from tests.edge_node.extraction.recorded import line

DEAD, LIVING = "Nông Văn Quế", "Nông Thị Mận"


@pytest.mark.parametrize(
    "texts",
    [
        (
            f"Người chết là ông {DEAD} (giới tính: nam; dân tộc: Tày), sinh ngày 02/03/1941.",
            f"Việc khai tử do con là bà {LIVING}, số định danh 004165001234, đi khai.",
        ),
        (
            f"Đã đăng ký khai tử cho ông {DEAD}, sinh năm 1941.",
            f"Người đi khai tử: bà {LIVING}, số định danh cá nhân 004165001234",
        ),
        (f"Người mất: {DEAD}", f"Người yêu cầu: bà {LIVING}, sinh ngày 04/05/1965"),
        (f"Người đi khai: bà {LIVING}, sinh năm 1965", f"Người chết: ông {DEAD}, sinh năm 1941"),
        (
            "II. Thông tin người đã chết",
            f"Ông {DEAD}, sinh năm 1941, quê quán xã Vĩnh Quý",
            "III. Người khai tử",
            f"Bà {LIVING}, sinh năm 1965, là con gái",
        ),
        (
            f"Ông {DEAD}, sinh năm 1941, nguyên công nhân mỏ, đã từ trần",
            "hồi 5 giờ 10 phút ngày 12 tháng 3 năm 2024 tại nhà riêng.",
            f"Con gái là bà {LIVING}, số định danh 004165001234, đến khai.",
        ),
        (f"Bà {LIVING}, sinh năm 1965, là con của ông {DEAD}, đã chết ngày 12/03/2024", "đề nghị cấp trích lục."),
    ],
)
def test_whoever_tells_of_a_death_is_not_the_one_who_died(texts: tuple[str, ...]) -> None:
    value, _ = said(read(line(600, 300, "TRÍCH LỤC KHAI TỬ"), *in_rows(*texts), chosen="TL-KT"), "deceased_name")
    assert value == DEAD


@pytest.mark.parametrize(
    "texts",
    [
        (f"Việc khai tử do con là bà {LIVING}, số định danh 004165001234, đi khai.",),
        (f"Họ và tên người đi khai tử: {LIVING}", "Ngày sinh: 04/05/1965"),
        (f"Họ, chữ đệm, tên người khai: {LIVING}",),
        ("III. Thông tin người yêu cầu", f"Họ, chữ đệm, tên: {LIVING}", "Ngày sinh: 04/05/1965"),
        ("Người đi khai", f"Họ và tên: {LIVING}"),
        ("PHẦN KHAI VỀ NGƯỜI NỘP ĐƠN", f"Họ và tên: {LIVING}"),
        ("B. Người làm chứng", f"Họ và tên: {LIVING}"),
        (f"Bà {LIVING}, sinh ngày 04/05/1965, số định danh 004165001234, nộp hồ sơ.",),
    ],
)
def test_the_one_who_declares_is_never_a_settled_name_of_the_dead(texts: tuple[str, ...]) -> None:
    value, trust = said(read(line(600, 300, "TRÍCH LỤC KHAI TỬ"), *in_rows(*texts), chosen="TL-KT"), "deceased_name")
    assert value != LIVING or trust is not FieldTrust.AGREES


@pytest.mark.parametrize(
    "heading", ["2. Người chết", "II. NGƯỜI ĐÃ CHẾT", "B. Thông tin người tham gia BHXH đã chết", "Người hưởng đã chết"]
)
def test_a_name_under_the_heading_of_the_dead_is_not_the_declarers(heading: str) -> None:
    rows = in_rows(
        heading,
        f"Họ và tên: {DEAD}",
        "Mã số BHXH: 0412345678",
        "3. Người khai",
        f"Họ và tên: {LIVING}",
        "Số CCCD: 004165001234",
    )
    found = read(line(600, 300, "TỜ KHAI CỦA THÂN NHÂN"), *rows, chosen="09-HSB")
    value, trust = said(found, "full_name")
    assert value == LIVING or trust is not FieldTrust.AGREES
    assert said(found, "deceased_name")[0] != LIVING or said(found, "deceased_name")[1] is not FieldTrust.AGREES


def test_a_death_in_a_sentence_gives_name_and_day_to_a_person_and_leaves_the_papers_own_day() -> None:
    rows = in_rows(
        "1. Người khai", f"Họ tên: {LIVING}", "Số định danh cá nhân: 004165001234", "2. Người chết", f"Ông {DEAD}, sinh năm 1941, là cán bộ hưu trí, mã số BHXH 0412345678, đã từ trần",
        "hồi 5 giờ 10 phút ngày 12 tháng 3 năm 2024 tại nhà riêng (Trích lục khai tử số 11/TLKT).",
    )  # fmt: skip
    found = read(
        line(600, 300, "TỜ KHAI CỦA THÂN NHÂN"),
        *rows,
        line(900, 1400, "Trùng Khánh, ngày 02 tháng 4 năm 2024"),
        chosen="09-HSB",
    )
    assert said(found, "deceased_name") == (DEAD, FieldTrust.CHECK)
    assert said(found, "death_date") == ("12/03/2024", FieldTrust.CHECK)
    assert said(found, "issue_date") == ("02/04/2024", FieldTrust.AGREES)
    assert said(found, "full_name") == (LIVING, FieldTrust.AGREES)
