"""Where a stack of scanned sheets is cut: at its separator sheets. Pure.

The separator itself is no paper of the dossier: it goes out of the pile with its reason, and so does its blank back in a two-sided scan.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from edge_node.capture.marks import Separator
from edge_node.capture.tray import Removal, Tray, TrayPage

SHEET = "tờ phân cách"
BACK = "mặt sau trống của tờ phân cách"


class Stretch(msgspec.Struct, frozen=True):
    """Pages between two separators, and the separator that opened them (None before the first)."""

    separator: Separator | None
    tray: Tray


def stretches(seen: Sequence[tuple[TrayPage, Separator | None]], *, follows_separator: bool = False) -> list[Stretch]:
    """Cut pages at their separators; the first stretch has none and may be empty.

    Args:
        seen: each page with the separator its code says it is.
        follows_separator: the page before these, in another file of the same scan, was a separator sheet.
    """
    done: list[Stretch] = []
    separator: Separator | None = None
    tray = Tray()
    was_separator = follows_separator
    for page, found in seen:
        if found is not None:
            done.append(Stretch(separator, tray))
            separator, tray = found, Tray((), (Removal(page, SHEET),))
        elif was_separator and page.is_blank:
            tray = Tray(tray.pages, (*tray.removed, Removal(page, BACK)))
        else:
            tray = Tray((*tray.pages, page), tray.removed)
        was_separator = found is not None
    return [*done, Stretch(separator, tray)]
