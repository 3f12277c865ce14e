"""How soon a desk's first page comes, and what an idle node weighs: `python -m tests.benchmarks.node_start [--times N]`.

A real `edge-node serve` process over a fresh state folder, without a line. Targets (for people, never for a test): 2 s to the first page,
150 MB resident without the recogniser. The reader, the PDF library and the typesetter have no business at the start; `late` names those that came.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy.demo.job.stage import ROOT, Actor, free_port
from tests.benchmarks.stage import cpu_s, open_stage, rss_mb

LATE = ("numpy", "cv2", "pikepdf", "pyhanko", "typst", "PIL", "onnxruntime", "fontTools.subset", "aiohttp", "pypdfium2", "zeroconf", "ifaddr")
_IMPORTS = (
    "import sys; from sync_protocol.adapters.bus.nats_import import import_client_alone; import_client_alone();"
    "import edge_node.cli.commands, edge_node.cli.serve, edge_node.web.app, edge_node.web.live, uvicorn; print(*sys.modules)"
)


def first_page(root: Path, port: int) -> tuple[float, float, float]:
    """Seconds from the command to the first page; CPU seconds so far; resident MB some moments later."""
    node = Actor("node", root)
    began = time.perf_counter()
    node.start("serve")
    try:
        while True:
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as page:
                    page.read()
                break
            except (urllib.error.URLError, ConnectionError):
                if time.perf_counter() - began > 60:
                    raise
                time.sleep(0.02)
        took = time.perf_counter() - began
        pid = node._process.pid if node._process else 0
        used = cpu_s(pid)
        time.sleep(3)
        return took, used, rss_mb(pid)
    finally:
        node.stop()


def came_early(before: str = "") -> list[str]:
    """Modules of `LATE` that the start imports all the same (after the statements in `before`, for a proof that this can fail)."""
    ended = subprocess.run(
        [sys.executable, "-c", before + _IMPORTS], capture_output=True, text=True, cwd=ROOT, check=True
    )
    loaded = set(ended.stdout.split())
    return [name for name in LATE if name in loaded]


def main() -> None:
    """Print the medians."""
    words = argparse.ArgumentParser()
    words.add_argument("--times", type=int, default=5)
    chosen = words.parse_args()
    print("imported at the start though not needed:", ", ".join(came_early()) or "nothing")
    with tempfile.TemporaryDirectory() as folder, open_stage(Path(folder)) as stage:
        made = stage.node("n00101a", "00101")
        root, port = made.folder.root, free_port(8040)
        made.close()
        (root / "node.toml").write_text(f'office_name = "Ba Đình"\n\n[web]\nport = {port}\n', encoding="utf-8")
        stage.hub.stop()
        figures = [first_page(root, port) for _ in range(chosen.times)]
    for name, values in zip(("first page s", "CPU s", "resident MB"), zip(*figures, strict=True), strict=True):
        print(f"{name:14s} {statistics.median(values):7.2f}   ({min(values):.2f} … {max(values):.2f})")


if __name__ == "__main__":
    main()
