"""The labelled reading set: pages with exact truth on which the readers are measured.

`python -m tests.benchmarks.pages --out DIR [--seed N] [--count N]`. Every page has its condition and its kind among its
tags (`clean`, `skewed`, … and `text`, `form`, `table`, `card`). The tag `stamped` alone means the stamp of a signature
block; `stamped_over_text` means that a stamp lies on running text.
"""

from __future__ import annotations

VERSION = 2
DEFAULT_COUNT = 66
