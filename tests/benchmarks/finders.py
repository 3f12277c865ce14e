"""`python -m tests.benchmarks.finders --layouts NAME --seed N --rounds N [--true-places]`: the finders alone, on pages that are not read but told.

Each layout's own lines are the reading; a few words lose or change a mark, in the first reader's text seldom, in the second's often, which also
loses spaces. So hundreds of papers with other people take a minute, and a wrong ✓ that comes from the finding shows itself. What comes from the
reading does not: `tests.benchmarks.reading` judges.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec
import numpy as np

from deploy.demo.papers.build import generator
from edge_node.extraction.proposal import extract
from edge_node.imaging.geometry import Box
from edge_node.recognition.draft import LineDraft, words_of
from edge_node.recognition.model import DocumentReading, Line, PageReading, RecogniserKind
from edge_node.recognition.order import rows_of
from edge_node.recognition.tones import MARKS, toneless
from tests.benchmarks.field_score import FieldTally, score_fields
from tests.benchmarks.pages.unseen import SETS
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import FACES, UnseenSheet
from tests.benchmarks.reading import catalogue
from tests.benchmarks.true_places import true_places
from tests.benchmarks.truth_set import Document, PageTruth

FIRST_ERRS, SECOND_ERRS, SPACE_LOST = 0.02, 0.08, 0.3


def _other_mark(word: str, rng: np.random.Generator) -> str:
    vowels = [n for n, sign in enumerate(word) if unicodedata.normalize("NFD", sign)[0].lower() in "aeiouy"]
    if not vowels or not word.isalpha():
        return word
    at = int(rng.choice(vowels))
    changed = toneless(word[at]) + MARKS[int(rng.integers(1, len(MARKS)))]
    return unicodedata.normalize("NFC", word[:at] + changed + word[at + 1 :])


def _misread(text: str, share: float, rng: np.random.Generator) -> str:
    return " ".join(_other_mark(word, rng) if rng.random() < share else word for word in text.split(" "))


def told(truth: PageTruth, rng: np.random.Generator) -> PageReading:
    """The page's own lines as two imperfect readers would give them."""
    boxes = [Box(*(int(side) for side in line.box)) for line in truth.lines]
    lines = []
    for index in (i for members in rows_of(boxes) for i in members):
        first = _misread(truth.lines[index].text, FIRST_ERRS, rng)
        second = _misread(truth.lines[index].text, SECOND_ERRS, rng)
        second = second.replace(": ", ":") if rng.random() < SPACE_LOST else second
        lines.append(Line(first, boxes[index], 0.98, words_of(LineDraft(first, boxes[index], 0.98)), second, 0.9))
    return PageReading(RecogniserKind.TWO_READERS, truth.dpi, truth.width_px, truth.height_px, tuple(lines))


def paper(name: str, number: int, seed: int, chance: Callable[[np.random.Generator], Chance] = Chance) -> PageTruth:
    """The truth of paper `number` of a half, drawn and thrown away."""
    kind, drawer = SETS[name][number % len(SETS[name])]
    rng = generator(seed, name, "told", str(number))
    sheet = UnseenSheet(list(FACES)[number % len(FACES)], 200)
    drawn = sheet.finish(drawer(sheet, chance(rng)), [kind])
    return msgspec.convert(msgspec.to_builtins(drawn), PageTruth)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print counts by kind and every wrong ✓."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--layouts", action="append", required=True, choices=list(SETS))
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--true-places", action="store_true", help="communes lie in their provinces")
    parser.add_argument("--verbose", action="store_true")
    chosen = parser.parse_args(arguments)
    types, gazetteer = catalogue()
    chance = true_places(gazetteer.areas) if chosen.true_places else Chance
    tally, types_right, papers = FieldTally(), 0, 0
    for name in chosen.layouts:
        for number in range(chosen.rounds * len(SETS[name])):
            truth = paper(name, number, chosen.seed, chance)
            page = told(truth, generator(chosen.seed, name, "misread", str(number)))
            found = extract(DocumentReading((page,)), types, gazetteer)
            known = any(kind.code == truth.document_type for kind in types)
            right = found.document_type == (truth.document_type if known else None)
            papers, types_right = papers + 1, types_right + right
            where = Path(name, f"{number:03d}-{SETS[name][number % len(SETS[name])][0]}")
            tally.notes += [] if right else [f"TYPE {where}: {truth.document_type} taken for {found.document_type} {found.guesses[:2]}"]
            score_fields(Document(((where, truth),)), found, tally)
    wanted = ("WRONG", "TYPE", "HAND") if not chosen.verbose else ("",)
    print("\n".join(sorted(note for note in tally.notes if note.startswith(wanted))))
    print("  ".join(f"{kind} {tally.right[kind]}/{total}" for kind, total in sorted(tally.total.items())))
    for numeric, called in ((True, "numeric"), (False, "text")):
        print(f"{called}: ✓ {tally.confirmed[numeric]}, wrong ✓ {tally.wrong_confirmed[numeric]}, right but to a person {tally.right_to_person[numeric]} of {tally.right_all[numeric]}")
    print(f"type right {types_right}/{papers}; ✓ on fields that the truth does not label {tally.unlabelled_confirmed}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
