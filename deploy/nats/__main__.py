"""Write the example configurations of a three-server cluster: `python -m deploy.nats`."""

from __future__ import annotations

from pathlib import Path

from deploy.nats.cluster import SERVERS, example

for name in SERVERS:
    (Path(__file__).parent / f"{name}.conf").write_bytes(example(name))
