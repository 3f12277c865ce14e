"""What an officer waits for: press of save to durable, and a paper's way from scan to code by stage: `python -m tests.benchmarks.desk`.

Saving is timed on a node that already holds a day's load. The paper's way plays one dossier of the demo's papers with the product's own commands
(hub, node, reader, signer); stages are CPU seconds a page as the node itself counts them.
"""

from __future__ import annotations

import argparse
import datetime as dt
import logging
import tempfile
import time
from pathlib import Path

import structlog

from deploy.demo.authority import make_authority
from deploy.demo.job import story
from deploy.demo.job.line import Relay
from deploy.demo.job.offices import Office, open_hub, open_office
from deploy.demo.job.papers import own_cases
from deploy.demo.job.stage import ROOT, Actor, free_port
from edge_node.store.ledger import Draft
from tests.benchmarks.stage import open_stage, percentile
from tests.benchmarks.sync_speed import RECEIVE, save_all
from tests.benchmarks.workload import dossiers


def saves(folder: Path, held: int, times: int) -> str:
    """Single receptions on a node that holds `held` dossiers."""
    with open_stage(folder) as stage:
        node = stage.node("n00101a", "00101")
        try:
            drafts = [Draft(rid, body) for rid, body in dossiers(1, held + times, "00101")]
            save_all(node, drafts[:held])
            waits = []
            for draft in drafts[held:]:
                began = time.perf_counter()
                node.desk.ledger.save(RECEIVE, [draft])
                waits.append((time.perf_counter() - began) * 1e3)
        finally:
            node.close()
    return f"save to durable, {held} dossiers held: p50 {percentile(waits, 0.5):.1f} ms, p99 {percentile(waits, 0.99):.1f} ms ({times} saves)"


def papers_way(folder: Path, case_key: str) -> list[str]:
    """One dossier from its scans to its codes; CPU seconds a page by stage."""
    authority = make_authority(folder / "authority", dt.datetime.now(dt.UTC), agency="Bảo hiểm xã hội cơ sở Ba Đình")
    hub, bus, _ = open_hub(folder, authority)
    office = Office(
        "A", "n00101a", "00101", "Bảo hiểm xã hội cơ sở Ba Đình", "Bảo hiểm xã hội thành phố Hà Nội", "Hà Nội", "cb.nhan",
        "Nguyễn Thị Ẵm", "officer_rsa", Actor("node", folder / "a"), free_port(8040), Relay(bus),
    )  # fmt: skip
    try:
        open_office(hub, bus, folder, authority, office)
        play = story.Play(hub, office, office, folder, print)
        case = own_cases(ROOT / ".cache" / "demo" / "papers")[case_key]
        began = time.perf_counter()
        story.receive(play, office, case)
        story.finish_reading(play, office)
        story.confirm(play, office, case, play.codes[case.key])
        took = time.perf_counter() - began
        pages, stages = play.declared_pages, office.actor.run("status", "--json")["stage_seconds"]
    finally:
        office.actor.stop()
        hub.stop()
    lines = [f"{name:16s} {seconds / pages:6.2f} CPU s a page" for name, seconds in sorted(stages.items())]
    return [
        *lines,
        f"{pages} pages from hand-in to codes in {took:.0f} s of wall time, the commands' own starts included",
    ]


def main() -> None:
    """Print the figures."""
    words = argparse.ArgumentParser()
    words.add_argument("--held", type=int, default=5_000)
    words.add_argument("--saves", type=int, default=300)
    words.add_argument("--case", default="mother", help="dossier of the demo's papers; empty: only the saves")
    chosen = words.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    with tempfile.TemporaryDirectory() as folder:
        print(saves(Path(folder), chosen.held, chosen.saves))
    if chosen.case:
        with tempfile.TemporaryDirectory() as folder:
            print(*papers_way(Path(folder), chosen.case), sep="\n")


if __name__ == "__main__":
    main()
