"""Parts of papers for the fifth set: a form's code in the corner, the stamp "ĐẾN", "SAO Y" below, and a second hand that writes digits.

The hand shares no stroke with the demo's pen: straight short lines, upright or leaning left, thin, in black, blue or pencil.
"""

from __future__ import annotations

import numpy as np

from deploy.demo.papers.truth import FieldTruth
from tests.benchmarks.pages.layout_parts import Paper
from tests.benchmarks.pages.unseen_kinds import Chance
from tests.benchmarks.pages.unseen_sheet import UnseenSheet

_STROKES = {
    "0": "40 71 85 78 49 18 04 12 40", "1": "22 40 49", "2": "13 40 72 74 18 09 89", "3": "10 80 44 76 78 49 08", "4": "50 06 86,63 69", "5": "80 20 14 54 86 68 29 08",
    "6": "70 24 07 49 87 65 16", "7": "00 80 39,24 74", "8": "71 40 12 76 78 49 18 06 72 71", "9": "82 40 12 25 54 82 79", "/": "80 09", "-": "15 75",
}  # fmt: skip
"""Digits as polylines of points "xy", eighths of the width and ninths of the height; a comma lifts the pen."""

_INKS = ((22, 22, 26), (30, 52, 140), (92, 92, 96))


def by_hand(sheet: UnseenSheet, chance: Chance, text: str, x: float, y: float, height: float = 4.6) -> tuple[int, int, int, int]:
    """Write digits at x (mm) on the baseline y; the box of the ink in px."""
    rng = chance.rng
    ink, lean, width = _INKS[int(rng.integers(len(_INKS)))], float(rng.uniform(-0.15, 0.12)), max(2, sheet.px(rng.uniform(0.3, 0.5)))
    seen: list[tuple[float, float]] = []
    for character in text:
        tall = height * float(rng.uniform(0.9, 1.1))
        wide = tall * (0.3 if character == "1" else 0.55)
        if character != " ":
            drop = float(rng.normal(0, 0.04)) * tall
            for stroke in _STROKES[character].split(","):
                at = np.array([(int(p[0]) / 8, int(p[1]) / 9) for p in stroke.split()]) + rng.normal(0, 0.035, (len(stroke.split()), 2))
                points = [(sheet.px(x + a * wide + (1 - b) * lean * tall), sheet.px(y + drop + (b - 1) * tall)) for a, b in at]
                sheet.draw.line(points, fill=ink, width=width, joint="curve")
                seen += points
        x += wide * float(rng.uniform(1.15, 1.4))
    left, top = min(p[0] for p in seen), min(p[1] for p in seen)
    return (left, top, max(p[0] for p in seen) - left, max(p[1] for p in seen) - top)


def hand_field(sheet: UnseenSheet, chance: Chance, text: str, x: float, y: float, field: tuple[str, str, str], height: float = 4.6) -> None:
    """A value (name, kind, value) of which `text` is written by hand."""
    sheet.fields.append(FieldTruth(*field, by_hand(sheet, chance, text, x, y, height), True))


def hand_day(paper: Paper, name: str = "issue_date", x: float = 104.0) -> None:
    """ "Place, ngày … tháng … năm 20…" whose day and month are written in."""
    d, m, y = paper.chance.day(2024, 2027).split("/")
    end = paper.sheet.put(f"{paper.chance.one('provinces')}, ngày", x, paper.y, 11.5)
    by_hand(paper.sheet, paper.chance, d, end + 2, paper.y)
    end = paper.sheet.put("tháng", end + 12, paper.y, 11.5)
    hand_field(paper.sheet, paper.chance, m, end + 2, paper.y, (name, "date", f"{d}/{m}/{y}"))
    paper.sheet.put(f"năm {y}", end + 12, paper.y, 11.5)


def corner(sheet: UnseenSheet, code: str, *below: str, x: float = 168.0, y: float = 11.0) -> None:
    """A form's own code in the upper right corner, and where it comes from."""
    sheet.put(code, x, y, 10, bold=True, middle=True)
    for n, line in enumerate(below, 1):
        sheet.put(line, x, y + 4.2 * n, 7.5, middle=True)


def arrived(sheet: UnseenSheet, chance: Chance, x: float, y: float) -> None:
    """The stamp of a clerk: who received it, "ĐẾN", number and day written in."""
    sheet.draw.rectangle((sheet.px(x), sheet.px(y), sheet.px(x + 52), sheet.px(y + 21)), outline=(190, 40, 50), width=sheet.px(0.4))
    sheet.put(f"BHXH TỈNH {chance.one('provinces').upper()}", x + 26, y + 5, 8, bold=True, middle=True)
    sheet.put("ĐẾN", x + 4, y + 13, 11, bold=True)
    sheet.put("Số:", x + 17, y + 11, 9)
    by_hand(sheet, chance, chance.digits(4), x + 26, y + 11, 3.6)
    sheet.put("Ngày:", x + 17, y + 18, 9)
    by_hand(sheet, chance, chance.day(2026, 2027), x + 28, y + 18, 3.2)


def certified(paper: Paper, what: str = "CHỨNG THỰC BẢN SAO ĐÚNG VỚI BẢN CHÍNH") -> None:
    """What a commune puts under a copy: its own number, day, and who certified."""
    sheet, chance = paper.sheet, paper.chance
    paper.y += 4
    sheet.put(what, 105, paper.y, 10.5, bold=True, middle=True)
    d, m, y = chance.day(2025, 2027).split("/")
    sheet.put(f"Số chứng thực: {chance.digits(4)}   Quyển số: 01-SCT/BS", 30, paper.y + 6, 10)
    sheet.put(f"Ngày {d} tháng {m} năm {y}", 30, paper.y + 12, 10)
    sheet.put(f"UBND xã {chance.one('places')}", 150, paper.y + 6, 10, middle=True)
    sheet.put("PHÓ CHỦ TỊCH", 150, paper.y + 12, 10, bold=True, middle=True)
    sheet.put(chance.name(), 150, paper.y + 30, 10.5, bold=True, middle=True)
    paper.y += 34


def plain(paper: Paper, text: str, x: float = 24.0, last: bool = True) -> None:
    """A row that is nobody's field."""
    paper.sheet.put(text, x, paper.y, paper.points)
    paper.y += 8.0 if last else 0.0
