"""Named limits of the reading room, each with its unit."""

from __future__ import annotations

DETECTOR_SIDE_PX = 1280
"""Longest side the detector works on. At 2000 px it merges neighbouring table cells and costs three times as much."""

DETECTOR_GRID_PX = 32
"""The detector's picture is rounded to multiples of this in both directions."""

DETECTOR_UNCLIP = 1.9
"""How far detected cores grow, so that diacritics above capitals stay inside the box."""

LINE_HEIGHT_PX = 32
"""Height of a line picture for the first reader."""

LINE_WIDTH_PX = 1024
"""Widest line picture the first reader takes: 256 time steps of 4 px."""

MAX_LINES = 600
"""Lines read on one page; a page with more is a pattern, not a paper."""

MIN_SCORE = 0.3
"""Lines below this score are stains."""

PAGE_SECONDS = 60.0
"""Wall time for one page before the worker is ended."""

PAGE_CPU_SECONDS = 45
"""CPU time for one page before the kernel ends the worker."""

START_SECONDS = 60.0
"""Wall time for a worker to load and check its models."""

WORKER_ADDRESS_BYTES = 4 * 1024**3
"""Address space of a worker. Resident memory stays below 700 MB; onnxruntime reserves more than it uses."""

PAGE_TRIES = 2
"""How often a page is given to a fresh worker before a person gets it."""
