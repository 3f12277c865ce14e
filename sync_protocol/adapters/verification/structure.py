"""Structure: what must hold of a PDF before any signature in it is looked at.

The cheap guards come first and need no parser, because parsers are what hostile files aim at: size, header, ending, and how
far each compressed stream unfolds (a 260 KB file with 2 GiB of page content killed two renderers, signing.md §4 case 22).
Then every object is looked at: active content, filter chains, page count.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator

import pikepdf

from sync_protocol.adapters.verification.errors import (
    ActiveContent,
    BrokenStructure,
    Encrypted,
    NotAPdf,
    TooLarge,
    VerificationProblem,
)

MAX_FILE_BYTES = 200 * 1024 * 1024
MAX_PAGES = 500
MAX_OBJECTS = 50_000
MAX_STREAM_BYTES = 32 * 1024 * 1024
MAX_UNFOLDED_BYTES = 256 * 1024 * 1024
MAX_DEPTH = 40

_HEADER = re.compile(rb"%PDF-(1\.[4-7]|2\.0)[\r\n]")
_ENDING = re.compile(rb"startxref\s+\d+\s+%%EOF\s{0,2}\Z")
_STREAM = re.compile(rb"stream\r?\n")
_ACTIVE_NAMES = frozenset(
    {
        "/JS", "/JavaScript", "/Launch", "/AA", "/EmbeddedFile", "/EmbeddedFiles", "/EF", "/RichMedia", "/XFA", "/URI",
        "/SubmitForm", "/ImportData", "/GoToR", "/GoToE", "/Movie", "/Sound", "/Rendition", "/Screen", "/3D", "/Collection",
        "/AF", "/FileAttachment", "/ResetForm", "/Hide",
    }
)  # fmt: skip
_KINDS = ("/S", "/Subtype", "/Type")


def guard_bytes(data: bytes) -> None:
    """Refuse what no parser should be given.

    Raises:
        TooLarge: the file, or what its streams unfold to, exceeds a limit.
        NotAPdf: the header is not at byte 0, the version is below 1.4, or the file does not end at its `%%EOF`.
    """
    if len(data) > MAX_FILE_BYTES:
        raise TooLarge(limit="file bytes", found=len(data))
    if not _HEADER.match(data):
        raise NotAPdf(found="no header of PDF 1.4 or later at byte 0")
    if b"%%EOF" not in data[-4096:]:
        raise NotAPdf(found="no end mark")
    unfolded = 0
    for start in _STREAM.finditer(data):
        size = _unfolded_size(data, start.end())
        unfolded += size
        if size > MAX_STREAM_BYTES or unfolded > MAX_UNFOLDED_BYTES:
            raise TooLarge(limit="unfolded stream bytes", found=unfolded)


def ends_at_its_end_mark(data: bytes) -> bool:
    """Say whether nothing but a line end follows the last cross-reference pointer."""
    return _ENDING.search(data, max(0, len(data) - 128)) is not None


def guard_objects(data: bytes) -> int:
    """Look at every object of the file and return the number of pages.

    Raises:
        Encrypted, TooLarge, ActiveContent, BrokenStructure.
    """
    try:
        with pikepdf.open(io.BytesIO(data), attempt_recovery=False, suppress_warnings=True) as pdf:
            return _guard_open(pdf)
    except VerificationProblem:
        raise
    except pikepdf.PasswordError as error:
        raise Encrypted() from error
    except Exception as error:  # hostile files make the parser raise anything
        raise BrokenStructure(found=type(error).__name__) from error


def _guard_open(pdf: pikepdf.Pdf) -> int:
    if pdf.is_encrypted or "/Encrypt" in pdf.trailer:
        raise Encrypted()
    if len(pdf.objects) > MAX_OBJECTS:
        raise TooLarge(limit="objects", found=len(pdf.objects))
    if pdf.get_warnings():
        raise BrokenStructure(found="the parser had to guess")
    pages = len(pdf.pages)
    if not 1 <= pages <= MAX_PAGES:
        raise TooLarge(limit="pages", found=pages)
    for one in pdf.objects:
        for part in _parts(one, 0):
            _guard_part(part)
    if "/OpenAction" in pdf.Root and not _is_view(pdf.Root.OpenAction):
        raise ActiveContent(found="/OpenAction")
    return pages


def _parts(value: pikepdf.Object, depth: int) -> Iterator[pikepdf.Object]:
    """Yield the object and the direct objects within it; references are objects of their own."""
    if depth > MAX_DEPTH:
        raise BrokenStructure(found="objects nested too deep")
    if isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        yield value
        for _, inner in value.items():
            if isinstance(inner, pikepdf.Object) and not inner.is_indirect:
                yield from _parts(inner, depth + 1)
    elif isinstance(value, pikepdf.Array):
        for inner in value:
            if isinstance(inner, pikepdf.Object) and not inner.is_indirect:
                yield from _parts(inner, depth + 1)


def _guard_part(part: pikepdf.Object) -> None:
    active = _ACTIVE_NAMES.intersection(part.keys())
    active |= {str(part[kind]) for kind in _KINDS if kind in part} & _ACTIVE_NAMES
    if active:
        raise ActiveContent(found=" ".join(sorted(active)))
    if isinstance(part, pikepdf.Stream):
        filters = part.get("/Filter")
        if isinstance(filters, pikepdf.Array) and len(filters) > 1:
            raise BrokenStructure(found="a chain of stream filters")
        if "/F" in part:
            raise ActiveContent(found="a stream in another file")


def _is_view(action: pikepdf.Object) -> bool:
    return isinstance(action, pikepdf.Array) or (isinstance(action, pikepdf.Dictionary) and action.get("/S") == "/GoTo")


def _unfolded_size(data: bytes, start: int) -> int:
    """Return how large a deflated stream at `start` becomes, at most one byte beyond the limit; 0 if it is none."""
    unfolder = zlib.decompressobj()
    size = 0
    window = memoryview(data)[start:]
    taken = 0
    try:
        while not unfolder.eof and size <= MAX_STREAM_BYTES:
            piece = unfolder.unconsumed_tail or bytes(window[taken : taken + 65536])
            if not unfolder.unconsumed_tail:
                taken += len(piece)
            if not piece:
                break
            size += len(unfolder.decompress(piece, 1 << 20))
    except zlib.error:
        return size
    return size
