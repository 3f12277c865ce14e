"""Lessons are whole, repeatable and kept apart from what judges; the record names the very network that is used."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from edge_node.recognition.assets import TONE_NET
from edge_node.recognition.syllable import is_syllable
from edge_node.recognition.tone_picture import HEIGHT_PX, WIDTH_PX
from edge_node.recognition.tones import STOPPED_TONES, STOPS, tone_of
from tests.benchmarks.tones.faces import FAMILIES, HELD_OUT, faces
from tests.benchmarks.tones.strips import draw_set, folders
from tests.benchmarks.tones.syllables import draw_word, syllables

RECORD = (Path(__file__).parent / "RECORD.md").read_text(encoding="utf-8")


def test_the_inventory_holds_syllables_with_every_tone_they_may_bear() -> None:
    for family in syllables():
        assert all(is_syllable(word) for word in family)
        assert [tone_of(word) for word in family] == (
            list(STOPPED_TONES) if family[0].endswith(STOPS) else list(range(6))
        )
    known = {word for family in syllables() for word in family}
    assert len(known) > 16_000
    assert {"nguyễn", "hiểm", "ẩn", "quyết", "giấy", "khuỷu", "ghế", "nghỉ", "ước"} <= known
    assert not {"ceo", "kan", "ngi", "giê"} & known


def test_offices_spelling_of_a_tone_is_drawn_in_both_ways() -> None:
    rng = np.random.default_rng(1)
    ends = {word[-2:] for word in (draw_word(rng) for _ in range(4000))}
    assert ends & {"òa", "õa", "ỏa", "óa", "ọa"} and ends & {"oà", "oã", "oả", "oá", "oạ"}


def test_the_same_seed_draws_the_same_words_in_whole_pictures() -> None:
    cuts = faces(folders([]), HELD_OUT)
    assert cuts
    one, other = (draw_set(cuts, 60, seed=7) for _ in range(2))
    assert all(np.array_equal(one[name], other[name]) for name in one)
    assert one["pictures"].shape == (60, HEIGHT_PX, WIDTH_PX)
    assert all(tone_of(str(word)) == tone for word, tone in zip(one["words"], one["tones"], strict=True))


def test_no_face_that_judges_is_taught_with() -> None:
    for start, _ in HELD_OUT.values():
        assert not any(taught.startswith(start) or start.startswith(taught) for taught, _ in FAMILIES.values())


def test_the_record_names_the_network_and_every_family() -> None:
    assert TONE_NET.sha256 in RECORD
    said = set(re.findall(r"\w+", RECORD))
    for family in (*FAMILIES, *HELD_OUT):
        assert set(family.split()) <= said, family
