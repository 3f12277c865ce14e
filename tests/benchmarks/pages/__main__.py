"""`python -m tests.benchmarks.pages --out DIR [--seed N] [--count N] [--unseen]`: make the labelled reading set."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from sync_protocol.errors import Problem
from tests.benchmarks.pages import DEFAULT_COUNT
from tests.benchmarks.pages.build import build
from tests.benchmarks.pages.unseen import COUNT, SETS, build_unseen


def main(arguments: list[str] | None = None) -> int:
    """Build the set and say how many pages it has; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.pages", description="Dựng bộ trang đo máy đọc.")
    parser.add_argument("--out", type=Path, required=True, help="thư mục để ghi trang")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống")
    parser.add_argument("--count", type=int, default=0, help="số trang")
    parser.add_argument(
        "--unseen", action="store_true", help="bộ thứ hai: phông, mẫu, chữ và lỗi khác; không dùng để chỉnh"
    )
    parser.add_argument(
        "--layouts", choices=[name for name in SETS if name != "unseen"], help="bộ thứ ba và thứ tư: mẫu giấy lạ, nửa để sửa và nửa chỉ để chấm"
    )
    chosen = parser.parse_args(arguments)
    try:
        if chosen.unseen or chosen.layouts:
            pages = build_unseen(chosen.out, chosen.seed, chosen.count or COUNT, chosen.layouts or "unseen")
        else:
            pages = build(chosen.out, chosen.seed, chosen.count or DEFAULT_COUNT)
    except Problem as problem:
        print(problem.clerk_sentence, problem.clerk_next_step, problem.operator_line, sep="\n", file=sys.stderr)
        return problem.exit_code
    print(f"{len(pages)} trang")
    return 0


if __name__ == "__main__":
    sys.exit(main())
