"""From drafts of lines to a page: reading order, words, what can be settled and mended, ink, and the second opinion.

What all readers share; which of them there are says `readers`.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from edge_node.imaging.decode import Grey, Page
from edge_node.imaging.geometry import Box
from edge_node.recognition.card_labels import card_label_mended
from edge_node.recognition.draft import LineDraft, tidy, words_of
from edge_node.recognition.filled_in import filled_in_marked
from edge_node.recognition.handwriting import looks_written
from edge_node.recognition.letter_case import cases_settled, nought_settled
from edge_node.recognition.mending import mended
from edge_node.recognition.model import Line, PageReading, RecogniserKind, Word
from edge_node.recognition.order import reading_order
from edge_node.recognition.relation_signs import relations_seen
from edge_node.recognition.set_phrases import phrases_mended
from edge_node.recognition.spared import Run, spared_marked
from edge_node.recognition.state_heading import heading_mended
from edge_node.recognition.stray_end import without_stray_end, without_stray_signs
from edge_node.recognition.third_look import ThirdLook
from edge_node.recognition.tone_marks import ToneMarks
from edge_node.recognition.word_gaps import parted
from edge_node.recognition.word_marks import marks_settled


def drafts(lines: Sequence[tuple[Box, str, float, tuple[float, ...]]]) -> list[LineDraft]:
    """Lines of the engine as drafts: text tidied, character centres turned from shares of the width into px."""
    made = []
    for box, raw, score, shares in lines:
        text = tidy(raw)
        centres = tuple(box.x + share * box.w for share in shares) if len(text) == len(shares) else ()
        if text:
            made.append(LineDraft(text, box, score, centres))
    return made


def assembled(
    kind: RecogniserKind,
    page: Page,
    dpi: int,
    lines: Sequence[LineDraft],
    opinions: Sequence[tuple[str, float]] | None,
    grey: Grey | None = None,
    third: ThirdLook | None = None,
    tones: ToneMarks | None = None,
    spared: Sequence[Run] = (),
) -> PageReading:
    """Put drafts into reading order, cut them into words, settle and mend them, mark what looks written and forms that were filled in, add the second opinion.

    `grey` is the picture that was read; with it the marks behind words are checked against the ink. `third` looks once
    more at the words on which both readers differ, `tones` at the tone of each; `spared` are the words that the first reader did not read.
    """
    order = reading_order([d.text for d in lines], [d.box for d in lines])
    done = []
    for i in order:
        second, score = opinions[i] if opinions is not None else (None, 0.0)
        line = without_stray_signs(lines[i], second or "")
        draft = without_stray_end(line, second or "")
        words = parted(draft, second or "", grey) if grey is not None else words_of(draft)
        left = not all(marked.mended for marked in spared_marked(words, spared))
        if third is not None and second and left:
            words = third.settled(words, second, lines[i].score)
        words = mended(words, second)
        if grey is not None:
            words = relations_seen(nought_settled(words, grey, lines[i].box), grey)
            words = cases_settled(marks_settled(words, second or "", grey, lines[i].box), second or "", grey, lines[i].box)
        if tones is not None and left:
            words = tones.settled(words, second or "", lines[i].score)
        words = heading_mended(phrases_mended(card_label_mended(words, second)))
        words = spared_marked(words, spared)
        if draft is not line:
            words = (*words[:-1], msgspec.structs.replace(words[-1], mended=True))
        if draft.lent:
            words = tuple(msgspec.structs.replace(word, mended=True) for word in words)
        done.append(
            Line(
                text=" ".join(word.text for word in words),
                box=lines[i].box,
                score=round(lines[i].score, 4),
                words=_marked(page, words),
                second=second,
                second_score=round(score, 4),
            )
        )
    return PageReading(kind, dpi, page.shape[1], page.shape[0], tuple(filled_in_marked(page, done)))


def _marked(page: Page, words: tuple[Word, ...]) -> tuple[Word, ...]:
    return tuple(msgspec.structs.replace(w, by_hand=looks_written(page, w.box, w.text)) for w in words)
