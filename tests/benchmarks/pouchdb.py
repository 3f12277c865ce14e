"""The PouchDB side of the comparison: leveldb to express-pouchdb over loopback HTTP, from the npm registry, never committed.

Packages are fetched once with npm into an ignored folder. PouchDB neither signs nor fsyncs each write; it is the popular way, not an equal one.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

from deploy.demo.job.stage import ROOT
from tests.benchmarks.workload import as_document, dossiers

CACHE = ROOT / ".cache" / "pouchdb"
PACKAGES = ("pouchdb-node", "express", "express-pouchdb")
WANTED = ("pouchdb-node@9", "express@4", "express-pouchdb@4")  # express-pouchdb does not run on a later express
PEER = Path(__file__).with_name("pouchdb_peer.js")


def pouchdb_round(folder: Path, first: int, count: int) -> dict[str, float]:
    """Load, push and pull `count` records with PouchDB; its figures by name."""
    folder.mkdir(parents=True)
    peer = _peer()
    documents = folder / "documents.jsonl"
    lines = (json.dumps(as_document(rid, body), ensure_ascii=False) for rid, body in dossiers(first, count, "00101"))
    documents.write_text("\n".join(lines), encoding="utf-8")
    hub = subprocess.Popen(["node", str(peer), "hub", str(folder / "hub")], stdout=subprocess.PIPE, text=True)
    try:
        assert hub.stdout is not None
        url = f"http://127.0.0.1:{int(hub.stdout.readline())}"
        words = ["node", str(peer), "node", str(folder / "node"), str(documents), url]
        said = subprocess.run(words, stdout=subprocess.PIPE, text=True, check=True).stdout
    finally:
        hub.kill()
        hub.wait()
    figures: dict[str, float] = json.loads(said)
    return figures


def _peer() -> Path:
    """The runner beside its packages, fetched where they are lacking."""
    CACHE.mkdir(parents=True, exist_ok=True)
    if not all((CACHE / "node_modules" / one).exists() for one in PACKAGES):
        subprocess.run(["npm", "install", "--no-audit", "--no-fund", "--silent", *WANTED], cwd=CACHE, check=True)
    return Path(shutil.copy(PEER, CACHE / PEER.name))
