"""Long fuzzing of both shells' web faces: `python -m tests.benchmarks.invented_requests [--cases N] [--seed S]`. Prints counts; exits 1 on any failure.

The node's JSON interface by schemathesis against its own schema (the suite's checks, more examples), the hub's pages by requests that nobody would send.
"""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from pathlib import Path

import structlog

from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.web.test_invented_requests import failures, invent_many
from tests.central_hub.web.test_pages import TABLE, fill
from tests.edge_node.web.api.test_contract import Place, fuzz, operations


def main() -> None:
    asking = argparse.ArgumentParser()
    asking.add_argument("--cases", type=int, default=2_000, help="for each shell, at least")
    asking.add_argument("--seed", type=int, default=int(time.time()))
    args = asking.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    with tempfile.TemporaryDirectory() as folder:
        place = Place(Path(folder) / "api")
        known = {"code": place.received.code, "component": place.received.components[0].component_id.hex()}
        found = operations(place)
        codes = [code for one in found for code in fuzz(one, place.headers, known, -(-args.cases // len(found)))]
        print(f"node, JSON interface: {len(codes)} cases, {sum(code >= 500 for code in codes)} of them 5xx")
        place.node.close()
        hub = make_hub(Path(folder) / "hub", Clock())
        hub.store.writer.run(lambda c: fill(c, hub.now_ms()))
        seen = invent_many(web_of_hub(hub), -(-args.cases // (len(TABLE) - 4)), args.seed)
        hub.store.close()
        failed = failures(seen)
        print(
            f"hub, pages: {sum(sum(one.values()) for one in seen.values())} requests to {len(seen)} routes, seed {args.seed}, failed: {failed or 0}"
        )
    sys.exit(1 if failed or any(code >= 500 for code in codes) else 0)


if __name__ == "__main__":
    main()
