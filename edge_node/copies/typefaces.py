"""Typefaces: the two fonts that files of this office embed, cut down to Vietnamese and scaled to 1000 units per em.

`text` (Be Vietnam Pro) carries the invisible text layer. `stamp` (Noto Serif) is set at the width of Times New Roman:
Decree 30/2020, Appendix I asks for Times New Roman, no package ships it, and Noto Serif at 82 % width sets a stamp's
sentence within 0.5 % of Times (measured 2026-11-22: 31.8 against 31.9 em). An office that owns the Times file may pass it.

Invariant: every typeface has 1000 units per em, so a glyph's advance is its PDF width without rounding, which keeps
PDF/A rule 6.2.11.5-1. Nothing is downloaded; the fonts are Python packages.
"""

from __future__ import annotations

import io
import secrets
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal

from fontTools import subset
from fontTools.ttLib import TTFont, TTLibError
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

from edge_node.copies.errors import TypefaceMissing

Kind = Literal["text", "stamp"]
RECIPE = 2
"""Part of the cached file's name: raise it when the way a typeface is made changes."""
UNITS_PER_EM = 1000
TIMES_WIDTH_PERCENT = 82.0
_FAMILIES: dict[Kind, str] = {"text": "be-vietnam-pro", "stamp": "noto-serif"}
_CODE_POINTS = (
    *range(0x20, 0x7F), *range(0xA0, 0x180), 0x1A0, 0x1A1, 0x1AF, 0x1B0, 0x300, 0x301, 0x303, 0x309, 0x323,
    *range(0x1EA0, 0x1EFA), *range(0x2010, 0x2016), *range(0x2018, 0x201F), 0x2022, 0x2026, 0x20AB, 0x2116,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Typeface:
    """A TrueType font of 1000 units per em, with all Vietnamese letters."""

    name: str
    sfnt: bytes


def load_typeface(kind: Kind, cache_dir: Path | None = None, *, source: Path | None = None) -> Typeface:
    """Return the typeface, from the cache when it is there.

    Making `stamp` takes about 2.5 s, so an office passes `cache_dir` and makes both at set-up. Writing the cache is
    atomic and idempotence holds: the same package gives the same bytes under the same name.

    Args:
        kind: `text` for text layers, `stamp` for signatures.
        cache_dir: a directory of the office; `None` keeps the typeface in memory only.
        source: a TrueType file to use instead of the package, e.g. the Times New Roman the office owns.

    Raises:
        TypefaceMissing: the package is not installed or the file lacks Vietnamese letters.
    """
    if cache_dir is None:
        return _make(kind, source)
    stored = cache_dir / f"{kind}-{RECIPE}{'' if source is None else '-' + source.stem}.ttf"
    if stored.is_file():
        return Typeface(_postscript_name(kind, source), stored.read_bytes())
    typeface = _make(kind, source)
    cache_dir.mkdir(parents=True, exist_ok=True)
    draft = stored.with_suffix(f".{secrets.token_hex(4)}.part")
    draft.write_bytes(typeface.sfnt)
    draft.replace(stored)
    return typeface


@lru_cache(maxsize=4)
def _make(kind: Kind, source: Path | None) -> Typeface:
    try:
        font = TTFont(source if source is not None else _packaged_file(kind))
    except (OSError, TTLibError, LookupError) as error:
        raise TypefaceMissing(name=kind, found=type(error).__name__) from error
    _require_vietnamese(font, kind)
    _cut_down(font)
    if "fvar" in font:
        axes = {axis.axisTag: axis.defaultValue for axis in font["fvar"].axes}
        font = instancer.instantiateVariableFont(font, axes | {"wght": 400, "wdth": TIMES_WIDTH_PERCENT})
    if font["head"].unitsPerEm != UNITS_PER_EM:
        scale_upem(font, UNITS_PER_EM)
    made = io.BytesIO()
    font["head"].modified = font["head"].created  # the clock would make every build different
    font.recalcTimestamp = False
    font.save(made)
    return Typeface(_postscript_name(kind, source), made.getvalue())


def _packaged_file(kind: Kind) -> Path:
    import fontpkg  # type: ignore[import-untyped]

    family = fontpkg.family(_FAMILIES[kind])
    upright = [file for file in family.files if file.style == "normal"]
    return Path(next((file for file in upright if file.weight in (None, 400)), upright[0]).path)


def _require_vietnamese(font: TTFont, kind: Kind) -> None:
    missing = [point for point in range(0x1EA0, 0x1EFA) if point not in font.getBestCmap()]
    if missing or "glyf" not in font:
        raise TypefaceMissing(name=kind, found=f"{len(missing)} Vietnamese letters absent")


def _cut_down(font: TTFont) -> None:
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, glyph_names=False)
    options.drop_tables += ["GSUB", "GPOS", "GDEF", "DSIG", "kern", "gasp", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_CODE_POINTS)
    cutter.subset(font)


def _postscript_name(kind: Kind, source: Path | None) -> str:
    if source is not None:
        return "".join(letter for letter in source.stem if letter.isalnum() or letter == "-")
    return {"text": "BeVietnamPro-Regular", "stamp": "NotoSerif-Stamp"}[kind]
