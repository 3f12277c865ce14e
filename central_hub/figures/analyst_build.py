"""The process that writes the analysts' file, run as `python -m central_hub.figures.analyst_build PATH` with the rows as JSON on its input."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import msgspec
import sqlite_utils


def build(told: dict[str, Any], path: Path) -> None:
    """Write a new file; the path must not exist. The same rows give the same tables."""
    database = sqlite_utils.Database(path)
    figure = database.table("figure")
    figure.create(
        {"month": str, "received_month": str, "office": str, "procedure": str, "measure": str, "n": int},
        pk=("month", "office", "measure", "received_month", "procedure"),
    )
    names = ("month", "received_month", "office", "procedure", "measure", "n")
    figure.insert_all(dict(zip(names, row, strict=True)) for row in told["figure"])
    office = database.table("office")
    office.create({"code": str, "name": str, "continued_by": str}, pk="code")
    office.insert_all({"code": code, "name": name, "continued_by": now} for code, name, now in told["office"])
    visit = database.table("visit_count")
    visit.create({"office": str, "outcome": str, "kind": str, "n": int}, pk=("office", "outcome", "kind"))
    visit.insert_all(
        {"office": o, "outcome": outcome, "kind": kind, "n": n} for o, outcome, kind, n in told["visit_month"]
    )
    about = database.table("about")
    about.create({"key": str, "value": str}, pk="key")
    about.insert_all(
        [
            {"key": "until", "value": told["until"]},
            {"key": "months", "value": "a month is named by its first day, a 15th; it ends on the 14th"},
            {"key": "stocks", "value": "a stock at the end of a month is the sum of its flows up to it"},
            {"key": "personal_data", "value": "none: counts only"},
        ]
    )
    database.vacuum()
    database.close()


if __name__ == "__main__":
    build(msgspec.json.decode(sys.stdin.buffer.read()), Path(sys.argv[1]))
