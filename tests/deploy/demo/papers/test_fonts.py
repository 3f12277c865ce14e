"""No page can show an empty square: every typeface offered holds every Vietnamese letter."""

from __future__ import annotations

from pathlib import Path

import pytest
from fontTools.fontBuilder import FontBuilder
from PIL import Image, ImageDraw

from deploy.demo.papers import fonts
from deploy.demo.papers.errors import FontMissing


def test_the_alphabet_has_all_134_accented_letters() -> None:
    assert len(set(fonts.VIETNAMESE_LETTERS)) == 134


@pytest.mark.parametrize("face", fonts.typefaces(), ids=lambda face: face.name)
def test_every_cut_of_every_face_holds_every_letter(face: fonts.Typeface) -> None:
    assert [fonts.missing_letters(path) for path in face.files] == ["", "", "", ""]


def test_a_font_without_vietnamese_is_seen_as_such(tmp_path: Path) -> None:
    builder = FontBuilder(1000, isTTF=True)
    builder.setupGlyphOrder([".notdef", "A"])
    builder.setupCharacterMap({65: "A"})
    path = tmp_path / "latin.ttf"
    builder.save(path)
    assert len(fonts.missing_letters(path)) == 134


def test_there_are_faces_for_the_reading_set_and_no_more_than_there_are() -> None:
    assert len(fonts.at_least(2)) >= 2
    with pytest.raises(FontMissing):
        fonts.at_least(99)


def test_bold_of_a_variable_face_is_really_bolder() -> None:
    face = next(face for face in fonts.typefaces() if face.is_variable)
    ink = []
    for style in ("regular", "bold"):
        image = Image.new("L", (400, 100), 255)
        font = fonts.sized(face, style, 60)
        ImageDraw.Draw(image).text((10, 80), "NGHĨA", font=font, fill=0, anchor="ls")
        ink.append(sum(image.histogram()[:128]))
    assert ink[1] > ink[0] * 1.15
