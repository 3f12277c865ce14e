"""What a clerk waits for on the screen with 10,000 dossiers held: first paint of each page, and from a key to the next field: `python -m tests.benchmarks.desk_pages`.

Times are wall times of a real Chromium on the same machine, so a busy machine shows in them; the load of the machine is printed beside them.
"""

from __future__ import annotations

import argparse
import logging
import os
import tempfile
import time
from pathlib import Path

import structlog
from playwright.sync_api import Page

from edge_node.people.passwords import open_passwords
from edge_node.store.ledger import Act, Draft
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from tests.benchmarks.stage import percentile
from tests.benchmarks.workload import dossiers
from tests.browser.browser import DESK_SCREEN, opened, sign_in
from tests.browser.desk import CHEAP, PASSWORD, Clock, make_node, served
from tests.browser.officers import give_keys
from tests.browser.rich import filled

_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? performance.now()"
_NEXT = """async () => {
    const times = [];
    for (const input of [...document.querySelectorAll('.value input[type=text]')].slice(0, -1)) {
        input.focus();
        const began = performance.now();
        input.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, cancelable: true}));
        await new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
        if (document.activeElement !== input) times.push(performance.now() - began);
    }
    return times;
}"""


def paint(page: Page, address: str, times: int = 5) -> list[float]:
    """First contentful paint in ms, several times."""
    found = []
    for _ in range(times):
        page.goto(address)
        found.append(float(page.evaluate(_PAINT)))
    return found


def server_cpu(page: Page, address: str, times: int = 5) -> list[float]:
    """CPU ms of this process, which serves the page, per request; the first may fill what later ones keep."""
    found = []
    for _ in range(times):
        began = time.process_time()
        assert page.request.get(address).ok, address
        found.append((time.process_time() - began) * 1000)
    return found


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser()
    words.add_argument("--held", type=int, default=10_000)
    held = words.parse_args().held
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        root, clock = Path(folder), Clock()
        node = make_node(root / "node", clock)
        authority = give_keys(node, root / "pki")
        clock.at = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(year=clock.at.year + 1)
        drafts = [Draft(rid, body) for rid, body in dossiers(1, held, "00101")]
        for first in range(0, len(drafts), 500):
            node.desk.ledger.save(Act("all", "intake", "receive"), drafts[first : first + 500])
        rich = filled(node)
        app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP))
        print(f"{held} dossiers held, all of them waiting to be sent; load of the machine {os.getloadavg()[0]:.1f}")
        with served(app) as address, opened() as browser:
            page = browser.new_context(viewport=DESK_SCREEN).new_page()  # type: ignore[arg-type]
            sign_in(page, address, "all", PASSWORD)
            for name, path in rich.pages().items():
                times, cpu = paint(page, address + path), server_cpu(page, address + path)
                print(
                    f"{name:18s} first paint median {percentile(times, 0.5):6.0f} ms, worst {max(times):6.0f} ms;"
                    f" server median {percentile(cpu, 0.5):4.0f} ms of CPU, worst {max(cpu):4.0f} ms"
                )
            page.goto(address + rich.pages()["review"])
            steps = [float(one) for one in page.evaluate(_NEXT)]
            print(
                f"key to next field: median {percentile(steps, 0.5):.0f} ms, worst {max(steps):.0f} ms ({len(steps)} fields)"
            )
        node.close()


if __name__ == "__main__":
    main()
