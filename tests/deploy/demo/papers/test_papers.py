"""The demo's papers are legible, exact and the same every time."""

from __future__ import annotations

import datetime as dt
import unicodedata
from pathlib import Path

import msgspec
import numpy as np
import pytest
import zxingcpp
from numpy.typing import NDArray
from PIL import Image

from deploy.demo.papers import PAGE_HEIGHT_PX, PAGE_WIDTH_PX
from deploy.demo.papers.build import build
from deploy.demo.papers.errors import FolderNotWritable, ImpossibleNumber
from deploy.demo.papers.people import personal_id, qr_payload, tax_code
from deploy.demo.papers.story import Dossier
from deploy.demo.papers.truth import Box, PageTruth, read_truth
from sync_protocol.paper_types import FieldKind
from sync_protocol.procedure import SubmittedForm

Demo = tuple[Path, list[Dossier]]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    folder = tmp_path_factory.mktemp("papers")
    return folder, build(folder, seed=1)


def images(demo: Demo) -> list[Path]:
    folder, told = demo
    return [folder / part.folder / name for dossier in told for part in dossier.components for name in part.files]


def ink(path: Path) -> NDArray[np.bool_]:
    """Where the page is clearly darker than its paper, in the red channel, in which stamps vanish and ink stays."""
    channel = np.asarray(Image.open(path).convert("RGB"))[:, :, 0]
    return np.asarray(channel < np.median(channel[::8, ::8]) - 60)


def ink_share(page: NDArray[np.bool_], box: Box) -> float:
    """The share of ink px in the box."""
    x, y, width, height = box
    inside = page[y : y + height, x : x + width]
    return float(inside.mean()) if inside.size else 0.0


def test_every_value_box_holds_ink(demo: Demo) -> None:
    for path in images(demo):
        page = ink(path)
        for field in read_truth(path).fields:
            assert ink_share(page, field.box) > 0.04, (path.name, field.field)


def test_every_line_box_holds_ink_and_lies_on_the_page(demo: Demo) -> None:
    for path in images(demo):
        page, truth = ink(path), read_truth(path)
        for line in truth.lines:
            x, y, width, height = line.box
            assert ink_share(page, line.box) > 0.02, (path.name, line.text)
            assert 0 <= x < x + width <= truth.width_px
            assert 0 <= y < y + height <= truth.height_px


def test_the_ink_check_turns_red_on_a_shifted_box(demo: Demo) -> None:
    path = next(path for path in images(demo) if "14-HSB" in str(path))
    field = read_truth(path).fields[0]
    x, y, width, height = field.box
    assert ink_share(ink(path), (x, y + 1500, width, height)) < 0.02


def test_pages_are_a4_at_200_dpi_and_in_colour(demo: Demo) -> None:
    for path in images(demo):
        with Image.open(path) as image:
            assert image.size == (PAGE_WIDTH_PX, PAGE_HEIGHT_PX)
            assert image.mode == "RGB"
            assert [round(float(side)) for side in image.info["dpi"]] == [200, 200]


def test_declared_pages_and_noted_pages_together_are_the_images(demo: Demo) -> None:
    folder, told = demo
    for dossier in told:
        for part in dossier.components:
            assert len(part.files) == part.declared_pages + len(part.note_pages)
            stored = sorted(path.name for path in (folder / part.folder).iterdir() if path.suffix != ".json")
            assert stored == part.files


def test_a_noted_page_is_captured_with_its_note_and_then_without(demo: Demo) -> None:
    folder, told = demo
    part = next(part for dossier in told for part in dossier.components if part.note_pages)
    with_note, without = (read_truth(folder / part.folder / name) for name in part.files)
    assert "note" in with_note.tags
    assert "note" not in without.tags
    assert with_note.page == without.page == 1
    assert {line.text for line in with_note.lines} - {line.text for line in without.lines}


def test_the_story_has_three_dossiers_a_supplement_a_result_and_a_second_request(demo: Demo) -> None:
    _, told = demo
    assert [dossier.key for dossier in told] == ["mother", "employer", "survivor", "supplement", "result", "second"]
    assert sum(part.declared_pages for dossier in told for part in dossier.components) >= 14
    by_key = {dossier.key: dossier for dossier in told}
    assert by_key["mother"].procedure == "1.014166"
    assert (by_key["employer"].channel, by_key["employer"].submitter_type) == ("postal", "employer")
    assert by_key["survivor"].applicant.personal_id == ""
    assert (by_key["supplement"].office_code, by_key["supplement"].adds_to) == ("03401", "mother")


def test_forms_and_kinds_are_words_of_the_catalogue(demo: Demo) -> None:
    kinds, forms = set(FieldKind.__args__), set(SubmittedForm.__args__)  # type: ignore[attr-defined]
    for dossier in demo[1]:
        for part in dossier.components:
            assert part.submitted_form in forms
            assert {field.kind for field in part.fields} <= kinds


def test_the_card_code_decodes_to_its_payload(demo: Demo) -> None:
    path = demo[0] / "mother" / "CCCD" / "001.jpg"
    truth = read_truth(path)
    found = zxingcpp.read_barcodes(
        np.asarray(Image.open(path).convert("L")), formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    assert [code.text for code in found] == [truth.qr]
    assert truth.qr is not None
    assert len(truth.qr.split("|")) == 7
    assert truth.qr.startswith("034194")


def test_truth_is_nfc_and_values_stand_in_the_lines(demo: Demo) -> None:
    for path in images(demo):
        truth = read_truth(path)
        page = " ".join(line.text for line in truth.lines)
        assert unicodedata.is_normalized("NFC", page)
        for field in truth.fields:
            assert unicodedata.is_normalized("NFC", field.value)
            if field.field not in ("issue_date", "number_symbol"):
                assert field.value in page, (path.name, field.field)


def test_the_death_extract_is_numbered_and_dated_by_hand(demo: Demo) -> None:
    truth: PageTruth = read_truth(demo[0] / "survivor" / "TL-KT" / "001.jpg")
    by_hand = {field.field: field.value for field in truth.fields if field.handwritten}
    assert by_hand == {"number_symbol": "47/TLKT-BS", "issue_date": "18/10/2026"}


def test_the_same_seed_gives_the_same_bytes_whatever_else_is_built(demo: Demo, tmp_path: Path) -> None:
    folder, _ = demo
    again = build(tmp_path, seed=1, only=("second",))
    name = Path(again[0].components[0].folder) / "001.jpg"
    assert (tmp_path / name).read_bytes() == (folder / name).read_bytes()


def test_another_seed_gives_another_scan(demo: Demo, tmp_path: Path) -> None:
    folder, _ = demo
    other = build(tmp_path, seed=2, only=("second",))
    name = Path(other[0].components[0].folder) / "001.jpg"
    assert (tmp_path / name).read_bytes() != (folder / name).read_bytes()


def test_a_finished_folder_is_not_built_again(demo: Demo) -> None:
    folder, told = demo
    page = folder / "second" / "TK1-TS" / "001.jpg"
    before = page.stat().st_mtime_ns
    assert msgspec.json.encode(build(folder, seed=1)) == msgspec.json.encode(told)
    assert page.stat().st_mtime_ns == before


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "papers"
    target.write_text("", encoding="utf-8")
    with pytest.raises(FolderNotWritable):
        build(target)


def test_invented_numbers_keep_their_grammar() -> None:
    assert personal_id("079", "Nam", dt.date(2003, 4, 5), 12345) == "079203012345"
    assert tax_code("010010910") == "0100109106"
    with pytest.raises(ImpossibleNumber):
        for serial in range(1000):
            tax_code(f"010000{serial:03d}")


def test_the_code_of_a_person_without_an_old_number_keeps_the_empty_field(demo: Demo) -> None:
    from deploy.demo.papers.cast import MOTHER

    assert qr_payload(MOTHER, dt.date(2021, 5, 10)).split("|")[1] == ""
