"""What two readers agreeing do not prove: where a name ends that its row broke, which of two numbers is the paper's, and a sign that one of them saw otherwise."""

from __future__ import annotations

from edge_node.extraction.model import FieldTrust
from tests.edge_node.extraction.printed import in_rows, read, said
from tests.edge_node.extraction.recorded import line


def test_a_name_that_a_sentence_breaks_at_its_rows_end_is_joined_and_goes_to_a_person() -> None:
    rows = in_rows("Trẻ khỏe, bú tốt, xuất viện cùng mẹ; gia đình báo tên con: MAI HOÀNG", "BẢO. Hẹn tiêm chủng tại trạm y tế phường vào đúng lịch của chương trình")
    assert said(read(*rows, chosen="GRV"), "child_name") == ("MAI HOÀNG BẢO", FieldTrust.CHECK)


def test_a_name_behind_which_the_row_has_room_is_whole() -> None:
    rows = in_rows("- Họ và tên người bệnh: Đinh Thị Hoài", "Nam trẻ, tỉnh táo, tiếp xúc tốt, không sốt, ăn uống bình thường, ngủ được")
    assert said(read(*rows, chosen="GRV"), "full_name") == ("Đinh Thị Hoài", FieldTrust.AGREES)


def test_the_papers_own_number_goes_before_that_of_the_treatment() -> None:
    rows = (line(1200, 240, "Số KCB: 2610-00318"), line(1200, 280, "Số: 004107/GCN/2026"))
    assert said(read(*rows, chosen="GCN-NV"), "number_symbol") == ("004107/GCN/2026", FieldTrust.AGREES)


def test_a_body_ends_in_front_of_the_day_behind_it() -> None:
    head = (line(150, 130, "UBND XÃ HÒA LỢI"), line(150, 190, "Số: 21/TLKT"), line(600, 400, "TRÍCH LỤC KHAI TỬ"))
    below = line(150, 900, "Đăng ký khai tử tại: Ủy ban nhân dân xã Hòa Lợi, ngày 03/2/2026")
    assert said(read(*head, below, chosen="TL-KT"), "issuing_body")[0] == "Ủy ban nhân dân xã Hòa Lợi"


def test_a_body_that_the_head_and_the_entry_name_is_spelled_as_in_the_head() -> None:
    head = (line(150, 130, "HUYỆN TRÀ CÚ"), line(150, 180, "ỦY BAN NHÂN DÂN"), line(150, 230, "XÃ HÒA LỢI"), line(150, 290, "Số: 21/TLKT"), line(600, 400, "TRÍCH LỤC KHAI TỬ"))
    below = line(150, 900, "Đăng ký khai tử tại: Ủy ban nhân dân xã Hòa Lợi, ngày 03/2/2026")
    assert said(read(*head, below, chosen="TL-KT"), "issuing_body")[0] == "ỦY BAN NHÂN DÂN XÃ HÒA LỢI"


def test_an_honorific_in_capitals_is_no_part_of_a_name() -> None:
    rows = (line(150, 500, "I. NGƯỜI ỦY QUYỀN"), line(150, 560, "Họ và tên: BÀ LÂM THỊ ÚT"))
    assert said(read(*rows, chosen="13-HSB"), "full_name")[0] == "LÂM THỊ ÚT"
    man = (line(150, 500, "I. NGƯỜI ỦY QUYỀN"), line(150, 560, "Họ và tên: ÔNG ĐỖ VĂN HẬU"))
    assert said(read(*man, chosen="13-HSB"), "full_name")[1] is not FieldTrust.AGREES


def test_a_sign_on_which_the_readers_differ_goes_to_a_person() -> None:
    value, trust = said(read(line(150, 500, "Chẩn đoán: Viêm phổi; bảo hiểm xã hội", "Chẩn đoán: Viêm phổi: bảo hiếm xã hội"), chosen="GRV"), "diagnosis")
    assert value == "Viêm phổi; bảo hiểm xã hội" and trust is FieldTrust.CHECK


def test_spaces_around_a_dash_that_one_reader_lost_are_taken_from_the_other_and_shown_to_a_person() -> None:
    value, trust = said(read(line(150, 500, "Chẩn đoán: Viêm phổi-Hen phế quản", "Chẩn đoán: Viêm phổi - Hen phế quản"), chosen="GRV"), "diagnosis")
    assert (value, trust) == ("Viêm phổi - Hen phế quản", FieldTrust.CHECK)
