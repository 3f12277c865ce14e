"""The eye for tones reads what is printed, decides between readers, overrules them only when it is sure, and touches syllables alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import fontpkg_be_vietnam_pro
import fontpkg_noto_serif
import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.assets import TONE_NET, checked_own
from edge_node.recognition.errors import ModelMismatch
from edge_node.recognition.lone_tones import LoneTones
from edge_node.recognition.model import Word
from edge_node.recognition.tone_marks import CASTS, CONFIRMS, OVERRULES, PARTS, Eye, ToneMarks
from edge_node.recognition.tone_net import ToneNet
from edge_node.recognition.tones import MARKS, tone_of, toneless, with_tone

GREY = np.full((60, 900), 255, np.uint8)
FACES = (
    Path(fontpkg_be_vietnam_pro.__file__).parent / "files" / "BeVietnamPro-Regular.ttf",
    Path(fontpkg_noto_serif.__file__).parent / "files" / "NotoSerif[wdth,wght].ttf",
)
"""Neither was among the faces the network was taught with."""

SIX = (
    ("ân", "ần", "ẫn", "ẩn", "ấn", "ận"),
    ("TÔ", "TỒ", "TỖ", "TỔ", "TỐ", "TỘ"),
    ("Hoa", "Hòa", "Hõa", "Hỏa", "Hóa", "Họa"),
)
HUYEN, NGA, HOI, SAC = 1, 2, 3, 4


def sees(tone: int, chance: float = 1.0) -> Eye:
    """An eye that sees one tone everywhere, and shares out what is left of its chance."""

    def eye(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        chances = np.full((len(pictures), len(MARKS)), (1 - chance) / (len(MARKS) - 1), np.float32)
        chances[:, tone] = chance
        return chances

    return eye


def settled(eye: Eye, first: str, second: str) -> tuple[Word, ...]:
    line = tuple(Word(part, Box(10 + 90 * i, 5, 80, 50)) for i, part in enumerate(first.split()))
    return ToneMarks(GREY, eye).settled(line, second, 0.95)


def printed(face: Path, words: tuple[str, ...]) -> tuple[Grey, tuple[Word, ...]]:
    """Words on one line as a reader finds them: the box as high as the line, the detector's room around."""
    font = ImageFont.truetype(str(face), 34)
    page = Image.new("L", (170 * len(words) + 40, 120), 255)
    for at, word in enumerate(words):
        ImageDraw.Draw(page).text((40 + 170 * at, 75), word, 20, font, anchor="ls")
    boxes = (Box(38 + 170 * at, 36, round(font.getlength(word)) + 4, 62) for at, word in enumerate(words))
    return np.asarray(page), tuple(Word(word, box) for word, box in zip(words, boxes, strict=True))


def tones_read(eye: Eye, face: Path, words: tuple[str, ...]) -> list[str]:
    """What stands there after the first reader took every word for another tone of itself and the eye judged between the two."""
    grey, right = printed(face, words)
    wrong = tuple(Word(str(with_tone(word.text, (tone_of(word.text) + 1) % 6)), word.box) for word in right)
    marks = ToneMarks(grey, eye)
    return [marks.settled((word,), seen.text, 0.95)[0].text for word, seen in zip(wrong, right, strict=True)]


@pytest.mark.parametrize("face", FACES, ids=lambda path: path.stem)
@pytest.mark.parametrize("words", SIX, ids=lambda words: words[0])
def test_each_tone_is_read_where_the_readers_differ(face: Path, words: tuple[str, ...]) -> None:
    assert tones_read(ToneNet(), face, words) == list(words)


def test_a_network_that_learned_nothing_reads_no_tone() -> None:
    def blank(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        return np.full((len(pictures), len(MARKS)), 1 / len(MARKS), np.float32)

    assert tones_read(blank, FACES[0], SIX[0]) != list(SIX[0])


def test_a_damaged_network_is_refused(tmp_path: Path) -> None:
    copy = tmp_path / TONE_NET.name
    shutil.copyfile(checked_own(TONE_NET), copy)
    assert checked_own(TONE_NET, tmp_path) == copy
    damaged = bytearray(copy.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    copy.write_bytes(damaged)
    with pytest.raises(ModelMismatch):
        checked_own(TONE_NET, tmp_path)
    with pytest.raises(ModelMismatch):
        checked_own(TONE_NET, tmp_path / "nowhere")


def test_chances_are_chances() -> None:
    chances = ToneNet()(np.random.default_rng(1).random((5, 48, 64), np.float32))
    assert chances.shape == (5, len(MARKS))
    assert np.allclose(chances.sum(axis=1), 1, atol=1e-5)


def test_between_two_readers_the_eye_decides_and_the_word_counts_as_mended() -> None:
    words = settled(sees(HOI, CASTS + 0.005), "BẢO HIẾM XÃ", "BẢO HIỂM XÃ")
    assert [(word.text, word.mended) for word in words] == [("BẢO", False), ("HIỂM", True), ("XÃ", False)]
    assert settled(sees(HOI, CASTS - 0.05), "HIẾM", "HIỂM")[0].text == "HIẾM"
    assert settled(sees(SAC), "HIẾM", "HIỂM") == settled(sees(SAC), "HIẾM", "HIẾM")


def test_where_all_three_see_another_tone_the_eye_must_be_surer() -> None:
    assert settled(sees(HOI, PARTS + 0.005), "bồ", "bố")[0].text == "bổ"
    assert settled(sees(HOI, PARTS - 0.05), "bồ", "bố")[0].text == "bồ"


def test_a_tone_that_the_eye_surely_sees_is_marked_and_one_that_it_half_sees_is_not() -> None:
    assert [settled(sees(SAC, chance), "Ấn", "Ấn")[0].tone_seen for chance in (CONFIRMS + 0.005, CONFIRMS - 0.02)] == [
        True,
        False,
    ]
    assert not settled(sees(HOI, (1 + OVERRULES) / 2), "Ấn", "Ấn")[0].tone_seen
    assert not settled(sees(SAC), "1985", "1985")[0].tone_seen


def test_both_readers_are_overruled_only_by_an_eye_that_is_sure() -> None:
    assert settled(sees(HOI, (1 + OVERRULES) / 2), "(Ấn),", "Ấn")[0] == Word("(Ẩn),", Box(10, 5, 80, 50), mended=True)
    assert settled(sees(HOI, OVERRULES - 0.01), "Ấn", "Ấn")[0] == Word("Ấn", Box(10, 5, 80, 50))


def test_an_eye_that_contradicts_a_whole_line_is_looking_beside_it_and_is_not_believed() -> None:
    assert [word.text for word in settled(sees(HOI), "bão hiếm xà hối", "bão hiếm xà hối")] == [
        "bão",
        "hiếm",
        "xà",
        "hối",
    ]


@pytest.mark.parametrize(
    "text", ["1985", "12/QĐ-BHXH", "Gmail", "TK1-TS", "CCCD", "H", "01/02/1985", "name", "trưnng", "0123"]
)
def test_what_is_no_syllable_is_never_touched(text: str) -> None:
    assert settled(sees(HOI), text, text)[0] == Word(text, Box(10, 5, 80, 50))


@pytest.mark.parametrize("word", ["cắp", "ÁCH", "một", "mặc"])
def test_a_syllable_that_ends_in_a_stop_bears_sac_or_nang_whatever_the_eye_sees(word: str) -> None:
    for tone in (HUYEN, NGA, HOI):
        assert settled(sees(tone), word, word)[0].text == word


def test_letters_and_case_stay_whatever_the_tone_becomes() -> None:
    for word in ("Nguyễn", "HOÀ", "khuỷu", "quý", "GIẢ", "ưởng"):
        for tone in range(len(MARKS)):
            changed = with_tone(word, tone)
            assert changed is not None and toneless(changed) == toneless(word) and tone_of(changed) == tone
        assert with_tone(word, tone_of(word)) == word


def test_a_word_at_the_rim_of_the_page_is_no_error() -> None:
    for box in (Box(0, 0, 3, 3), Box(-5, -5, 30, 30), Box(890, 50, 60, 60)):
        assert ToneMarks(GREY, sees(HOI)).settled((Word("má", box),), "má", 0.95)[0].box == box


@pytest.mark.parametrize(("word", "tone"), [("Cung", NGA), ("tin", SAC), ("Thị", SAC), ("bão", 0), ("má", 5)])
def test_where_both_readers_see_no_mark_above_or_one_the_eye_adds_and_takes_away_none(word: str, tone: int) -> None:
    assert settled(sees(tone), word, word)[0].text == word


def alone(eye: Eye, text: str) -> tuple[Word, ...]:
    line = tuple(Word(part, Box(10 + 90 * i, 15, 80, 30)) for i, part in enumerate(text.split()))
    return LoneTones(GREY, eye).settled(line, "", 0.99)


def test_where_nobody_else_is_asked_the_eye_decides_when_it_is_fairly_sure() -> None:
    surely, hardly = alone(sees(HOI, 0.92), "bao hiem"), alone(sees(HOI, 0.85), "bao hiem")
    assert [(word.text, word.mended) for word in surely] == [("bảo", True), ("hiem", False)]  # "hiem" is no syllable
    assert [word.text for word in hardly] == ["bao", "hiem"]


def test_alone_the_eye_touches_no_numbers_codes_or_foreign_words() -> None:
    assert [word.text for word in alone(sees(SAC), "1985 QĐ-BHXH Gmail a")] == ["1985", "QĐ-BHXH", "Gmail", "a"]


@pytest.mark.parametrize("face", FACES, ids=lambda path: path.stem)
def test_alone_tones_are_read_from_boxes_that_hug_the_letters(face: Path) -> None:
    grey, right = printed(face, SIX[1])
    hugging = tuple(Word(toneless(word.text), Box(word.box.x, word.box.y + 12, word.box.w, 38)) for word in right)
    assert [word.text for word in LoneTones(grey, ToneNet()).settled(hugging, "", 0.9)] == list(SIX[1])
