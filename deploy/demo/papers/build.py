"""The print shop: draws every paper of the story, scans it, and writes pages, truths and `dossiers.json`.

The output depends on (seed, VERSION, the typeface found) alone. `stamp.json` is written last, so a folder that carries
the right stamp is whole, and building it again returns at once.
"""

from __future__ import annotations

import zlib
from pathlib import Path

import msgspec
import numpy as np
from PIL import Image

from deploy.demo.papers import DPI, VERSION, dossiers, fonts, note, scan
from deploy.demo.papers.errors import FolderNotWritable
from deploy.demo.papers.health import Drawn
from deploy.demo.papers.story import Component, Dossier, Paper
from deploy.demo.papers.truth import FieldTruth, PageTruth, write_truth

_NOTE_SPOT = (1160, 1290)


class Stamp(msgspec.Struct, frozen=True):
    """What a finished folder was made from."""

    version: int
    seed: int
    count: int
    fonts: list[str]


def is_fresh(folder: Path, stamp: Stamp) -> bool:
    """True when the folder was finished with exactly this stamp."""
    path = folder / "stamp.json"
    return path.is_file() and path.read_bytes() == msgspec.json.encode(stamp)


def finish(folder: Path, stamp: Stamp) -> None:
    """Mark the folder as whole."""
    (folder / "stamp.json").write_bytes(msgspec.json.encode(stamp))


def open_folder(folder: Path) -> None:
    """Make the folder and drop an old stamp, so that an interrupted build is never taken for a finished one.

    Raises:
        FolderNotWritable: when the path is a file or may not be written.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "stamp.json").unlink(missing_ok=True)
        (folder / ".write").touch()
        (folder / ".write").unlink()
    except OSError as reason:
        raise FolderNotWritable(reason=type(reason).__name__) from reason


def generator(seed: int, *names: str) -> np.random.Generator:
    """The random numbers of one named thing: they do not depend on what else is drawn."""
    return np.random.default_rng([seed, *(zlib.crc32(name.encode()) for name in names)])


def store_capture(
    path: Path, drawn: Drawn, look: scan.Look, rng: np.random.Generator, *, plain_text: bool = False
) -> PageTruth:
    """Scan one drawn page into `path` (JPEG) with its truth beside it."""
    image, truth = scan.capture(drawn[0], drawn[1], look, rng)
    path.write_bytes(scan.jpeg(image, look.jpeg_quality, DPI))
    write_truth(path, truth, plain_text=plain_text)
    return truth


def store_clean(path: Path, drawn: Drawn) -> PageTruth:
    """Write one drawn page as it is (PNG)."""
    image: Image.Image = drawn[0]
    image.save(path, "PNG", dpi=(DPI, DPI))
    write_truth(path, drawn[1])
    return drawn[1]


def _captures(paper: Paper, drawn: list[Drawn], rng: np.random.Generator) -> list[Drawn]:
    captures = []
    for number, page in enumerate(drawn, 1):
        if number in paper.note_pages:
            captures.append(note.stick_note(page, _NOTE_SPOT, "Gọi lại cho đơn vị", "0912-6184", rng))
        captures.append(page)
    return captures


def _tags(paper: Paper, truths: list[PageTruth]) -> list[str]:
    tags = [tag for truth in truths for tag in truth.tags]
    if abs(paper.look.skew_degrees) >= 1:
        tags.append("skewed")
    return list(dict.fromkeys(tags))


def build_component(folder: Path, dossier_key: str, paper: Paper, seed: int) -> Component:
    """Print and scan one paper into `folder/dossier/doc_type/001.jpg …`."""
    target = folder / dossier_key / paper.doc_type
    target.mkdir(parents=True, exist_ok=True)
    rng = generator(seed, dossier_key, paper.doc_type)
    drawn = paper.draw(rng)
    truths, files = [], []
    for number, page in enumerate(_captures(paper, drawn, rng), 1):
        path = target / f"{number:03d}.{'png' if paper.clean else 'jpg'}"
        truths.append(store_clean(path, page) if paper.clean else store_capture(path, page, paper.look, rng))
        files.append(path.name)
    values: dict[tuple[str, str], FieldTruth] = {}
    for truth in truths:
        for field in truth.fields:
            values.setdefault((field.field, field.value), field)
    return Component(
        doc_type=paper.doc_type,
        name=paper.name,
        folder=f"{dossier_key}/{paper.doc_type}",
        declared_pages=len(drawn),
        note_pages=list(paper.note_pages),
        submitted_form=paper.form,
        tags=_tags(paper, truths),
        files=files,
        fields=list(values.values()),
    )


def build(folder: Path, seed: int = 1, only: tuple[str, ...] = ()) -> list[Dossier]:
    """Make the demo's papers in `folder` and return the dossiers; `only` limits them to some keys. Idempotent.

    Raises:
        FolderNotWritable: when the folder cannot be written.
        FontMissing: when no typeface is whole.
    """
    face = fonts.serif()
    stamp = Stamp(VERSION, seed, len(only), [face.name, *only])
    listing = folder / "dossiers.json"
    if is_fresh(folder, stamp):
        return msgspec.json.decode(listing.read_bytes(), type=list[Dossier])
    open_folder(folder)
    told = []
    for dossier, papers in dossiers.visits(face):
        if not only or dossier.key in only:
            components = [build_component(folder, dossier.key, paper, seed) for paper in papers]
            told.append(msgspec.structs.replace(dossier, components=components))
    listing.write_bytes(msgspec.json.format(msgspec.json.encode(told), indent=1))
    finish(folder, stamp)
    return told
