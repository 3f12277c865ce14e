"""A desk that takes files until it is killed: prints the number of each file that `take` called durable."""

from __future__ import annotations

import sys
from pathlib import Path

from edge_node.app import Node
from edge_node.capture.landing import lay_waiting, take
from sync_protocol.adapters.keys import KeyFileOnDisk
from tests.browser.desk import Clock
from tests.edge_node.capture.sheets import sheet


def main(root: Path) -> None:
    """Take and lay for ever."""
    node = Node(root, KeyFileOnDisk(root / "unattended.key"), now=Clock())
    number = 0
    while True:
        number += 1
        take(node.desk, "all", "upload", [(f"{number}.jpg", sheet(f"tờ {number}"))])
        print(number, flush=True)
        if number % 3 == 0:
            lay_waiting(node.desk)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
