"""`python -m deploy.demo.papers --out DIR [--seed N]`: make the demo's papers."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from deploy.demo.papers.build import build
from sync_protocol.errors import Problem


def main(arguments: list[str] | None = None) -> int:
    """Build the papers and say what was made; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo.papers", description="Dựng bộ giấy tờ mẫu.")
    parser.add_argument("--out", type=Path, required=True, help="thư mục để ghi giấy tờ mẫu")
    parser.add_argument("--seed", type=int, default=1, help="hạt giống; cùng hạt giống cho cùng bộ giấy tờ")
    chosen = parser.parse_args(arguments)
    try:
        told = build(chosen.out, chosen.seed)
    except Problem as problem:
        print(problem.clerk_sentence, problem.clerk_next_step, problem.operator_line, sep="\n", file=sys.stderr)
        return problem.exit_code
    for dossier in told:
        images = sum(len(component.files) for component in dossier.components)
        print(f"{dossier.key}: {len(dossier.components)} thành phần, {images} ảnh")
    return 0


if __name__ == "__main__":
    sys.exit(main())
