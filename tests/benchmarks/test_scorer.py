"""The scorer itself can go red: it sees a wrong letter, a wrong mark, and a wrong value that was pre-confirmed."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from edge_node.extraction.gazetteer import Gazetteer
from edge_node.extraction.proposal import extract
from tests.benchmarks.field_score import FieldTally, same_value, score_fields
from tests.benchmarks.page_score import plain, score_page, score_text
from tests.benchmarks.reading import main
from tests.benchmarks.truth_set import Document, FieldTruth, LineTruth, PageTruth, texts
from tests.edge_node.extraction.paper_types import DOCUMENT_TYPES
from tests.edge_node.extraction.recorded import HEAD, document, line, page

NAME = "Họ và tên: NGUYỄN THỊ LÀN"


def truth(text: str = NAME, value: str = "NGUYỄN THỊ LÀN", handwritten: bool = False) -> PageTruth:
    box = (150.0, 700.0, 17.0 * len(text), 40.0)
    return PageTruth(
        dpi=200,
        width_px=1654,
        height_px=2339,
        document_type="QD",
        page=1,
        pages=1,
        lines=[LineTruth(text, box)],
        fields=[FieldTruth("full_name", "name", value, box, handwritten)],
    )


def test_a_page_read_perfectly_has_no_errors() -> None:
    tally, wrong = score_page(truth(), page(line(150, 700, NAME)))
    assert (tally.cer, tally.word_accuracy, wrong) == (0.0, 100.0, [])


@pytest.mark.parametrize("said", [NAME.replace("À", "A"), NAME.lower(), NAME[:-1]])
def test_canary_marks_case_and_missing_letters_count(said: str) -> None:
    tally, wrong = score_page(truth(), page(line(150, 700, said)))
    assert tally.character_errors > 0
    assert len(wrong) == 1


def test_a_page_that_was_not_read_is_all_wrong() -> None:
    tally, _ = score_page(truth(), None)
    assert (tally.cer, tally.word_accuracy) == (100.0, 0.0)


@pytest.mark.parametrize(("value", "wrong", "handwritten"), [("NGUYỄN THỊ LÀN", 0, 0), ("NGUYỄN THỊ LAN", 1, 0)])
def test_canary_a_wrong_value_that_was_pre_confirmed_is_counted(value: str, wrong: int, handwritten: int) -> None:
    tally = FieldTally()
    proposal = extract(document(*HEAD, line(150, 700, NAME)), DOCUMENT_TYPES, Gazetteer())
    score_fields(Document(((Path("p.jpg"), truth(value=value)),)), proposal, tally)
    assert tally.wrong_confirmed[False] == wrong
    assert tally.handwritten_confirmed == handwritten


def test_canary_a_pre_confirmed_handwritten_value_is_counted() -> None:
    tally = FieldTally()
    proposal = extract(document(*HEAD, line(150, 700, NAME)), DOCUMENT_TYPES, Gazetteer())
    score_fields(Document(((Path("p.jpg"), truth(handwritten=True)),)), proposal, tally)
    assert (tally.handwritten, tally.handwritten_confirmed) == (1, 1)


def test_numbers_are_compared_by_digits_and_text_by_letters() -> None:
    assert same_value("money", "12.345.000", "12.345.000 đồng")
    assert not same_value("money", "", "")
    assert not same_value("name", "TOÀN", "TOẢN")
    assert same_value("date", "26/07/1962", "26/7/1962") and same_value("date", "26/07/1962", "ngày 26 tháng 7 năm 1962")
    assert same_value("date", "09/2026", "9/2026") and same_value("date", "09/2026", "tháng 9 năm 2026")
    assert not same_value("date", "09/2026", "8/2026") and not same_value("date", "01/09/2026", "9/2026")
    assert not same_value("date", "26/07/1962", "27/7/1962") and not same_value("date", "", "26/7/1962")
    assert plain("Họ tên: ........ “A”") == 'Họ tên: "A"'


def test_the_truth_of_the_contract_is_understood() -> None:
    assert msgspec.json.decode(msgspec.json.encode(truth()), type=PageTruth) == truth()


def test_a_page_of_which_only_the_text_is_known_is_scored_in_reading_order() -> None:
    read = page(line(150, 700, NAME), line(150, 760, "Sinh ngày: 01/02/1985"))
    whole = f"{NAME}\nSinh ngày: 01/02/1985"
    assert score_text(whole, read).character_errors == 0 and score_text(whole, read).word_accuracy == 100
    wrong = score_text(whole.replace("À", "A"), read)
    assert (wrong.character_errors, wrong.words - wrong.right_words) == (1, 1)
    assert score_text(whole, None).cer == 100


def test_a_picture_with_its_text_beside_it_is_found_and_a_folder_without_truth_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "a.png").write_bytes(b"")
    assert main(["--set", str(tmp_path)]) == 1 and ".gt.txt" in capsys.readouterr().err
    (tmp_path / "a.gt.txt").write_text("\ufeffHọ và tên", encoding="utf-8")
    assert list(texts(tmp_path)) == [(tmp_path / "a.png", "Họ và tên")]
    (tmp_path / "a.json").write_text("{}", encoding="utf-8")
    assert list(texts(tmp_path)) == [], "what has boxes is scored by them"
