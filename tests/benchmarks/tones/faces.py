"""Typefaces from which the words are drawn: found in folders that the maker names, never carried along.

Only a face that draws all 134 accented Vietnamese letters, each unlike its sisters, is used; what is held out is never seen in training.
"""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from deploy.demo.papers.fonts import missing_letters

FAMILIES = {
    "Liberation Serif": ("LiberationSerif-", 8), "TeX Gyre Termes": ("texgyretermes-", 5), "FreeSerif": ("FreeSerif", 5),
    "Liberation Sans": ("LiberationSans-", 4), "TeX Gyre Heros": ("texgyreheros", 3), "FreeMono": ("FreeMono", 1), "Carlito": ("Carlito-", 2),
    "Gentium Plus": ("Gentium", 2), "Charis SIL": ("CharisSIL-", 2), "Doulos SIL": ("DoulosSIL-", 2), "Andika": ("Andika-", 1),
    "Linux Libertine": ("LinLibertine_R", 2), "Linux Biolinum": ("LinBiolinum_", 1), "EB Garamond": ("EBGaramond12-", 1),
    "TeX Gyre Pagella": ("texgyrepagella-", 2), "TeX Gyre Schola": ("texgyreschola-", 2), "TeX Gyre Bonum": ("texgyrebonum-", 1),
    "TeX Gyre Cursor": ("texgyrecursor-", 1), "TeX Gyre Adventor": ("texgyreadventor-", 1), "Lato": ("Lato-", 1), "Roboto": ("Roboto-", 2),
    "Roboto Condensed": ("RobotoCondensed-", 1), "Open Sans": ("OpenSans-", 2), "Noto Sans": ("NotoSans-", 2), "Inter": ("Inter-", 1),
    "Vollkorn": ("Vollkorn-", 1), "JetBrains Mono": ("JetBrainsMono-", 1), "Merriweather": ("Merriweather", 1), "Lora": ("Lora", 1),
    "Source Serif 4": ("SourceSerif4", 2), "Source Sans 3": ("SourceSans3", 2), "IBM Plex Serif": ("IBMPlexSerif-", 1),
    "Roboto Slab": ("RobotoSlab", 1), "Montserrat": ("Montserrat", 1), "Crimson Pro": ("CrimsonPro", 1), "Literata": ("Literata", 1),
    "Archivo": ("Archivo", 1),
}  # fmt: skip
"""Family: how its files begin, and how often it is drawn. Office papers are set in Times, so faces of that cut come oftenest."""

HELD_OUT = {
    "Be Vietnam Pro": ("BeVietnamPro-", 1), "Noto Serif": ("NotoSerif", 1), "DejaVu Sans": ("DejaVuSans", 1), "DejaVu Serif": ("DejaVuSerif", 1),
    "FreeSans": ("FreeSans", 1), "Liberation Mono": ("LiberationMono-", 1),
}  # fmt: skip
"""Never seen in training: all faces of the second reading set but Liberation Serif are among them."""

_TOO_FAR = (
    "Thin",
    "Hairline",
    "Black",
    "ExtraLight",
    "ExtraBold",
    "Heavy",
    "Display",
    "Chorus",
    "MathTeX",
    "DejaVuSansMono",
)


@dataclass(frozen=True)
class Face:
    """One file of a family."""

    family: str
    path: Path


def faces(folders: Iterable[Path], families: dict[str, tuple[str, int]]) -> list[list[Face]]:
    """Whole faces by family; families without one are left out. Order does not depend on the folders'."""
    files = sorted(
        {path for folder in folders for path in folder.rglob("*.[to]tf")}, key=lambda path: (path.name, str(path))
    )
    found = []
    for family, (start, often) in families.items():
        named = {
            path.name: path
            for path in files
            if path.name.startswith(start) and not any(word in path.name for word in _TOO_FAR)
        }
        whole = [Face(family, path) for path in named.values() if not missing_letters(path) and is_distinct(path)]
        found += [whole] * often if whole else []
    return found


@functools.lru_cache(maxsize=64)
def sized(path: Path, size_px: int, weight: int = 0) -> ImageFont.FreeTypeFont:
    """A face at a size in px per em; `weight` sets the axis of a variable file."""
    font = ImageFont.truetype(str(path), size_px, layout_engine=ImageFont.Layout.BASIC)
    if "[" in path.name and weight:
        axes = font.get_variation_axes()
        font.set_variation_by_axes(
            [float(weight if axis["name"] == b"Weight" else axis["default"] or 0) for axis in axes]
        )
    return font


def is_distinct(path: Path) -> bool:
    """Whether all six tones of every vowel are drawn, each in its own way, and none instead of the letter's own mark."""
    font = sized(path, 60)
    for vowel in "aăâeêioôơuưyAĂÂEÊIOÔƠUƯY":
        bare = unicodedata.normalize("NFD", vowel)[0]
        drawn, plain = _drawn(font, vowel), _drawn(font, bare)
        dot, usual = len(drawn[5]) - len(drawn[0]), len(plain[5]) - len(plain[0])
        if len(set(drawn)) < 6 or vowel != bare and dot * 2 < usual:
            return False
    return True


def _drawn(font: ImageFont.FreeTypeFont, vowel: str) -> list[bytes]:
    """The inked pixels of a vowel's six tones, by place."""
    canvases = []
    for mark in ("", "\u0300", "\u0303", "\u0309", "\u0301", "\u0323"):
        canvas = Image.new("L", (120, 140), 0)
        ImageDraw.Draw(canvas).text((20, 90), unicodedata.normalize("NFC", vowel + mark), 255, font, anchor="ls")
        canvases.append(np.flatnonzero(np.asarray(canvas) > 127).astype("<u2").tobytes())
    return canvases
