"""Typefaces that the papers are set in: found on the machine or in installed font packages, never carried along.

Only a face that holds all 134 accented Vietnamese letters is offered, so no page can show an empty square.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import fontpkg_be_vietnam_pro
import fontpkg_noto_serif
from fontTools.ttLib import TTFont
from PIL import ImageFont

from deploy.demo.papers.errors import FontMissing

Style = Literal["regular", "bold", "italic", "bold_italic"]

_LOWER = "àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ"
VIETNAMESE_LETTERS = _LOWER + _LOWER.upper()

_SYSTEM = Path("/usr/share/fonts/truetype")
_VIETNAM_PRO = Path(fontpkg_be_vietnam_pro.__file__).parent / "files"
_NOTO_SERIF = Path(fontpkg_noto_serif.__file__).parent / "files"


@dataclass(frozen=True)
class Typeface:
    """Four cuts of one design; `weight` axes are set for variable files (regular 400, bold 700)."""

    name: str
    files: tuple[Path, Path, Path, Path]
    is_variable: bool = False

    def cut(self, style: Style) -> Path:
        """The file of one style."""
        return self.files[("regular", "bold", "italic", "bold_italic").index(style)]


def _four(folder: Path, *names: str) -> tuple[Path, Path, Path, Path]:
    regular, bold, italic, bold_italic = (folder / name for name in names)
    return regular, bold, italic, bold_italic


def _dashed(folder: Path, stem: str, italic: str = "Italic") -> tuple[Path, Path, Path, Path]:
    return _four(folder, *(f"{stem}-{cut}.ttf" for cut in ("Regular", "Bold", italic, f"Bold{italic}")))


_UPRIGHT, _SLANTED = "NotoSerif[wdth,wght].ttf", "NotoSerif-Italic[wdth,wght].ttf"
# Carlito is left out: its letter Ộ has no circumflex although the character is in its table (seen by drawing it).
_KNOWN = (
    Typeface("Liberation Serif", _dashed(_SYSTEM / "liberation2", "LiberationSerif")),
    Typeface("Noto Serif", _four(_NOTO_SERIF, _UPRIGHT, _UPRIGHT, _SLANTED, _SLANTED), is_variable=True),
    Typeface("Be Vietnam Pro", _dashed(_VIETNAM_PRO, "BeVietnamPro")),
    Typeface(
        "FreeSerif",
        _four(
            _SYSTEM / "freefont", "FreeSerif.ttf", "FreeSerifBold.ttf", "FreeSerifItalic.ttf", "FreeSerifBoldItalic.ttf"
        ),
    ),
    Typeface("Liberation Sans", _dashed(_SYSTEM / "liberation2", "LiberationSans")),
    Typeface(
        "DejaVu Serif",
        _four(
            _SYSTEM / "dejavu",
            "DejaVuSerif.ttf",
            "DejaVuSerif-Bold.ttf",
            "DejaVuSerif-Italic.ttf",
            "DejaVuSerif-BoldItalic.ttf",
        ),
    ),
)


def missing_letters(path: Path) -> str:
    """The Vietnamese letters that a font file cannot draw."""
    with TTFont(path, lazy=True) as font:
        known = font.getBestCmap()
    return "".join(letter for letter in VIETNAMESE_LETTERS if ord(letter) not in known)


@functools.lru_cache(maxsize=1)
def typefaces() -> tuple[Typeface, ...]:
    """Every usable typeface of this machine, the Times-like ones first.

    Raises:
        FontMissing: when not one is whole.
    """
    whole = tuple(
        face
        for face in _KNOWN
        if all(path.is_file() for path in face.files) and not any(missing_letters(path) for path in set(face.files))
    )
    if not whole:
        raise FontMissing(wanted=1, found=0)
    return whole


def serif() -> Typeface:
    """The face of official papers: Times metric where the machine has one, Noto Serif elsewhere."""
    return typefaces()[0]


def at_least(count: int) -> tuple[Typeface, ...]:
    """All usable faces.

    Raises:
        FontMissing: when there are fewer than `count`.
    """
    if len(typefaces()) < count:
        raise FontMissing(wanted=count, found=len(typefaces()))
    return typefaces()


@functools.lru_cache(maxsize=128)
def sized(face: Typeface, style: Style, size_px: int) -> ImageFont.FreeTypeFont:
    """A face at a size in px per em."""
    font = ImageFont.truetype(str(face.cut(style)), size_px, layout_engine=ImageFont.Layout.BASIC)
    if face.is_variable:
        wanted = {b"Weight": 700 if style.startswith("bold") else 400, b"Width": 100}
        font.set_variation_by_axes(
            [float(wanted.get(axis["name"]) or axis["default"] or 0) for axis in font.get_variation_axes()]
        )
    return font
