"""Values in running text and under labels as requests and letters word them: item numbers between them, a label at the row's end, words of a sentence around them."""

from __future__ import annotations

import pytest

from edge_node.extraction.free_text import names_nobody
from edge_node.extraction.grammar import values
from edge_node.extraction.model import FieldTrust
from tests.edge_node.extraction.printed import in_rows, read, said
from tests.edge_node.extraction.recorded import line


@pytest.mark.parametrize(
    "behind",
    [
        "02], Giới tính: Nữ",
        "02) Giới tính: Nữ",
        "I02], Giới tính: Nữ",
        "[02]. Giới tính: Nữ",
        "2.1] Giới tính: Nữ",
        "Mã BN: 118.22",
        "Mã KH: 7781",
    ],
)
def test_the_next_items_number_is_no_part_of_a_name(behind: str) -> None:
    assert said(read(line(150, 500, f"[01]. Họ và tên: Vi Thị Đượm {behind}"), chosen="TK1-TS"), "full_name") == (
        "Vi Thị Đượm",
        FieldTrust.AGREES,
    )


@pytest.mark.parametrize(
    ("kind", "text", "number"),
    [
        ("personal_id", "4. Số định danh cá nhân: 001185012345 5. Mã số BHXH: 0112345678", "001185012345"),
        ("phone", "Điện thoại: 0912 345 678 12. Địa chỉ: xóm 3", "0912345678"),
        ("tax_code", "Mã số thuế: 0100100100 3) Địa chỉ: xóm 3", "0100100100"),
    ],
)
def test_the_next_items_number_is_no_part_of_a_number(kind: str, text: str, number: str) -> None:
    assert values(kind, text)[0].text == number  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("type_code", "field", "texts", "value"),
    [
        (
            "QD",
            "amount",
            (
                "Điều 2. Ông được trả trợ cấp thôi việc một lần theo quy định của pháp luật, số tiền:",
                "8.316.500 đồng, trả cùng kỳ lương.",
            ),
            "8.316.500",
        ),
        (
            "14-HSB",
            "phone",
            ("Số định danh cá nhân: 001185012345; nghề nghiệp: tự do, hiện đã nghỉ việc; điện thoại:", "0912.345.678."),
            "0912345678",
        ),
        (
            "14-HSB",
            "bhxh_number",
            (
                "Tôi tên là Vi Thị Đượm, sinh năm 1975, nguyên là công nhân nhà máy may, Sổ BHXH số",
                "0112345678, điện thoại 0912 345 678 (không gọi số",
            ),
            "0112345678",
        ),
    ],
)
def test_a_number_right_below_a_label_that_ends_a_sentences_row_is_its_value(
    type_code: str, field: str, texts: tuple[str, ...], value: str
) -> None:
    assert said(read(*in_rows(*texts), chosen=type_code), field) == (value, FieldTrust.AGREES)


@pytest.mark.parametrize(
    ("type_code", "field", "text", "value"),
    [
        ("GT-CM", "full_name", "Tên khách hàng: VI THỊ ĐƯỢM", "VI THỊ ĐƯỢM"),
        ("14-HSB", "full_name", "Họ và tên tôi: Vi Thị Đượm", "Vi Thị Đượm"),
        ("14-HSB", "full_name", "Họ tên của em: Vi Thị Đượm", "Vi Thị Đượm"),
        ("09-HSB", "phone", "Số máy để liên lạc: 0912.345.678", "0912345678"),
        ("3-CBH", "phone", "Di động: 0912 345 678", "0912345678"),
        (
            "GRV",
            "address",
            "Nơi ở: xóm Nà Lẹng, xã Bình Trung, huyện Chợ Đồn",
            "xóm Nà Lẹng, xã Bình Trung, huyện Chợ Đồn",
        ),
        (
            "09-HSB",
            "address",
            "Cư trú: xóm Nà Lẹng, xã Bình Trung, huyện Chợ Đồn",
            "xóm Nà Lẹng, xã Bình Trung, huyện Chợ Đồn",
        ),
        ("GRV", "admission_date", "Nhập viện hồi 21 giờ 40 phút ngày 11/09/2020", "11/09/2020"),
        ("GRV", "discharge_date", "Xuất viện hồi 10 giờ 00 phút ngày 16/09/2020", "16/09/2020"),
        ("GRV", "diagnosis", "Chẩn đoán khi ra viện: Viêm phổi thùy (J18.1)", "Viêm phổi thùy (J18.1)"),
        ("CV", "number_symbol", "Số, ký hiệu: 32/CV-TH", "32/CV-TH"),
        ("HDLD", "number_symbol", "Số HĐ: 0588/HĐLĐ-SP/2024", "0588/HĐLĐ-SP/2024"),
        ("CV", "issue_date", "Ngày ban hành: 17/02/2020", "17/02/2020"),
        ("TK1-TS", "issue_date", "Ngày khai: 11/03/2024", "11/03/2024"),
        ("14-HSB", "issue_date", "Ngày làm đơn: 11/03/2024", "11/03/2024"),
    ],
)
def test_labels_of_other_forms(type_code: str, field: str, text: str, value: str) -> None:
    assert said(read(line(150, 500, text), chosen=type_code), field)[0] == value


def test_the_end_of_a_provinces_name_is_no_label() -> None:
    rows = in_rows("Nơi cư trú: bản Cò Muông, xã Mường Than, huyện Than Uyên, tỉnh Lai", "Châu", "Dân tộc: Thái")
    value, trust = said(read(*rows, chosen="GKS"), "address")
    assert value.endswith("tỉnh Lai Châu") or trust is not FieldTrust.AGREES


def test_digits_where_a_diseases_code_has_its_letter_go_to_a_person() -> None:
    assert (
        said(read(line(150, 500, "Chẩn đoán: Mổ lấy thai lần 1, thai 39 tuần (082)"), chosen="GRV"), "diagnosis")[1]
        is FieldTrust.CHECK
    )


def test_a_second_heading_is_nobodys_name() -> None:
    rows = [
        line(500, 400, "I. NGƯỜI ỦY QUYỀN"),
        line(1000, 400, "II. NGƯỜI ĐƯỢC ỦY QUYỀN"),
        line(150, 455, "Họ và tên"),
        line(500, 455, "Vi Thị Đượm"),
        line(1000, 455, "Lương Thị Nhạn"),
    ]
    value, trust = said(read(*rows, chosen="13-HSB"), "full_name")
    assert value == "Vi Thị Đượm"
    assert trust is FieldTrust.CHECK
    assert names_nobody("Người được ủy quyền")
    assert names_nobody("THƯ KÝ") and not names_nobody("Thư Thị Kim")


@pytest.mark.parametrize(
    ("type_code", "texts", "own"),
    [
        ("CV", ("CÔNG TY CỔ PHẦN GỐM CHU ĐẬU", "Thời gian đó ông Sự làm tại Công ty TNHH MTV Lâm nghiệp (mã số thuế công ty: 0100100100), đề nghị giữ nguyên."), "CÔNG TY CỔ PHẦN GỐM CHU ĐẬU"),
        ("05A-HSB", ("Đơn vị gửi kèm hồ sơ: sổ BHXH; giấy ra viện; biên bản giám định.",), ""),
        ("05A-HSB", ("Đơn vị đề nghị giải quyết: theo quy định của pháp luật.",), ""),
        ("HDLD", ("CÔNG TY CỔ PHẦN GỐM CHU ĐẬU", "NGƯỜI SỬ DỤNG LAO ĐỘNG / EMPLOYER"), "CÔNG TY CỔ PHẦN GỐM CHU ĐẬU"),
    ],
)
def test_a_sentence_behind_a_units_label_is_no_unit(type_code: str, texts: tuple[str, ...], own: str) -> None:
    assert said(read(*in_rows(*texts), chosen=type_code), "organisation_name")[0] in (own, "")


@pytest.mark.parametrize("label", ["Mã đơn vị BHXH:", "Mã đơn vị tham gia BHXH:", "Mã số đơn vị tham gia BHXH:"])
def test_what_a_units_code_is_for_is_no_code(label: str) -> None:
    assert said(read(line(150, 500, label), line(150, 550, "TC0139K"), chosen="05A-HSB"), "unit_number")[0] == "TC0139K"
    assert said(read(line(150, 500, label.rstrip(":")), line(900, 500, "TC0139K"), chosen="05A-HSB"), "unit_number")[0] == "TC0139K"


def test_those_who_sign_minutes_are_not_the_one_they_are_about() -> None:
    rows = (*in_rows("Đối với trường hợp: Ông Vi Văn Đượm, căn cước công dân số 001085012345, thường trú tại xóm 3."), line(150, 900, "NGƯỜI ĐƯỢC XÁC MINH ĐẠI DIỆN UBND XÃ ĐẠI DIỆN CƠ QUAN BHXH"))
    assert said(read(*rows, chosen="BB"), "full_name")[0] == "Vi Văn Đượm"


def test_an_empty_label_for_a_guardian_names_nobody_though_its_colon_was_lost() -> None:
    rows = in_rows("[01]. Họ và tên: Vi Thị Đượm", "[10]. Họ tên cha/mẹ/người giám hộ (đối với trẻ em dưới 6 tuổi)", "[11]. Địa chỉ nhận hồ sơ: xóm 3", "[13]. Mã số BHXH: 0112345678")
    assert said(read(*rows, chosen="TK1-TS"), "bhxh_number") == ("0112345678", FieldTrust.AGREES)


def test_a_name_ends_where_its_sentence_does() -> None:
    found = read(line(150, 500, "1. Người đứng khai: bà Rơ Châm H'Blíp. Là vợ của người chết."), chosen="09-HSB")
    assert said(found, "full_name") == ("Rơ Châm H'Blíp", FieldTrust.CHECK)


@pytest.mark.parametrize(
    ("texts", "address"),
    [
        (("Tôi tên là Vi Thị Đượm, dân tộc Thái. Hiện nay tôi đang ở tại thôn Sà, xã Pả Vi,", "huyện Mèo Vạc, tỉnh Hà Giang. Khi cần, đề nghị gọi cho tôi."), "thôn Sà, xã Pả Vi, huyện Mèo Vạc, tỉnh Hà Giang"),
        (("Tôi tên là Vi Thị Đượm, sinh năm 1974, hiện ngụ tại số 46, khóm 3, phường 2, thị xã Vĩnh", "Châu, tỉnh Sóc Trăng, Căn cước công dân số 094174001763."), "số 46, khóm 3, phường 2, thị xã Vĩnh Châu, tỉnh Sóc Trăng"),
        (("Tôi là Vi Thị Đượm, cư trú tại xóm 3, xã Bình Trung (nay là xã Yên Thịnh).",), "xóm 3, xã Bình Trung"),
        (("Tôi là Vi Thị Đượm; hiện thường trú tại bản Hìn, xã Chiềng An, thành phố Sơn La; tôi làm đơn này.",), "bản Hìn, xã Chiềng An, thành phố Sơn La"),
        (("Tôi là Vi Thị Đượm, hiện đang sinh sống tại tổ 5, phường Quyết Tâm, tôi làm đơn này.",), "tổ 5, phường Quyết Tâm"),
        (("Tôi là Vi Thị Đượm, trú tại 12/7 đường Lê Lợi, phường 3, TP. Cà Mau, đề nghị như sau.",), "12/7 đường Lê Lợi, phường 3, TP. Cà Mau"),
        (("Tôi tên là Vi Thị Đượm, tạm trú tại ấp Kép, xã Tân Sơn, huyện Trà Cú, số điện thoại 0912345678.",), "ấp Kép, xã Tân Sơn, huyện Trà Cú"),
    ],
)
def test_a_sentence_says_where_the_applicant_lives_and_a_person_looks(texts: tuple[str, ...], address: str) -> None:
    assert said(read(*in_rows(*texts), chosen="14-HSB"), "address") == (address, FieldTrust.CHECK)


@pytest.mark.parametrize("text", ["Tôi làm việc ở nhà máy may, từ năm 2006.", "Hồ sơ ở tại bộ phận một cửa.", "Tôi ở nước ngoài, nay đã về.", "Con tôi học ở trường làng."])
def test_not_everywhere_somebody_is_is_where_he_lives(text: str) -> None:
    assert said(read(*in_rows("Tôi tên là Vi Thị Đượm.", text), chosen="14-HSB"), "address")[0] == ""


@pytest.mark.parametrize("text", ["Khi cần, đề nghị gọi cho tôi theo số 0912 345 678.", "Xin liên lạc qua số 0912.345.678", "Có gì nhắn tin vào số máy 0912345678", "Liên hệ với tôi: 0912345678", "số di động của tôi là 0912345678"])
def test_whoever_asks_to_be_called_says_the_number(text: str) -> None:
    assert said(read(*in_rows("Tôi tên là Vi Thị Đượm.", text), chosen="14-HSB"), "phone")[0] == "0912345678"


def test_a_number_that_nobody_is_to_call_is_not_the_applicants() -> None:
    assert said(read(*in_rows("Tôi tên là Vi Thị Đượm.", "Xin không gọi số 0299.386.1250 của công ty."), chosen="14-HSB"), "phone")[0] == ""


@pytest.mark.parametrize("phrase", ["mã số BHXH của tôi là 0112345678", "số sổ BHXH của tôi: 0112345678", "sổ bảo hiểm xã hội của tôi là 0112345678"])
def test_what_is_mine_is_a_number_and_no_new_person(phrase: str) -> None:
    assert said(read(*in_rows(f"Tôi tên là Vi Thị Đượm, sinh ngày 05/04/1963, {phrase}. Hiện nay tôi đã nghỉ."), chosen="14-HSB"), "bhxh_number")[0] == "0112345678"


def test_a_discharge_paper_in_sentences() -> None:
    rows = in_rows(
        "Bệnh nhân: VI THỊ ĐƯỢM, nữ, sinh năm 1993 (27 tuổi), dân tộc Thái", "Nhập viện hồi 21 giờ 40 phút ngày 11/09/2020, xuất viện hồi 10 giờ 00", "phút ngày 16/09/2020.",
        "Chẩn đoán khi ra viện: Viêm phổi thùy", "Tình trạng ra viện: ổn định. Hẹn khám lại ngày 30/09/2020.",
    )  # fmt: skip
    found = read(*rows, chosen="GRV")
    assert said(found, "sex") == ("Nữ", FieldTrust.CHECK)
    assert said(found, "admission_date")[0] == "11/09/2020"
    assert said(found, "discharge_date") == ("16/09/2020", FieldTrust.CHECK)
    assert said(found, "diagnosis")[0] == "Viêm phổi thùy"


def test_the_day_of_another_discharge_paper_is_not_this_ones() -> None:
    assert said(read(*in_rows("Bệnh nhân: VI THỊ ĐƯỢM", "Căn cứ giấy ra viện ngày 16/09/2020 của bệnh viện tỉnh"), chosen="GRV"), "discharge_date")[0] == ""


def test_a_month_of_birth_in_a_sentence() -> None:
    assert said(read(*in_rows("Họ và tên: Vi Thị Đượm", "Sinh tháng 10 năm 1944; dân tộc Thái; nữ."), chosen="01-QD613"), "birth_date") == ("10/1944", FieldTrust.CHECK)


def test_the_english_half_of_a_contract_spells_nobody_otherwise() -> None:
    rows = (line(150, 500, "Họ và tên: Vi Thị Đượm"), line(950, 500, "Full name: Ms. Vi Thi Duom"))
    assert said(read(*rows, chosen="HDLD"), "full_name") == ("Vi Thị Đượm", FieldTrust.AGREES)


def test_a_letter_without_a_title_is_one_by_its_subject_and_to_whom_it_goes() -> None:
    rows = in_rows("Số, ký hiệu: 32/CV-TH", "Ngày ban hành: 17/02/2020", "Trích yếu: Đề nghị hoàn trả tiền đóng thừa", "Nơi gửi đến: Bảo hiểm xã hội huyện Trà Cú", "Nhà trường đã rà soát, đối chiếu bảng lương và sổ theo dõi.", y=250)
    found = read(*rows)
    assert found.document_type == "CV"
    assert said(found, "number_symbol") == ("32/CV-TH", FieldTrust.AGREES)
    assert said(found, "issue_date") == ("17/02/2020", FieldTrust.AGREES)


def test_the_office_that_a_sentence_says_has_registered_a_death() -> None:
    rows = in_rows("Người chết là ông Nông Văn Quế, sinh năm 1941.", "Việc khai tử đã được đăng ký tại Ủy ban nhân dân xã Vĩnh Quý, huyện", "Hạ Lang, tỉnh Cao Bằng, ngày đăng ký: 04/02/2025.")
    value, trust = said(read(*rows, chosen="TL-KT"), "issuing_body")
    assert value == "Ủy ban nhân dân xã Vĩnh Quý, huyện Hạ Lang, tỉnh Cao Bằng"
    assert trust is FieldTrust.CHECK
