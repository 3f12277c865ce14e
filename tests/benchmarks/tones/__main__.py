"""`python -m tests.benchmarks.tones draw | train | score`: see the package's docstring."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np


def main(arguments: list[str] | None = None) -> int:
    """Do what is asked; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.tones")
    asked = parser.add_subparsers(dest="what", required=True)
    draw = asked.add_parser("draw", help="vẽ chữ để dạy hoặc để chấm")
    draw.add_argument("--fonts", type=Path, action="append", default=[], help="thư mục phông, ngoài phông của máy")
    draw.add_argument("--seed", type=int, required=True)
    draw.add_argument("--count", type=int, default=30_000)
    draw.add_argument("--held-out", action="store_true", help="chỉ dùng phông không bao giờ dùng để dạy")
    draw.add_argument("--out", type=Path, required=True)
    train = asked.add_parser("train", help="dạy mạng")
    train.add_argument("--lessons", type=Path, nargs="+", required=True)
    train.add_argument("--minutes", type=float, default=25.0, help="phút CPU")
    train.add_argument("--seed", type=int, default=1)
    train.add_argument("--out", type=Path, required=True)
    score = asked.add_parser("score", help="chấm mạng")
    score.add_argument("--net", type=Path, help="mặc định: mạng của dự án")
    score.add_argument("--words", type=Path, nargs="+", required=True)
    chosen = parser.parse_args(arguments)
    if chosen.what == "draw":
        from tests.benchmarks.tones.faces import FAMILIES, HELD_OUT, faces
        from tests.benchmarks.tones.strips import draw_set, folders

        cuts = faces(folders(chosen.fonts), HELD_OUT if chosen.held_out else FAMILIES)
        print(", ".join(sorted({family[0].family for family in cuts})))
        np.savez(chosen.out, **draw_set(cuts, chosen.count, chosen.seed))
    elif chosen.what == "train":
        from tests.benchmarks.tones.train import train as teach

        teach(chosen.lessons, chosen.minutes * 60, chosen.seed, chosen.out)
    else:
        from tests.benchmarks.tones.score import report

        report(chosen.net, chosen.words)
    return 0


if __name__ == "__main__":
    sys.exit(main())
