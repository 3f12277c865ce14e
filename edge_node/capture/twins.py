"""A sheet that went through the scanner twice: which page already in the pile a new one shows again. Advice for the clerk, never a reason to drop a page.

The fingerprint comes with the look; only pages that it suggests are laid over each other, as they were seen, small.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from edge_node.capture.look import PageLook
from edge_node.capture.marks import PrintMark

_COMPARED_MOST = 8
"""Pages a new one is laid over, the likeliest first: a pile of forms of one kind suggests every other one."""


def twins_of(seen: Sequence[tuple[str, PageLook]], there: Mapping[str, tuple[PrintMark, bytes]]) -> dict[str, str]:
    """For pages that show a sheet again, which page shows it first; page ids.

    Args:
        seen: the new pages in their order, with their looks.
        there: pages of the pile so far: their fingerprint and their small picture (JPEG).
    """
    from edge_node.imaging.duplicates import SUGGESTED_DISTANCE, distance

    known = {page_id: (mark.print, view) for page_id, (mark, view) in there.items()}
    digests: dict[bytes, str] = {}
    found: dict[str, str] = {}
    for page_id, one in seen:
        if one.print and not one.is_blank:
            near = sorted((distance(one.print, other), name) for name, (other, _) in known.items())
            likely = [name for bits, name in near if bits <= SUGGESTED_DISTANCE][:_COMPARED_MOST]
            first = digests.get(one.digest) or next((name for name in likely if _show_one_sheet(known[name][1], one.view)), None)
            if first is not None:
                found[page_id] = first
            else:
                known[page_id] = (one.print, one.view)
                digests[one.digest] = page_id
    return found


def _show_one_sheet(one: bytes, other: bytes) -> bool:
    from edge_node.imaging.decode import page_from_bytes
    from edge_node.imaging.duplicates import same_sheet

    return same_sheet(page_from_bytes(one), page_from_bytes(other))
