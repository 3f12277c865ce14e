"""A line is read without its spared ends and put together again; what was spared never counts as agreement."""

from __future__ import annotations

from collections.abc import Sequence

from edge_node.imaging.geometry import Box
from edge_node.recognition.model import Word
from edge_node.recognition.spared import Part, Run, left_to_read, spared_marked, with_spared

HEIGHT = 30


def words(text: str, x: int, y: int = 100) -> tuple[Word, ...]:
    return tuple(Word(part, Box(x + 50 * at, y, 40, HEIGHT)) for at, part in enumerate(text.split()))


BEFORE = Run(words("căn cứ vào", 100), 100, 245, 0.97)
BEHIND = Run(words("của luật này", 600), 595, 740, 0.96)


def test_only_the_rest_of_a_line_is_left_to_read() -> None:
    line = Box(98, 95, 646, 40)
    assert left_to_read(line, [BEFORE, BEHIND]) == Part(245, 595, BEFORE.words, BEHIND.words)
    assert left_to_read(line, [BEFORE]) == Part(245, 744, BEFORE.words)
    assert left_to_read(Box(98, 95, 146, 40), [BEFORE]).is_whole
    assert left_to_read(line, []) == Part(98, 744)


def test_what_lies_on_another_row_or_reaches_out_of_the_box_is_not_taken_off() -> None:
    assert left_to_read(Box(98, 145, 646, 40), [BEFORE]) == Part(98, 744)
    assert left_to_read(Box(160, 95, 600, 40), [BEFORE]) == Part(160, 760)


def test_a_line_is_put_together_again_with_the_place_of_each_letter() -> None:
    box, cut = Box(98, 95, 646, 40), Box(245, 95, 350, 40)
    part = left_to_read(box, [BEFORE, BEHIND])
    text, score, shares = with_spared(part, box, cut, (" 12 ", 0.99, (0.1, 0.4, 0.6, 0.9)))
    assert (text, score) == ("căn cứ vào 12 của luật này", 0.99)
    assert len(shares) == len(text)
    assert list(shares) == sorted(shares)
    assert round(98 + 646 * shares[text.index("1")]) == 385


def test_a_line_that_is_spared_whole_has_the_second_reader_s_score() -> None:
    box = Box(98, 95, 146, 40)
    text, score, shares = with_spared(left_to_read(box, [BEFORE]), box, box, ("", 1.0, ()))
    assert (text, score, len(shares)) == ("căn cứ vào", 0.97, len("căn cứ vào"))


def test_spared_words_never_count_as_agreement() -> None:
    read: Sequence[Word] = [*words("căn cứ vào", 100), Word("12", Box(300, 100, 40, 30), tone_seen=True)]
    seen = [Word(word.text, word.box, tone_seen=True) for word in read]
    marked = spared_marked(seen, [BEFORE])
    assert [(word.mended, word.tone_seen) for word in marked] == [(True, False)] * 3 + [(False, True)]
