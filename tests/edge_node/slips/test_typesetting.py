"""Seven slips, each under the number and title of its day, with codes that scan and letters that are whole."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import msgspec
import pikepdf
import pypdfium2
import pytest
import zxingcpp

from edge_node.copies import archival
from edge_node.copies.errors import NotArchival
from edge_node.slips.errors import FactMissing, FormNotInForce
from edge_node.slips.forms import FORMS, VERSIONS, Form, form_on, published_form
from edge_node.slips.typesetting import make_slip
from sync_protocol.catalogue import Catalogue
from sync_protocol.paper_types import PrintedForm
from tests.central_hub.directory.published import published
from tests.edge_node.slips.material import FACTS, VIETNAM

OLD_DAY = dt.datetime(2024, 3, 4, 8, 0, tzinfo=VIETNAM)


CAPITALS = "ẤẦẨẪẬẮẰẲẴẶẾỀỂỄỆỐỒỔỖỘỚỜỞỠỢỨỪỬỮỰĐ"


def words_of(slip: bytes) -> str:
    return " ".join(pypdfium2.PdfDocument(slip)[0].get_textpage().get_text_range().split())


@pytest.mark.parametrize("form", FORMS)
def test_every_form_is_archival_and_says_its_title_and_number(form: Form) -> None:
    slip = make_slip(form, FACTS)
    archival.require_archival(slip)
    words = words_of(slip)
    assert form_on(form, FACTS.issued_at.date()).title.upper() in words
    assert f"Mẫu số {form}" in words
    assert "Trần Văn Ộp Ữ" in words


def test_the_register_is_a4_across_and_the_receipt_a5_upright() -> None:
    sizes = {}
    for form in ("01", "07"):
        with pikepdf.open(io.BytesIO(make_slip(form, FACTS))) as pdf:
            sizes[form] = tuple(round(float(side)) for side in pdf.pages[0].MediaBox[2:])
    assert sizes == {"01": (420, 595), "07": (842, 595)}


def test_both_codes_of_the_receipt_scan() -> None:
    page = pypdfium2.PdfDocument(make_slip("01", FACTS))[0].render(scale=200 / 72).to_pil()
    assert {code.text for code in zxingcpp.read_barcodes(page)} == {FACTS.tracking_url, FACTS.survey_url}


def test_without_an_address_the_code_is_the_dossier_code() -> None:
    page = pypdfium2.PdfDocument(make_slip("01", msgspec.structs.replace(FACTS, tracking_url="", survey_url="")))[0]
    codes = zxingcpp.read_barcodes(page.render(scale=200 / 72).to_pil())
    assert [code.text for code in codes] == [FACTS.dossier_code]


def test_the_receipt_says_when_and_what() -> None:
    words = words_of(make_slip("01", FACTS))
    for said in (
        "Nguyễn Thị Ẵm",
        "09:05 ngày 20/11/2026",
        "09:05 ngày 30/11/2026",
        FACTS.dossier_code,
        "Trích lục khai sinh",
    ):
        assert said in words


def test_a_name_that_looks_like_markup_is_printed_as_it_is() -> None:
    words = words_of(make_slip("03", msgspec.structs.replace(FACTS, applicant='#panic("x") *A* $b$')))
    assert '#panic("x") *A* $b$' in words


@pytest.mark.parametrize("form", FORMS)
def test_a_letter_without_a_glyph_is_marked_and_never_keeps_a_slip_from_a_person(form: Form) -> None:
    slip = make_slip(form, msgspec.structs.replace(FACTS, applicant="Giàng 😀 张 Пётр Ẵm", requests=("Ảnh 😀",), reason="vì 😀"))
    archival.require_archival(slip)
    said = words_of(slip)
    assert "Giàng ? ? ???? Ẵm" in said or "Giàng" not in said


def tops(slip: bytes, *, cut: bool = False) -> dict[str, bool]:
    """Of every capital with marks: whether ink stands in the highest eighth of the room that its glyph takes (`cut`: with that eighth painted over)."""
    page, scale, found = pypdfium2.PdfDocument(slip)[0], 400 / 72, {}
    text, drawn = page.get_textpage(), page.render(scale=400 / 72).to_pil().convert("L")
    for at, letter in enumerate(text.get_text_range()):
        if letter in CAPITALS:
            left, bottom, right, top = text.get_charbox(at)
            edge, depth = page.get_height() - top, (top - bottom) / 8
            room = [round(side * scale) for side in (left, edge, right, edge + depth)]
            if cut:
                drawn.paste(255, (room[0], room[1] - 2, room[2], room[3]))
            found[letter] = found.get(letter, True) and min(drawn.crop((room[0], room[1] - 1, room[2], room[3])).getdata()) < 128
    return found


@pytest.mark.parametrize("form", FORMS)
def test_every_capital_with_two_marks_is_printed_whole(form: Form) -> None:
    rows = tuple(msgspec.structs.replace(row, applicant=CAPITALS) for row in FACTS.rows)
    slip = make_slip(form, msgspec.structs.replace(FACTS, applicant=CAPITALS, officer_name=CAPITALS, procedure=CAPITALS, rows=rows))
    whole = tops(slip)
    assert set(whole) == set(CAPITALS) and all(whole.values()), whole
    assert not any(tops(slip, cut=True).values())


LONGEST = msgspec.structs.replace(
    FACTS, parent_office="Bảo hiểm xã hội tỉnh Thừa Thiên Huế và các huyện miền núi", office="Bảo hiểm xã hội cơ sở liên xã Hữu Lũng – Chi Lăng – Đình Lập – Lộc Bình", officer_name=f"Nguyễn Thị Ẵm {CAPITALS[:12]}",
    procedure=f"{FACTS.procedure}, sau điều trị thương tật, bệnh tật do tai nạn lao động (1.002759.000.00.00.H37)", applicant=f"Nguyễn Thị Ẵm {CAPITALS}",
    email="nguyenthiphuongquynh.ketoantruong@congtyxuatnhapkhauduongbuoi.com.vn",
    components=tuple(msgspec.structs.replace(one, name=f"{one.name} {CAPITALS}", submitted_form="Bản sao có chứng thực từ bản chính") for one in FACTS.components * 8),
    hand_overs=tuple(msgspec.structs.replace(one, receiving=f"Tổ chế độ {CAPITALS}") for one in FACTS.hand_overs * 8),
    rows=tuple(
        msgspec.structs.replace(
            one, applicant=f"Lò Văn {CAPITALS}", procedure="Thủ tục (1.002759.000.00.00.H37)", due_at=FACTS.due_at, returned_at=FACTS.due_at,
            method="Qua dịch vụ bưu chính công ích",
        )
        for one in FACTS.rows * 8
    ),
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_longest_names_stay_on_the_paper_and_in_their_cells(form: Form) -> None:
    for page in pypdfium2.PdfDocument(make_slip(form, LONGEST)):
        text, width = page.get_textpage(), page.get_width()
        boxes = [text.get_charbox(at) for at in range(text.count_chars())]
        assert max(right for _, _, right, _ in boxes) <= width - 30, "past the margin"
        drawn = [box for box, letter in zip(boxes, text.get_text_range(), strict=False) if not letter.isspace()]
        rules = [one.get_bounds() for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
        upright = [(left + right) / 2 for left, bottom, right, top in rules if right - left < 2 and top - bottom > 9]
        spans = [(bottom, top) for left, bottom, right, top in rules if right - left < 2 and top - bottom > 9]
        for line, (low, high) in zip(upright, spans, strict=True):
            assert not [box for box in drawn if box[0] < line - 1 and line + 1 < box[2] and low < box[1] and box[3] < high], "through a rule"


@pytest.mark.parametrize("form", ["01", "02", "03", "04", "05", "06"])
def test_signatures_never_stand_alone_on_a_page(form: Form) -> None:
    for extra in range(24):
        facts = msgspec.structs.replace(
            FACTS, reason=" ".join(["Giấy ra viện thiếu dấu của bệnh viện."] * (10 + 6 * extra)), requests=FACTS.requests * (1 + extra),
            components=FACTS.components * (1 + extra), hand_overs=FACTS.hand_overs * (1 + extra),
        )  # fmt: skip
        pages = pypdfium2.PdfDocument(make_slip(form, facts))
        last = pages[len(pages) - 1].get_textpage().get_text_range().split()
        assert last[:2] not in (["Theo", "dõi"], ["NGƯỜI", "NỘP"], ["NGƯỜI", "CÓ"]), extra


def test_every_page_of_a_long_slip_says_its_number() -> None:
    pages = pypdfium2.PdfDocument(make_slip("02", msgspec.structs.replace(FACTS, requests=FACTS.requests * 40)))
    assert len(pages) > 1
    assert all(f"Số {FACTS.number} · Trang" in one.get_textpage().get_text_range() for one in pages)


def pages_of_rows(form: Form, row: Callable[[int], str]) -> dict[int, set[int]]:
    """On which pages the first and last word of each of thirty rows stand; a word that is on no page is missing from the set's count."""
    facts = msgspec.structs.replace(
        FACTS,
        components=tuple(msgspec.structs.replace(FACTS.components[0], name=row(at)) for at in range(30)),
        hand_overs=tuple(msgspec.structs.replace(FACTS.hand_overs[0], receiving=row(at)) for at in range(30)),
        rows=tuple(msgspec.structs.replace(FACTS.rows[0], applicant=row(at)) for at in range(30)),
    )  # fmt: skip
    pages = [one.get_textpage().get_text_range() for one in pypdfium2.PdfDocument(make_slip(form, facts))]
    return {at: {number for number, text in enumerate(pages) for word in (f"{at}đ", f"{at}c") if word in text.split()} for at in range(30)}


@pytest.mark.parametrize("form", ["01", "06", "07"])
def test_a_row_stays_whole_where_it_fits_on_a_page(form: Form) -> None:
    found = pages_of_rows(form, lambda at: f"{at}đ {'Nguyễn Thị ' * 24} {at}c")
    assert len({page for pages in found.values() for page in pages}) > 1
    assert {at: pages for at, pages in found.items() if len(pages) != 1} == {}


@pytest.mark.parametrize("form", ["01", "06", "07"])
def test_a_row_longer_than_a_page_goes_on_and_loses_nothing(form: Form) -> None:
    found = pages_of_rows(form, lambda at: f"{at}đ {'Nguyễn Thị Ẵm ' * (600 if at == 2 else 1)} {at}c")
    assert all(found.values()) and len(found[2]) == 2


def test_the_national_heading_stays_together_beside_a_long_office() -> None:
    page = pypdfium2.PdfDocument(make_slip("01", LONGEST))[0].get_textpage()
    words = page.get_text_range()
    first, second = (page.get_charbox(words.index(said))[1] for said in ("CỘNG HÒA", "Độc lập"))
    assert 0 < first - second < 16


def test_a_slip_of_2024_keeps_the_number_and_title_of_2024() -> None:
    facts = msgspec.structs.replace(FACTS, issued_at=OLD_DAY)
    assert "PHIẾU XIN LỖI VÀ HẸN LẠI NGÀY TRẢ KẾT QUẢ" in words_of(make_slip("04", facts))
    control = words_of(make_slip("06", facts))
    assert "Mẫu số 05" in control
    assert "01/2018/TT-VPCP" in control


def test_a_form_that_did_not_exist_on_that_day_is_refused() -> None:
    with pytest.raises(FormNotInForce):
        make_slip("05", msgspec.structs.replace(FACTS, issued_at=OLD_DAY))


def test_a_form_of_the_catalogue_gives_the_slip_its_number_title_and_regulation() -> None:
    day = FACTS.issued_at.date()
    other = PrintedForm(
        "01", "Giấy hẹn mới Ẵ", "01a", "Ban hành kèm theo Thông tư số 9/2027", day, None, False, "TT 9/2027", "V"
    )
    known = Catalogue(version="1", built_at=FACTS.issued_at, forms=(other,))
    words = words_of(make_slip("01", FACTS, catalogue=known))
    assert "GIẤY HẸN MỚI Ẵ" in words and "Thông tư số 9/2027" in words and "Mẫu số 01a" in words
    assert published_form("02", day, known) == form_on("02", day)


def test_the_shipped_catalogue_names_the_forms_as_this_release_prints_them() -> None:
    known = published()
    assert len(known.forms) == len(VERSIONS)
    for version in VERSIONS:
        assert published_form(version.form, version.valid_from, known) == version


def test_no_day_has_two_versions_of_a_form() -> None:
    for form in FORMS:
        spans = sorted((one.valid_from, one.valid_to or dt.date.max) for one in VERSIONS if one.form == form)
        assert all(before[1] <= after[0] for before, after in zip(spans, spans[1:], strict=False))


@pytest.mark.parametrize(
    ("form", "fact"), [(one.form, name) for one in VERSIONS if one.provisional for name, _ in one.required]
)
def test_a_slip_without_a_fact_it_needs_is_not_made(form: Form, fact: str) -> None:
    empty = None if fact.endswith("_at") or fact == "year" else type(getattr(FACTS, fact))()
    with pytest.raises(FactMissing) as caught:
        make_slip(form, msgspec.structs.replace(FACTS, **{fact: empty}))
    assert caught.value.facts["fact"] == fact


def test_the_same_facts_give_the_same_slip() -> None:
    assert make_slip("06", FACTS) == make_slip("06", FACTS)


def test_the_gate_the_slips_pass_can_refuse() -> None:
    with pytest.raises(NotArchival):
        archival.require_archival(make_slip("06", FACTS).replace(b"%PDF-1.7", b"%PDF-9.9"))
