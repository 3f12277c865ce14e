"""Pictures of every screen at both sizes, for people to look at: `python -m tests.browser FOLDER [desk|hub]`. Kept out of git."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from tests.browser.browser import DESK_SCREEN, PHONE, opened, sign_in
from tests.browser.desk import PASSWORD, Clock, make_node, served, web_of
from tests.browser.hub import make_hub, web_of_hub
from tests.browser.officers import give_keys
from tests.browser.rich import filled
from tests.browser.rich_hub import fill_hub, hub_pages


def main(folder: Path, only: str = "") -> None:
    """Write the pictures; `only` desk or hub."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, opened() as browser:
        root, clock = Path(scratch), Clock()
        node = make_node(root / "node", clock)
        authority = give_keys(node, root / "pki")
        clock.at = authority.people["officer_rsa"].certificate.not_valid_before_utc.replace(year=clock.at.year + 1)
        rich = filled(node)
        pages = {name: path.lstrip("/") for name, path in rich.pages().items()}
        hub = make_hub(root / "hub", clock)
        fill_hub(hub, root)
        for prefix, app, account, wanted in (
            ("desk", web_of(node), "all", pages),
            ("hub", web_of_hub(hub), "all", hub_pages(hub)),
        ):
            if only not in ("", prefix):
                continue
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
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "screenshots"), *sys.argv[2:3])
