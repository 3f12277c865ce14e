"""Zone: lets pyHanko be loaded where there are no time-zone files, as in the sandbox and on a bare machine.

pyHanko's module on European qualified certificates asks for Brussels time while it is imported. This product never asks it
anything, so a fixed offset during that one import is enough; every time this product shows is computed with fixed
offsets of its own.
"""

from __future__ import annotations

import datetime as dt
import importlib
import zoneinfo

_ASKED_FOR = "Europe/Brussels"


def load_validation() -> None:
    """Import pyHanko's validation, with or without time-zone files. Idempotent; call it before any other thread runs."""
    try:
        zoneinfo.ZoneInfo(_ASKED_FOR)
    except zoneinfo.ZoneInfoNotFoundError:
        real = zoneinfo.ZoneInfo
        setattr(zoneinfo, "ZoneInfo", lambda key: dt.timezone(dt.timedelta(hours=1), key))  # noqa: B010
        try:
            importlib.import_module("pyhanko.sign.validation")
        finally:
            setattr(zoneinfo, "ZoneInfo", real)  # noqa: B010
