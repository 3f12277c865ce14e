"""Every page of the hub over PostgreSQL: what is written for one engine only shows here, not on an operator's Monday."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.store.postgres.server import Server
from tests.central_hub.web.person import Person
from tests.central_hub.web.test_pages import FILLED, TABLE, fill


def test_every_page_opens_over_postgresql(server: Server, tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", Clock(), f'[store]\npostgres = "{server.engine_at(tmp_path).url}"\n')
    try:
        hub.store.writer.run(lambda c: fill(c, hub.now_ms()))
        person = Person(web_of_hub(hub), "all")
        person.client.app.state.hub.totals.clear()  # type: ignore[attr-defined]
        seen = {}
        for route in TABLE:
            method, path = route.split(" ")
            if method == "GET":
                seen[path] = person.get(re.sub(r"{(\w+)}", lambda found: FILLED.get(found[1], "x"), path)).status_code
    finally:
        hub.store.close()
    assert {path: code for path, code in seen.items() if code >= 500} == {}
    assert sum(code == 200 for code in seen.values()) >= 25, seen
