"""A desk whose officers hold keys, with one coded paper on file, served to a browser: what intake, review and agency signatures begin from."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from edge_node.people.passwords import open_passwords
from edge_node.web.app import make_web
from edge_node.web.live import LiveState
from tests.browser.browser import opened
from tests.browser.desk import CHEAP, Clock, make_node, served
from tests.browser.officers import KEY_PASSPHRASE, coded_paper, give_keys, scanned_paper
from tests.browser.test_desk import Desk


@contextlib.contextmanager
def desk_with_keys(root: Path) -> Iterator[Desk]:
    """The desk, a month into the officers' certificates."""
    clock = Clock()
    node = make_node(root / "node", clock)
    authority = give_keys(node, root / "pki")
    certificate = authority.people["officer_rsa"].certificate
    clock.at = certificate.not_valid_before_utc.replace(microsecond=0) + dt.timedelta(days=30)
    paper = root / "giay-chung-sinh.jpg"
    paper.write_bytes(scanned_paper())
    node.open_key("all", KEY_PASSPHRASE)
    coded_paper(node, "GKS")
    app = make_web(node, LiveState(), passwords=open_passwords(node.folder.root, CHEAP), refresh_s=1)
    with served(app) as address, opened() as browser:
        yield Desk(node, clock, address, browser, paper)
    node.close()
