"""A start takes along what it needs and nothing heavier; each claim is looked at in a fresh interpreter."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.benchmarks.node_start import came_early

ROOT = Path(__file__).parents[4]


def _run(code: str) -> str:
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    return ended.stdout.strip()


def test_the_client_comes_without_websockets_and_leaves_the_way_free_for_others() -> None:
    said = _run(
        "from sync_protocol.adapters.bus.nats_import import import_client_alone as go; go(); go()\n"
        "import sys, nats.aio.transport as t; print(t.aiohttp, 'aiohttp' in sys.modules)\n"
        "import aiohttp; print(aiohttp.__name__)"
    )
    assert said.splitlines() == ["None False", "aiohttp"]


def test_a_serving_node_starts_without_reader_pdf_library_and_typesetter() -> None:
    assert came_early() == []


def test_the_look_for_heavy_modules_would_see_one() -> None:
    assert came_early("import numpy; ") == ["numpy"]
