"""What the first reader is spared: small words that the second reader and the eye see alike; names, numbers, labels and subjects never."""

from __future__ import annotations

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from edge_node.imaging.decode import Grey
from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft
from edge_node.recognition.sure_words import Eye, sure_runs
from edge_node.recognition.tones import tone_of

HEIGHT = 30


def drawn(text: str, chance: float = 0.99) -> tuple[Grey, LineDraft]:
    """A line of blocks for letters with gaps for spaces, and what the second reader would say of it."""
    grey = np.full((100, 40 + 20 * len(text)), 245, np.uint8)
    for at, sign in enumerate(text):
        if sign != " ":
            cv2.rectangle(grey, (22 + 20 * at, 40), (37 + 20 * at, 65), 20, -1)
    centres = tuple(30.0 + 20 * at for at in range(len(text)))
    box = Box(20, 38, 20 * len(text), HEIGHT)
    return grey, LineDraft(text, box, 0.98, centres, (chance,) * len(text))


def eye_for(*texts: str, sure: float = 0.999) -> Eye:
    """An eye that sees the tones of these words, one after the other."""
    said = [tone_of(word.strip(",.")) for text in texts for word in text.split()]

    def look(pictures: NDArray[np.float32]) -> NDArray[np.float32]:
        assert len(pictures) == len(said)
        chances = np.full((len(said), 6), (1 - sure) / 5, np.float32)
        chances[np.arange(len(said)), said] = sure
        return chances

    return look


def spared(text: str, *looked: str, chance: float = 0.99, sure: float = 0.999) -> list[str]:
    grey, line = drawn(text, chance)
    found = sure_runs([line], grey, eye_for(*(looked or (text,)), sure=sure))
    return [" ".join(word.text for word in run.words) for run in found]


def test_a_line_of_small_words_that_the_eye_bears_out_is_spared_whole() -> None:
    assert spared("Căn cứ vào quy định của pháp luật,") == ["Căn cứ vào quy định của pháp luật,"]


def test_names_and_numbers_end_what_is_spared() -> None:
    assert spared("trường hợp ông Nguyễn Văn An cư trú tại", "trường hợp ông", "cư trú tại") == ["trường hợp ông", "cư trú tại"]
    assert spared("theo quy định tại điều 12 của luật này", "theo quy định tại điều", "của luật này") == ["theo quy định tại điều", "của luật này"]


@pytest.mark.parametrize("text", ["họ và tên người nộp: con", "Về việc phối hợp rà soát", "AN TRÚ TẠI PHƯỜNG", "tại xã An Trú", "xx yy zz ww"])
def test_labels_subjects_capitals_and_what_is_no_word_are_read_by_both(text: str) -> None:
    grey, line = drawn(text)
    assert sure_runs([line], grey, lambda pictures: np.ones((len(pictures), 6), np.float32)) == []


def test_a_short_line_beside_a_long_one_is_no_paragraph() -> None:
    grey, line = drawn("cư trú tại")
    wide = LineDraft("1", Box(0, 0, 900, 30), 0.9)
    assert sure_runs([line, wide], grey, eye_for("cư trú tại")) == []


def test_a_word_of_which_the_second_reader_or_the_eye_is_unsure_is_not_spared() -> None:
    assert spared("của cơ quan này", chance=0.4) == []
    assert spared("cần cấp lại cho", "lại cho", chance=0.7) == []  # a hat under a tone is often misread
    assert spared("của cơ quan này", sure=0.8) == []


def test_the_eye_changes_a_tone_only_where_no_hat_was_lost_with_it() -> None:
    assert spared("tự nguyên cư trú tại", "tự nguyện cư trú tại") == ["tự nguyện cư trú tại"]
    assert spared("bổ phàn cư trú tại", "bổ phản cư trú tại") == ["cư trú tại"]


def test_a_slip_of_the_second_reader_is_no_word_to_trust() -> None:
    assert spared("bản sao vờ cư trú tại", "bản sao", "cư trú tại") == ["cư trú tại"]
    assert spared("của người nộp này") == ["của người nộp này"]
