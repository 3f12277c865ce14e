"""The catalogue of the shipped sources, read once for all tests."""

from __future__ import annotations

import datetime as dt
import functools

from central_hub.directory.build import SOURCES
from central_hub.directory.sources import read_sources
from sync_protocol.calendar import WorkingCalendar
from sync_protocol.catalogue import Catalogue

BUILT_AT = dt.datetime(2026, 11, 22, 2, 0, tzinfo=dt.UTC)
TODAY = dt.date(2026, 11, 22)


@functools.cache
def published() -> Catalogue:
    """Return the shipped catalogue; its sources must read without a complaint."""
    catalogue, complaints = read_sources(SOURCES, version="2026.11.22", built_at=BUILT_AT)
    assert complaints == []
    return catalogue


@functools.cache
def working_calendar() -> WorkingCalendar:
    """Return the shipped calendar, 24/11 taken as the holiday the press announced."""
    return WorkingCalendar.of(published().holidays())


@functools.cache
def calendar_without_culture_day() -> WorkingCalendar:
    """Return the shipped calendar with the provisional 24/11/2026 struck out."""
    return WorkingCalendar.of(published().holidays(), struck_out=frozenset({dt.date(2026, 11, 24)}))
