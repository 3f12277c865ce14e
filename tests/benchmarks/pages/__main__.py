"""`python -m tests.benchmarks.pages --out DIR [--seed N] [--count N]`: make the labelled reading set."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sync_protocol.errors import Problem
from tests.benchmarks.pages import DEFAULT_COUNT
from tests.benchmarks.pages.build import build


def main(arguments: list[str] | None = None) -> int:
    """Build the set and say how many pages it has; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages", description="Dựng bộ trang đo máy đọc.")
    parser.add_argument("--out", type=Path, required=True, help="thư mục để ghi trang")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống")
    parser.add_argument("--count", type=int, default=DEFAULT_COUNT, help="số trang")
    chosen = parser.parse_args(arguments)
    try:
        pages = build(chosen.out, chosen.seed, chosen.count)
    except Problem as problem:
        print(problem.clerk_sentence, problem.clerk_next_step, problem.operator_line, sep="\n", file=sys.stderr)
        return problem.exit_code
    print(f"{len(pages)} trang")
    return 0


if __name__ == "__main__":
    sys.exit(main())
