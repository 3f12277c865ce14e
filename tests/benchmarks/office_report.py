"""What a leader waits for: an office's report over many dossiers, first and again: `python -m tests.benchmarks.office_report`."""

from __future__ import annotations

import argparse
import asyncio
import logging
import tempfile
import time
from pathlib import Path

import structlog

from edge_node.reports.counting import count_step, count_up
from edge_node.reports.report import make_report
from edge_node.store.ledger import Draft
from sync_protocol.calendar import vietnam_date
from sync_protocol.figures.periods import ReportKind, report_period
from tests.benchmarks.stage import open_stage, percentile
from tests.benchmarks.sync_speed import RECEIVE, save_all
from tests.benchmarks.workload import dossiers


def report_over(folder: Path, held: int) -> str:
    """Count a fresh log, make a report, save one dossier more, make it again."""
    with open_stage(folder) as stage:
        node = stage.node("n00101a", "00101")
        try:
            drafts = [Draft(rid, body) for rid, body in dossiers(1, held + 1, "00101")]
            save_all(node, drafts[:held])
            steps: list[float] = []
            while True:
                began = time.perf_counter()
                if not node.store.writer.run(count_step):
                    break
                steps.append((time.perf_counter() - began) * 1e3)
            period = report_period(ReportKind.YEAR, vietnam_date(node.desk.now()).year)
            began = time.perf_counter()
            report = node.store.readers.run(
                lambda c: make_report(c, node.desk.office, period, vietnam_date(node.desk.now()))
            )
            first = time.perf_counter() - began
            node.desk.ledger.save(RECEIVE, [drafts[held]])
            began = time.perf_counter()
            asyncio.run(count_up(node.store))
            again = time.perf_counter() - began
        finally:
            node.close()
    return (
        f"{held} dossiers: counted in {len(steps)} steps, {sum(steps) / held * 1e3:.0f} µs a dossier, a step p50 {percentile(steps, 0.5):.0f} ms, "
        f"p99 {percentile(steps, 0.99):.0f} ms; report {first * 1e3:.0f} ms ({report.figures.received} received in it); one more counted in {again * 1e3:.0f} ms"
    )


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser()
    words.add_argument("--held", type=int, default=10_000)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        print(report_over(Path(folder), words.parse_args().held))


if __name__ == "__main__":
    main()
