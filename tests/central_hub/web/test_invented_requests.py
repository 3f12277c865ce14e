"""Requests that nobody would send, to every route of the hub by somebody with every role: an answer in our words, never a failure."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

from litestar import Litestar, post
from litestar.testing import TestClient

from tests.browser.desk import Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.web.person import Person
from tests.central_hub.web.test_pages import TABLE, fill

WORDS = (
    "", "0", "-1", "1", "99999999999999999999", "1e309", "NaN", "00101", "n00101a", "x" * 5_000, "Ẵ Ộ Ữ", "\u202e\u0000", "../../etc/passwd", "%00",
    "' OR 1=1 --", "<script>", "{{7*7}}", "2026-13-45", "31/02/2026", "15/10/2026", "\ud7ff", "🙂", "null", "[]", "true", "ALM-001", "a" * 64, "operator",
)  # fmt: skip
NAMES = (
    "node", "office", "reason", "note", "q", "show", "view", "state", "code", "rid", "account", "name", "roles", "first", "last", "kind", "procedure", "title", "place",
    "key", "value", "number", "old", "new", "proof", "item", "form", "successor", "purpose", "dossier", "personal_id", "birth_date", "keeps_log", "credential", "former", "password", "version",
)  # fmt: skip
NOT_TRIED = ("/logout", "/my-account")  # they end the session that asks


def invent(person: Person, route: str, chance: random.Random) -> int:
    """One request to a route with words from nowhere in its address, query, form or JSON body; returns the status."""
    method, path = route.split(" ")
    address = re.sub(
        r"{\w+}",
        lambda _: chance.choice([word for word in WORDS if word and "/" not in word and "\x00" not in word]),
        path,
    )
    words = {name: chance.choice(WORDS) for name in chance.sample(NAMES, chance.randrange(0, 9))}
    token = person.client.cookies["form"]
    if method == "GET":
        return person.client.get(address, params=words, follow_redirects=False).status_code
    if chance.random() < 0.3:
        body = chance.choice(
            [
                words,
                [words],
                "text",
                7,
                None,
                {"credential": words},
                {"client": "e30", "data": "AA", "credential": "AA", "signature": "AA", "public_key": "AA"},
            ]
        )
        return person.client.post(
            address, json=body, headers={"x-csrftoken": token}, follow_redirects=False
        ).status_code
    if chance.random() < 0.1:
        return person.client.post(
            address, files={"file": ("x", b"\x00\xff" * 40)}, data={"_csrf_token": token}, follow_redirects=False
        ).status_code
    return person.client.post(address, data={**words, "_csrf_token": token}, follow_redirects=False).status_code


def invent_many(app: Litestar, each: int, seed: int) -> dict[str, Counter[int]]:
    """`each` requests to every route; returns the status codes by route."""
    chance, person = random.Random(seed), Person(app, "all")
    client: TestClient[Litestar] = person.client
    client.raise_server_exceptions = False  # type: ignore[attr-defined]
    routes = [route for route in TABLE if not route.endswith(NOT_TRIED) and route != "POST /login"]
    return {route: Counter(invent(person, route, chance) for _ in range(each)) for route in routes}


def failures(seen: dict[str, Counter[int]]) -> dict[str, int]:
    """Routes that failed by themselves, with how often. 502 and 503 are answers about services that are not there (no message server here)."""
    return {
        route: sum(count for code, count in codes.items() if code >= 500 and code not in (502, 503))
        for route, codes in seen.items()
        if any(code >= 500 and code not in (502, 503) for code in codes)
    }


def test_no_invented_request_makes_a_page_of_the_hub_fail(tmp_path: Path) -> None:
    hub = make_hub(tmp_path / "hub", Clock())
    hub.store.writer.run(lambda c: fill(c, hub.now_ms()))
    try:
        seen = invent_many(web_of_hub(hub), 2, 11)
    finally:
        hub.store.close()
    assert failures(seen) == {}
    assert sum(sum(codes.values()) for codes in seen.values()) >= 180


def test_a_page_that_fails_is_seen(tmp_path: Path) -> None:
    @post("/broken", opt={"public": True})
    async def broken() -> int:
        raise RuntimeError

    client = TestClient(Litestar([broken], logging_config=None), raise_server_exceptions=False)
    assert failures({"POST /broken": Counter([client.post("/broken").status_code])}) == {"POST /broken": 1}
