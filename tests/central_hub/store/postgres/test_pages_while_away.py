"""Pages that are open while PostgreSQL goes away and comes back: an answer in our words each time, and no restart of the hub."""

from __future__ import annotations

import re
from pathlib import Path

from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.store.postgres.server import running_server
from tests.central_hub.web.person import Person
from tests.memory_disk import memory_disk

PAGES = ("/fleet", "/fleet/list", "/dossiers", "/reports", "/numbers", "/cases", "/lookup", "/alarms")


def test_open_pages_say_that_the_database_is_away_and_go_on_when_it_is_back(tmp_path: Path) -> None:
    with running_server(memory_disk()) as server:
        hub = make_hub(tmp_path / "hub", Clock(), f'[store]\npostgres = "{server.engine_at(tmp_path).url}"\n')
        try:
            person = Person(web_of_hub(hub), "all")
            assert [person.get(path).status_code for path in PAGES] == [200] * len(PAGES)
            server.stop()
            away = [person.get(path) for path in PAGES]
            sent = person.post("/numbers", {"kind": "corrected", "old": "001185000001", "new": "001185000777"})
            server.start()
            again = [person.get(path).status_code for path in PAGES]
        finally:
            hub.store.close()
    for path, answer in [*zip(PAGES, away, strict=True), ("POST /numbers", sent)]:
        assert answer.status_code == 503, (path, answer.status_code)
        assert re.search(r"STO-\d{3}", answer.text), path
        assert "cơ sở dữ liệu" in answer.text.lower(), path
    assert again == [200] * len(PAGES)
