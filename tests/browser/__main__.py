"""Pictures of every screen at both sizes, for people to look at: `python -m tests.browser FOLDER`. Kept out of git."""

from __future__ import annotations

import sys
import tempfile
import threading
from pathlib import Path

from edge_node.capture.service import hand_in, work_off
from edge_node.intake.service import Choice, declare
from sync_protocol.adapters import projection
from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.directory import DIRECTORY_PAGES, fill_directory
from tests.browser.hub import make_hub, web_of_hub
from tests.browser.officers import KEY_PASSPHRASE, give_keys, receive_one, scanned_paper

DESK_PAGES = ("today", "intake", "queue", "conflicts", "lookup", "repository", "people", "help", "quay", "bao-cao", "my-account")
HUB_PAGES = ("fleet", "dossiers", "cases", "quarantine", "erasures", "reports", "reports/appendix", "reports/quality", "numbers", "lookup", "looks", "oversight", "tra-cuu", *DIRECTORY_PAGES)


def main(folder: Path) -> None:
    """Write the pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, opened() as browser:
        root, clock = Path(scratch), Clock()
        node = make_node(root / "node", clock)
        authority = give_keys(node, root / "pki")
        clock.at = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(year=clock.at.year + 1)
        received = receive_one(node, "NGUYỄN THỊ ẤẦẨẪẬẮẰẲẴẶ")
        part = received.components[0]
        declare(node.desk, "all", received.rid, part, Choice(decision="digitize", declared_pages=1))
        hand_in(node.desk, "all", received.rid, part.component_id, [("trang.jpg", scanned_paper())], declared_pages=1)
        node.open_key("all", KEY_PASSPHRASE)
        worker = threading.Thread(target=work_off, args=(node.desk, node.key_of))
        worker.start()
        worker.join()
        view = node.store.readers.run(lambda c: projection.newest(c, 1))[0]
        base = f"dossiers/{view.rid.hex()}"
        pages = {name: name for name in DESK_PAGES} | {
            "board": "quay/board",
            "first-run": "first-run/check", "api": "api/v1/docs", "reuse": f"{base}/reuse",
            "dossier": base, "component": f"{base}/components/{view.components[1].component_id.hex()}",
            "review": f"{base}/papers/{view.documents[0].document_id.hex()}" if view.documents else base,
        }  # fmt: skip
        hub = make_hub(root / "hub", clock)
        fill_directory(hub, root)
        for prefix, app, account, wanted in (
            ("desk", web_of(node), "all", pages),
            ("hub", web_of_hub(hub), "all", {name.partition("?")[0].replace("/", "-"): name for name in HUB_PAGES}),
        ):
            with served(app) as address:
                page = browser.new_page()
                page.goto(f"{address}/login")
                page.screenshot(path=folder / f"{prefix}-login.png")
                sign_in(page, address, account, PASSWORD)
                for name, path in wanted.items():
                    for size, screen in (("1280", DESK_SCREEN), ("360", PHONE)):
                        page.set_viewport_size(screen)  # type: ignore[arg-type]
                        page.goto(f"{address}/{path}")
                        page.screenshot(path=folder / f"{prefix}-{name.replace('/', '-')}-{size}.png", full_page=True)
        node.close()
        hub.store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"))
