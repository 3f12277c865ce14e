"""How good the proposals are: exact values by kind, wrong ones that were pre-confirmed, right ones that still need a person."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from dataclasses import dataclass, field

from edge_node.extraction.grammar import NUMERIC_KINDS, values
from edge_node.extraction.model import DocumentProposal, FieldTrust
from edge_node.imaging.geometry import Box
from tests.benchmarks.truth_set import Document, FieldTruth


@dataclass
class FieldTally:
    """Counts over documents; `printed` fields only, except for the handwritten ones that are counted apart."""

    right: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    total: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    confirmed: dict[bool, int] = field(default_factory=lambda: defaultdict(int))
    wrong_confirmed: dict[bool, int] = field(default_factory=lambda: defaultdict(int))
    right_to_person: dict[bool, int] = field(default_factory=lambda: defaultdict(int))
    right_all: dict[bool, int] = field(default_factory=lambda: defaultdict(int))
    handwritten: int = 0
    handwritten_confirmed: int = 0
    unlabelled_confirmed: int = 0
    without_template: int = 0
    cells: int = 0
    cells_right: int = 0
    notes: list[str] = field(default_factory=list)


def same_value(kind: str, one: str, other: str) -> bool:
    """Whether two values are the same for their kind: digits for numbers, letter for letter otherwise."""
    if kind in ("personal_id", "money", "phone", "bhxh_number", "tax_code"):
        return re.sub(r"\D", "", one) == re.sub(r"\D", "", other) != ""
    if kind == "date" and (days := values("date", one, "month")) and (others := values("date", other, "month")):
        return days[0].text == others[0].text  # "26/7/1962" is "26/07/1962", "9/2026" is "09/2026"
    return bool(one) and _bones(kind, one) == _bones(kind, other)


_LEAD = re.compile(r"^\W*(?:V/v|Về việc)\b\W*", re.IGNORECASE)
"""What stands before a subject (NĐ 30/2020, Phụ lục I, II.5) and is none of it; sets of pages differ in this."""


_ONE_SPELLING = str.maketrans({"’": "'", "‘": "'", "–": "-"})
"""Signs of print that a keyboard writes with another: the program spells them in one way."""


def _bones(kind: str, text: str) -> str:
    text = _LEAD.sub("", text) if kind == "text" else text
    text = unicodedata.normalize("NFC", text).translate(_ONE_SPELLING)
    return re.sub(r"\s", "", text) if kind in NUMERIC_KINDS else " ".join(text.split()).strip(" .,;")


def score_fields(document: Document, proposal: DocumentProposal, tally: FieldTally) -> None:
    """Add one document. Every cell of a list counts; another field that stands several times counts once, right when it equals
    any of its values. A truth without a value says that the paper has none for its own subject: whatever is ✓ there is wrong.
    """
    wanted: dict[str, list[FieldTruth]] = defaultdict(list)
    columns = {cell.field for row in proposal.table.rows for cell in row.cells}
    times = Counter(truth.field for truth in document.fields)
    for truth in document.fields:
        if truth.field in columns and times[truth.field] > 1:
            _score_cell(document, truth, proposal, tally)
        else:
            wanted[truth.field].append(truth)
    for name, truths in wanted.items():
        proposed = proposal.field(name)
        if proposed is None:
            tally.without_template += 1
            continue
        kind, numeric = truths[0].kind, truths[0].kind in NUMERIC_KINDS
        value = proposed.proposal
        trusted = proposed.trust is FieldTrust.AGREES
        if not any(truth.value for truth in truths):
            tally.wrong_confirmed[numeric] += trusted  # the paper says this of somebody else only
            tally.confirmed[numeric] += trusted
            tally.notes += [f"WRONG ✓ {document.pages[0][0]} {name}: not on the paper, read {value!r}"] if trusted else []
            continue
        right = any(same_value(kind, value, truth.value) for truth in truths)
        if all(truth.handwritten for truth in truths):
            tally.handwritten += 1
            tally.handwritten_confirmed += trusted
            if trusted:
                tally.notes.append(f"HANDWRITTEN ✓ {document.pages[0][0]} {name}: {truths[0].value!r} read {value!r}")
            continue
        tally.total[kind] += 1
        tally.right[kind] += right
        tally.right_all[numeric] += right
        tally.confirmed[numeric] += trusted
        tally.wrong_confirmed[numeric] += trusted and not right
        tally.right_to_person[numeric] += right and not trusted
        if not right:
            note = f"{'WRONG ✓' if trusted else 'wrong'} {document.pages[0][0]} {name}: {truths[0].value!r} read {value!r} / {proposed.second!r}"
            tally.notes.append(f"{note} {proposed.reason} first={proposed.first!r}")
        elif not trusted and numeric:
            tally.notes.append(
                f"to person {document.pages[0][0]} {name}: {value!r} / {proposed.second!r} {proposed.reason}"
            )
    extra = [f for f in proposal.fields if f.trust is FieldTrust.AGREES and f.field not in wanted]
    tally.unlabelled_confirmed += len(extra)
    tally.notes += [f"not labelled ✓ {document.pages[0][0]} {f.field}: {f.proposal!r}" for f in extra]


def _score_cell(document: Document, truth: FieldTruth, proposal: DocumentProposal, tally: FieldTally) -> None:
    """Add one cell: the proposal of its column that stands where the truth does, on the same page."""
    page = next(n for n, (_, page) in enumerate(document.pages, 1) if any(one is truth for one in page.fields))
    cells = [cell for row in proposal.table.rows for cell in row.cells if cell.field == truth.field]
    here = [
        cell
        for cell in cells
        if cell.place is not None and cell.place.page == page and _shared(cell.place.box, truth.box) > 0
    ]
    cell = max(here, key=lambda one: _shared(one.place.box, truth.box) if one.place else 0.0, default=None)
    value, trusted = (cell.proposal, cell.trust is FieldTrust.AGREES) if cell else ("", False)
    right, numeric = same_value(truth.kind, value, truth.value), truth.kind in NUMERIC_KINDS
    tally.cells += 1
    tally.cells_right += right
    tally.total[truth.kind] += 1
    tally.right[truth.kind] += right
    tally.right_all[numeric] += right
    tally.confirmed[numeric] += trusted
    tally.wrong_confirmed[numeric] += trusted and not right
    tally.right_to_person[numeric] += right and not trusted
    if cell is None or not right or (numeric and not trusted):
        mark = "WRONG ✓" if trusted and not right else "to person" if right else "wrong"
        said = f"{value!r} / {cell.second!r} {cell.reason}" if cell else "no cell there"
        tally.notes.append(f"{mark} {document.pages[0][0]} cell {truth.field}: {truth.value!r} read {said}")


def _shared(box: Box, other: tuple[float, float, float, float]) -> float:
    """Area in px² that a proposed place and a true one share."""
    x, y, w, h = other
    return max(0.0, min(box.right, x + w) - max(box.x, x)) * max(0.0, min(box.bottom, y + h) - max(box.y, y))
