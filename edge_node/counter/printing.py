"""The ticket on paper: for an 80 mm roll or an A5 sheet, with the office, the number, the service, the time and how many wait before.

There is nothing of a person on it. The same facts give the same bytes; nothing is kept of it.
"""

from __future__ import annotations

import datetime as dt
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final, Literal

import msgspec
import typst

from edge_node.counter.errors import TicketNotDrawn
from edge_node.counter.ticket import Ticket
from edge_node.slips.typesetting import packaged_fonts
from sync_protocol.calendar import VIETNAM
from sync_protocol.glossary import label

Paper = Literal["roll", "a5"]
PAPERS: Final[tuple[Paper, ...]] = ("roll", "a5")


def print_ticket(
    ticket: Ticket, *, office_name: str, before: int, paper: Paper, fonts_dir: Path | None = None
) -> bytes:
    """Return the ticket as PDF, on a roll as long as its text.

    Args:
        before: how many wait before this ticket, as of now.
        fonts_dir: a folder with Be Vietnam Pro; `None` takes it from its package.

    Raises:
        TicketNotDrawn: the typesetter refused.
    """
    drawn = dt.datetime.fromtimestamp(ticket.drawn_ms // 1000, VIETNAM)
    told = {
        "office": office_name, "number": ticket.label, "kind": label("visit_kind", ticket.kind), "before": before,
        "at": f"{drawn:%H:%M} ngày {drawn:%d/%m/%Y}", "paper": paper,
    }  # fmt: skip
    try:
        with as_file(files("edge_node.counter") / "templates") as templates:
            return typst.compile(
                templates / "ticket.typ", root=templates, font_paths=[fonts_dir or packaged_fonts()], ignore_system_fonts=True, format="pdf",
                sys_inputs={"facts": msgspec.json.encode(told).decode()}, timestamp=ticket.drawn_ms // 1000,
            )  # fmt: skip
    except (RuntimeError, OSError, ValueError) as error:
        raise TicketNotDrawn(number=ticket.label, found=type(error).__name__) from error
