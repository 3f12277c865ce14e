"""What counting costs: events per second of processor time into the sums, and a year's report. `python -m tests.benchmarks.figures [DOSSIERS]`."""

from __future__ import annotations

import datetime as dt
import random
import sys
import tempfile
import time
from pathlib import Path

from central_hub.figures.report import make_report
from central_hub.figures.sums import catch_up
from sync_protocol.figures.periods import ReportKind, report_period
from tests.central_hub.figures.hub_with_stories import empty_hub
from tests.sync_protocol.figures.stories import Story, events_of


def main(dossiers: int) -> None:
    """Print the figures."""
    from sync_protocol.adapters import event_log, projection

    chance = random.Random(7)
    with tempfile.TemporaryDirectory() as scratch:
        connection = empty_hub(Path(scratch))
        for number in range(1, dossiers + 1):
            received = dt.date(2020, 12, 15) + dt.timedelta(days=chance.randrange(365))
            ended = received + dt.timedelta(days=chance.randrange(1, 12)) if chance.random() < 0.9 else None
            story = Story(
                number, f"{chance.randrange(700):05d}", received, 0, received + dt.timedelta(days=8), "online", ended=ended,
                outcome="granted" if ended else "", coded=(received, received), reused=1,
            )  # fmt: skip
            with connection:
                events = events_of(story)
                lane = event_log.open_lane(connection, events[0].header.node, events[0].header.inc, "peer")
                event_log.append(connection, lane, events, 1)
                projection.project(connection, events)
        started, counted = time.process_time(), 0
        steps = []
        while True:
            before = time.process_time()
            with connection:
                done = catch_up(connection)
            if not done:
                break
            steps.append(time.process_time() - before)
            counted += done
        spent = time.process_time() - started
        cells = connection.execute("SELECT count(*) FROM figure").fetchone()
        before = time.process_time()
        report = make_report(connection, report_period(ReportKind.YEAR, 2021), None)
        reading = time.process_time() - before
        steps.sort()
        print(
            f"{dossiers} dossiers, {counted} events: {counted / spent:,.0f} events/s of processor time, {dossiers / spent:,.0f} dossiers/s"
        )
        print(
            f"a step of 200 events costs the writer {steps[len(steps) // 2] * 1000:.0f} ms (median), {steps[-1] * 1000:.0f} ms (longest)"
        )
        print(
            f"{cells[0] if cells else 0} sums; the year's report over {len(report.offices)} offices: {reading * 1000:.0f} ms"
        )
        connection.close()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 3_000)
