"""Names as other offices set them: in two rows of a narrow cell, with an end that is no Vietnamese syllable, without a colon, without any label."""

from __future__ import annotations

import pytest

from edge_node.extraction.model import FieldTrust
from tests.edge_node.extraction.recorded import line
from tests.edge_node.extraction.test_extent import in_rows
from tests.edge_node.extraction.test_printed_papers import read, said

_SURE = FieldTrust.AGREES


def test_a_name_whose_rest_stands_below_it_in_its_cell_is_whole_and_for_a_person() -> None:
    cells = (line(160, 520, "Họ và tên"), line(420, 520, "Nguyễn Hoàng"), line(780, 520, "Ngày sinh"), line(1000, 520, "22/04/1993"), line(422, 566, "Bảo Châu"), line(160, 640, "Chẩn đoán"), line(420, 640, "Viêm họng"))
    assert said(read(*cells, chosen="GCN-NV"), "full_name") == ("Nguyễn Hoàng Bảo Châu", FieldTrust.CHECK)


@pytest.mark.parametrize("middle", [516, 522])
def test_a_name_in_two_rows_around_the_height_of_its_label_is_whole_and_for_a_person(middle: int) -> None:
    cells = (line(160, middle, "Họ và tên"), line(420, 500, "Nguyễn Hoàng"), line(780, 520, "Ngày sinh"), line(1000, 520, "22/04/1993"), line(422, 540, "Bảo Châu"), line(160, 640, "Chẩn đoán"), line(420, 640, "Viêm họng"))
    assert said(read(*cells, chosen="GCN-NV"), "full_name") == ("Nguyễn Hoàng Bảo Châu", FieldTrust.CHECK)


def test_the_upper_row_of_a_cell_that_was_joined_with_the_next_cell_is_the_names_too() -> None:
    cells = (line(160, 522, "Họ và tên"), line(420, 500, "Nguyễn Hoàng"), line(690, 520, "Ngày sinh 22/04/1993"), line(422, 540, "Bảo Châu"), line(160, 640, "Chẩn đoán"), line(420, 640, "Viêm họng"))
    value, trust = said(read(*cells, chosen="GCN-NV"), "full_name")
    assert (value, trust) == ("Nguyễn Hoàng Bảo Châu", FieldTrust.CHECK)


def test_a_name_that_goes_on_at_the_left_of_its_column_is_whole_and_for_a_person() -> None:
    rows = (line(150, 500, "- Họ tên người bệnh: LÊ NGUYỄN"), line(900, 500, "- Ngày sinh: 30/12/2001"), line(154, 548, "HOÀNG THIÊN KIM"), line(900, 548, "- Dân tộc: Kinh"), line(150, 596, "- Giới tính: Nữ"))
    assert said(read(*rows, chosen="GRV"), "full_name") == ("LÊ NGUYỄN HOÀNG THIÊN KIM", FieldTrust.CHECK)


@pytest.mark.parametrize("below", ["Giám đốc", "Dân tộc: Kinh", "Nữ", "Ngày sinh"])
def test_what_stands_below_a_name_and_is_none_leaves_it_alone(below: str) -> None:
    rows = (line(150, 500, "Họ và tên: Lê Thị Hoa"), line(900, 500, "Số CCCD: 001190000111"), line(150, 548, below))
    assert said(read(*rows, chosen="14-HSB"), "full_name") == ("Lê Thị Hoa", _SURE)


def test_a_name_in_a_cell_with_the_next_persons_label_below_is_as_sure_as_ever() -> None:
    cells = (line(160, 520, "Họ và tên"), line(420, 520, "Nguyễn Hoàng"), line(160, 566, "Người liên hệ"), line(420, 566, "Bảo Châu"))
    assert said(read(*cells, chosen="GCN-NV"), "full_name") == ("Nguyễn Hoàng", _SURE)


def test_a_name_cut_before_a_word_that_is_no_syllable_is_carried_on_and_for_a_person() -> None:
    wide = "Ủy ban nhân dân xã xác nhận nội dung khai sinh như sau. Họ và tên: CHÂU THỊ SA"
    value, trust = said(read(*in_rows(wide, "RUONE. Dân tộc: Khmer. Nơi sinh: Trạm Y tế xã.", "Các giấy tờ kèm theo đơn này gồm có bản sao giấy chứng sinh, sổ hộ khẩu."), chosen="14-HSB"), "full_name")
    assert (value, trust) == ("CHÂU THỊ SA RUONE", FieldTrust.CHECK)


def test_a_name_that_goes_on_in_the_next_segment_of_its_row_goes_to_a_person() -> None:
    column = [line(560, 700 + 60 * n, f"Mục {n}") for n in range(4)]  # other rows begin where the segment does, so that it is parted from its name
    rows = (line(150, 500, "Họ và tên: CHÂU THỊ SA"), line(560, 500, "RUONE"), line(150, 560, "Dân tộc: Khmer"))
    value, trust = said(read(*rows, *column, chosen="14-HSB"), "full_name")
    assert value == "CHÂU THỊ SA RUONE" or trust is not _SURE
    assert trust is not _SURE


@pytest.mark.parametrize("rows", [(line(150, 500, "Người nộp tiền Phạm Hồ Như Ý"),), (line(150, 500, "Người nộp tiền"), line(560, 500, "Phạm Hồ Như Ý"))])
def test_who_pays_is_named_also_without_a_colon_for_a_person_to_look_at(rows: tuple) -> None:  # type: ignore[type-arg]
    assert said(read(*rows, line(150, 560, "Địa chỉ"), line(560, 560, "Tổ 4, thị trấn Mộ Đức"), chosen="HD-CT"), "full_name") == ("Phạm Hồ Như Ý", FieldTrust.CHECK)


def test_the_words_above_two_signatures_name_nobody() -> None:
    rows = (line(150, 1500, "Người nộp tiền"), line(1000, 1500, "Người thu tiền"), line(160, 1700, "Phạm Hồ Như Ý"), line(1010, 1700, "Lữ Thị Bích"))
    assert said(read(*rows, chosen="HD-CT"), "full_name")[1] is not _SURE
    assert said(read(*rows, chosen="HD-CT"), "full_name")[0] in ("", "Phạm Hồ Như Ý")


def test_a_name_alone_in_its_row_above_the_birth_is_whom_the_paper_is_about() -> None:
    rows = (line(150, 500, "Điều 1. Chấm dứt hợp đồng lao động đối với:"), line(670, 555, "Huỳnh Thị Kiều Oanh"), line(480, 610, "Sinh ngày 09/09/1990 - Công nhân xưởng chế biến"), line(1290, 1200, "Trịnh Quốc Bảo"))
    assert said(read(*rows, chosen="QD"), "full_name") == ("Huỳnh Thị Kiều Oanh", FieldTrust.CHECK)


def test_a_name_before_the_birth_in_a_sentence_is_whom_the_paper_is_about() -> None:
    rows = in_rows("Điều 1. Cử viên chức Phan Thị Diễm Hằng, sinh ngày 20/10/1985, giáo viên khối 3, nghỉ", "hưởng chế độ thai sản.")
    assert said(read(*rows, chosen="QD"), "full_name") == ("Phan Thị Diễm Hằng", FieldTrust.CHECK)


def test_of_two_such_names_none_is_proposed() -> None:
    rows = in_rows("Điều 1. Cử viên chức Phan Thị Diễm Hằng, sinh ngày 20/10/1985 và viên chức", "Lê Thị Hoa, sinh ngày 02/03/1979, đi học.")
    assert said(read(*rows, chosen="QD"), "full_name")[0] == ""


@pytest.mark.parametrize("boxes", ["Nam Nữ", "Đ Nam Ở Nữ", "Nam Nữọ", "O Nam Nữ"])
def test_two_boxes_for_the_sex_of_which_nobody_saw_the_tick_go_to_a_person(boxes: str) -> None:
    assert said(read(line(150, 500, f"Giới tính: {boxes}"), chosen="GRV"), "sex")[1] is not _SURE


def test_a_sex_said_in_a_word_counts() -> None:
    assert said(read(line(150, 500, "Giới tính: Nam Dân tộc: Nùng"), chosen="GRV"), "sex") == ("Nam", _SURE)


def test_the_birth_of_a_child_in_a_sentence_is_not_the_parents() -> None:
    rows = in_rows("Điều 1. Cho viên chức Nguyễn Thị Hồng Vân (sinh năm 1983) nghỉ việc riêng; con là Hồ", "Gia Bảo, sinh ngày 05/01/2019.")
    assert said(read(*rows, chosen="QD"), "birth_date")[1] is not _SURE
    one_row = in_rows("Cho chị Nguyễn Thị Hồng Vân nghỉ; con là Hồ Gia Bảo, sinh ngày 05/01/2019.")
    assert said(read(*one_row, chosen="QD"), "birth_date")[1] is not _SURE
