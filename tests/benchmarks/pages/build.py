"""The press of the reading set: page after page, kind, condition and typeface going round at different steps.

Kind, condition and typeface counts have no common divisor, so every kind soon meets every condition. Output depends on
(seed, count, VERSION, typefaces found) alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import msgspec

from deploy.demo.papers import VERSION as PAPERS_VERSION
from deploy.demo.papers import fonts
from deploy.demo.papers.build import Stamp, finish, generator, is_fresh, open_folder, store_capture
from deploy.demo.papers.people import Population
from deploy.demo.papers.truth import PageTruth
from tests.benchmarks.pages import DEFAULT_COUNT, VERSION
from tests.benchmarks.pages.conditions import CONDITIONS, Condition, look_of, press_over_text
from tests.benchmarks.pages.kinds import DRAWERS, Drawer

_FACES_WANTED = 4


@dataclass(frozen=True)
class Plan:
    """What page `number` (from 1) will be."""

    number: int
    kind: str
    drawer: Drawer
    condition: Condition
    face: fonts.Typeface

    @property
    def file_name(self) -> str:
        """The page's file, which names its kind and condition."""
        return f"{self.number:03d}-{self.kind}-{self.condition.name}.jpg"


def plan(count: int) -> list[Plan]:
    """The pages of a set of `count`.

    Raises:
        FontMissing: when the machine has fewer than four whole typefaces.
    """
    faces = fonts.at_least(_FACES_WANTED)
    pages = []
    for index in range(count):
        kind, drawer = DRAWERS[index % len(DRAWERS)]
        condition = CONDITIONS[index % len(CONDITIONS)]
        pages.append(Plan(index + 1, kind, drawer, condition, faces[index % len(faces)]))
    return pages


def draw_page(folder: Path, page: Plan, people: Population, seed: int) -> PageTruth:
    """Draw, stamp where the condition asks for it, capture and store one page with its truth and plain text."""
    rng = generator(seed, page.file_name)
    image, truth = page.drawer(page.face, people, rng)[0]
    tags = [page.kind, *page.condition.tags, *truth.tags]
    if page.condition.over_text:
        press_over_text((image, truth), rng)
        tags.append("stamped_over_text")
    truth = msgspec.structs.replace(truth, tags=list(dict.fromkeys(tags)))
    look = look_of(page.condition, rng)
    return store_capture(folder / page.file_name, (image, truth), look, rng, plain_text=True)


def build(folder: Path, seed: int = 1, count: int = DEFAULT_COUNT) -> list[Path]:
    """Make the set in `folder` and return the image paths in order. Idempotent.

    Raises:
        FolderNotWritable: when the folder cannot be written.
        FontMissing: when the machine has fewer than four whole typefaces.
    """
    pages = plan(count)
    stamp = Stamp(PAPERS_VERSION * 1000 + VERSION, seed, count, sorted({page.face.name for page in pages}))
    if not is_fresh(folder, stamp):
        open_folder(folder)
        people = Population(generator(seed, "people"))
        for page in pages:
            draw_page(folder, page, people, seed)
        finish(folder, stamp)
    return [folder / page.file_name for page in pages]
