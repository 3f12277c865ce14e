"""Embedding: put exactly the glyphs a file uses into it, as a Type0 font that every reader can search.

Invariant: `/W` holds the advance of the glyph in 1/1000 em as the font program has it (PDF/A-2 rule 6.2.11.5-1), and
`/ToUnicode` maps every glyph to one NFC character, so what is found is what was read.
"""

from __future__ import annotations

import functools
import hashlib
import io
from dataclasses import dataclass

import pikepdf
from fontTools import subset
from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Stream, String

from edge_node.copies.typefaces import Typeface

_MAPPING_HEAD = (
    "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
    "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
    "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
    "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
)
_MAPPING_TAIL = "\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend"
_ENTRIES_PER_BLOCK = 100  # the CMap language allows no more in one block


@dataclass(frozen=True, slots=True)
class EmbeddedFont:
    """A font object of one PDF, the glyph of each character it holds and the advance of each glyph (1/1000 em)."""

    font: pikepdf.Object
    glyphs: dict[str, int]
    advances: dict[int, int]

    def codes(self, text: str) -> str:
        """Return the hexadecimal show string of `text`; characters the font lacks are left out."""
        return "".join(f"{self.glyphs[letter]:04X}" for letter in text if letter in self.glyphs)

    def width(self, text: str) -> int:
        """Return the set width of `text` in 1/1000 em."""
        return sum(self.advances[self.glyphs[letter]] for letter in text if letter in self.glyphs)


def embed(pdf: pikepdf.Pdf, typeface: Typeface, text: str) -> EmbeddedFont:
    """Add to `pdf` the part of `typeface` that shows `text` (and the space)."""
    cut = _cut(typeface, "".join(sorted(set(text + " "))))
    tag = "".join(chr(65 + byte % 26) for byte in hashlib.sha256(cut.program).digest()[:6])
    name = Name(f"/{tag}+{typeface.name}")
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=name,
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(_descriptor(pdf, cut, name)),
        DW=500,
        W=Array([0, Array([cut.advances[number] for number in range(len(cut.advances))])]),
        CIDToGIDMap=Name.Identity,
    )
    whole = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=name,
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_indirect(Stream(pdf, _to_unicode(cut.glyphs))),
    )
    return EmbeddedFont(pdf.make_indirect(whole), cut.glyphs, cut.advances)


@dataclass(frozen=True, slots=True)
class _CutFont:
    """The font program of some letters, their glyphs and advances, and the descriptor's figures."""

    program: bytes
    glyphs: dict[str, int]
    advances: dict[int, int]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int


@functools.lru_cache(maxsize=32)
def _cut(typeface: Typeface, letters: str) -> _CutFont:
    """The font of these letters. Kept: an officer's stamps all bear the same ones, and cutting was a third of a signature."""
    font = TTFont(io.BytesIO(typeface.sfnt), recalcTimestamp=False)
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, glyph_names=False)
    cutter = subset.Subsetter(options)
    cutter.populate(text=letters)
    cutter.subset(font)
    written = io.BytesIO()
    font.save(written)
    return _measured(written.getvalue())


def _measured(program: bytes) -> _CutFont:
    font = TTFont(io.BytesIO(program), lazy=True)
    head, horizontal = font["head"], font["hhea"]
    return _CutFont(
        program,
        {chr(point): font.getGlyphID(glyph) for point, glyph in font.getBestCmap().items()},
        {number: font["hmtx"][glyph][0] for number, glyph in enumerate(font.getGlyphOrder())},
        (head.xMin, head.yMin, head.xMax, head.yMax),
        horizontal.ascent,
        horizontal.descent,
        getattr(font["OS/2"], "sCapHeight", 700),
    )


def _descriptor(pdf: pikepdf.Pdf, cut: _CutFont, name: Name) -> Dictionary:
    stream = Stream(pdf, cut.program)
    stream.Length1 = len(cut.program)
    return Dictionary(
        Type=Name.FontDescriptor,
        FontName=name,
        Flags=4,
        FontBBox=Array(list(cut.box)),
        ItalicAngle=0,
        Ascent=cut.ascent,
        Descent=cut.descent,
        CapHeight=cut.cap_height,
        StemV=80,
        FontFile2=pdf.make_indirect(stream),
    )


def _to_unicode(glyphs: dict[str, int]) -> bytes:
    entries = sorted((glyph, letter) for letter, glyph in glyphs.items())
    lines: list[str] = []
    for start in range(0, len(entries), _ENTRIES_PER_BLOCK):
        block = entries[start : start + _ENTRIES_PER_BLOCK]
        lines.append(f"{len(block)} beginbfchar")
        lines += [f"<{glyph:04X}> <{letter.encode('utf-16-be').hex().upper()}>" for glyph, letter in block]
        lines.append("endbfchar")
    return (_MAPPING_HEAD + "\n".join(lines) + _MAPPING_TAIL).encode()
