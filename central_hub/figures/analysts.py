"""The analysts' file: counts by month, office and procedure in one SQLite file, without a dossier, a person or an officer.

It is written by a process of its own (`analyst_build`), because two SQLite libraries in one process lose each other's locks.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys
import tempfile
from pathlib import Path

import apsw
import msgspec

import central_hub
from central_hub.figures.errors import AnalystFileFailed
from central_hub.figures.offices import continued_by, office_name
from central_hub.store.hub_store import HubStore
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import OfficeCode

BUILD_TIMEOUT_S = 300
COLUMNS = ("month", "received_month", "office", "procedure", "measure", "n")


def analyst_file(store: HubStore, last_month: dt.date, catalogue: Catalogue | None) -> bytes:
    """The bytes of the file with everything up to a reporting month. Raises AnalystFileFailed (FIG-016)."""
    figures, visits = store.readers.run(lambda c: (_figures(c, last_month), _visits(c)))
    codes = sorted({str(row[2]) for row in figures} | {str(row[0]) for row in visits})
    offices = [
        (code, office_name(catalogue, code, last_month), continued_by(catalogue, OfficeCode(code), last_month))
        for code in codes
    ]
    told = msgspec.json.encode(
        {"figure": figures, "office": offices, "visit_month": visits, "until": last_month.isoformat()}
    )
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "figures.sqlite"
        try:
            done = subprocess.run(
                [sys.executable, "-m", "central_hub.figures.analyst_build", str(path)], input=told, capture_output=True,
                timeout=BUILD_TIMEOUT_S, check=False, cwd=Path(central_hub.__file__).parents[1],
            )  # fmt: skip
            if done.returncode:
                raise AnalystFileFailed(found=f"exit {done.returncode}")
            return path.read_bytes()
        except (OSError, subprocess.TimeoutExpired) as error:
            raise AnalystFileFailed(found=type(error).__name__) from error


def _figures(connection: apsw.Connection, last_month: dt.date) -> list[tuple[object, ...]]:
    rows = connection.execute(
        f"SELECT {', '.join(COLUMNS)} FROM figure WHERE month <= ? ORDER BY month, office, measure, received_month, procedure",
        (last_month.isoformat(),),
    )
    return [tuple(row) for row in rows]


def _visits(connection: apsw.Connection) -> list[tuple[object, ...]]:
    """(office, outcome, kind, count) of visits to counters."""
    rows = connection.execute(
        "SELECT office, outcome, kind, count(*) FROM visit GROUP BY office, outcome, kind ORDER BY office, outcome, kind"
    )
    return [tuple(row) for row in rows]
