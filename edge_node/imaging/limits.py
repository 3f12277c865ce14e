"""Named limits of the imaging room, each with its unit."""

from __future__ import annotations

MAX_PIXELS = 80_000_000
"""Pixels of a picture that is still decoded: what a desk takes (`DecodeLimits`). A3 at 400 dpi has 31 million."""

MAX_DECODING_BYTES = 440_000_000
"""What a file and its decoding may hold together in the reading worker, whose models stand beside it with 150 MB and the page with 40 MB."""

MAX_SIDE_PX = 20_000
"""Longest side of a picture that is still decoded."""

MIN_SIDE_PX = 24
"""Shortest side below which nothing can stand on a page."""

READING_SIDE_PX = 3600
"""Longest side of a reading copy: A4 at 300 dpi passes untouched, larger pages are shrunk for reading only, to this or a little less."""

MAX_SKEW_DEGREES = 12.0
"""Largest tilt that is straightened; beyond it the page lay wrongly on the glass."""

MIN_SKEW_DEGREES = 0.15
"""Smaller tilts are left alone: resampling costs more sharpness than it gains."""

MIN_DPI = 150
"""Resolution below which small print is unreliable."""
