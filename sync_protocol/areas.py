"""Areas: the administrative units of the country, those of today and those that papers still name, as one value that goes with the catalogue.

Some 14,000 rows would make every change of law thirty times as long on the line, so they are a file of their own: the catalogue names it by its
SHA-256 and a node fetches it when that changes.

Invariant: the same areas give the same bytes; what is decoded was within its bounds. An area stands on a `basis`: the text it is there by, and its days.

Source: Nghị quyết 202/2025/QH15, 203/2025/QH15; Luật 72/2025/QH15; Nghị quyết 1654 đến 1687/NQ-UBTVQH15; Quyết định 124/2004/QĐ-TTg, 19/2025/QĐ-TTg.
"""

from __future__ import annotations

import datetime as dt
from typing import Final, Literal

import msgspec
from backports import zstd

from sync_protocol.law_problems import CatalogueUnreadable
from sync_protocol.paper_types import Trust

AREAS: Final = "areas"
"""The name of this part of a catalogue."""

AREAS_BYTES_MAX: Final = 8_388_608  # after decompression; the country of today and yesterday is 0.6 MB
_FORMAT: Final = 1
_LEVEL: Final = 19

AreaLevel = Literal["province", "district", "commune"]
AreaKind = Literal["tỉnh", "thành phố", "quận", "huyện", "thị xã", "xã", "phường", "thị trấn", "đặc khu"]


class AreaBasis(msgspec.Struct, frozen=True, array_like=True):
    """By which text areas stand, from and until which day (None: not known, or still), and whether a published text was compared."""

    source: str
    trust: Trust
    provisional: bool
    valid_from: dt.date | None
    valid_to: dt.date | None


class Area(msgspec.Struct, frozen=True, array_like=True):
    """One unit under one name. `code` is that of Tổng cục Thống kê: two, three or five digits by level, and may name another unit later.

    `parent` is a code one level up among the areas of the same days: districts ended on 30 June 2025. `basis` counts in the list's `bases`;
    `successors` are codes of today's communes, several where it was divided, none where it is not known.
    """

    code: str
    name: str
    kind: AreaKind
    level: AreaLevel
    parent: str
    basis: int
    successors: tuple[str, ...] = ()


class Areas(msgspec.Struct, frozen=True, array_like=True):
    """All of them, provinces before districts before communes."""

    bases: tuple[AreaBasis, ...] = ()
    areas: tuple[Area, ...] = ()

    def basis_of(self, area: Area) -> AreaBasis:
        """The text that an area stands by."""
        return self.bases[area.basis]


class _File(msgspec.Struct, frozen=True, array_like=True):
    format: int
    content: Areas


def encode_areas(areas: Areas) -> bytes:
    """The file of these areas."""
    return zstd.compress(msgspec.msgpack.encode(_File(_FORMAT, areas)), _LEVEL)


def decode_areas(content: bytes) -> Areas:
    """The areas in a file.

    Raises:
        CatalogueUnreadable: not such a file, too long, or of a newer program.
    """
    try:
        expander = zstd.ZstdDecompressor()
        plain = expander.decompress(content, AREAS_BYTES_MAX)
        if not expander.eof:
            raise CatalogueUnreadable(what=f"areas longer than {AREAS_BYTES_MAX} bytes or cut off")
        found = msgspec.msgpack.decode(plain, type=_File)
    except (zstd.ZstdError, msgspec.MsgspecError, EOFError) as error:
        raise CatalogueUnreadable(what=f"areas: {type(error).__name__}") from error
    if found.format != _FORMAT or any(not 0 <= one.basis < len(found.content.bases) for one in found.content.areas):
        raise CatalogueUnreadable(what=f"areas of format {found.format}")
    return found.content
