"""Sessions: an id is only ever given out, never taken over; it ends when it should and lives through a restart."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

from edge_node.app import Node
from sync_protocol.adapters.keys import KeyFileOnDisk
from tests.browser.desk import PASSWORD, Clock, make_node, web_of
from tests.edge_node.web.visitor import signed_in, token


class Place:
    """One node with a clock."""

    def __init__(self, root: Path) -> None:
        self.root, self.clock = root / "node", Clock()
        self.node = make_node(self.root, self.clock)

    def restart(self) -> None:
        self.node.close()
        self.node = Node(self.root, KeyFileOnDisk(self.root / "unattended.key"), now=self.clock)


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    one = Place(tmp_path)
    yield one
    one.node.close()


def is_in(client: TestClient) -> bool:  # type: ignore[type-arg]
    return client.get("/today", follow_redirects=False).status_code == 200


def test_an_id_from_outside_is_never_adopted(place: Place) -> None:
    app = web_of(place.node)
    for chosen in ("attackerchosen123", "a" * 64):
        with TestClient(app) as client:
            client.cookies.set("lienthong", chosen)
            form = token(client)
            answer = client.post(
                "/login", data={"account": "all", "password": PASSWORD, "_csrf_token": form}, follow_redirects=False
            )
            assert answer.status_code == 303 and chosen not in answer.headers["set-cookie"]


def test_signing_in_again_ends_the_former_id(place: Place) -> None:
    app = web_of(place.node)
    client = signed_in(app, "all")
    before = client.cookies["lienthong"]
    client.post("/login", data={"account": "only-leader", "password": PASSWORD, "_csrf_token": client.cookies["form"]})
    after = client.cookies["lienthong"]
    old = TestClient(app)
    old.cookies.set("lienthong", before)
    assert before != after and is_in(client) and not is_in(old)


def test_signing_out_ends_the_session_at_the_node_too(place: Place) -> None:
    app = web_of(place.node)
    client = signed_in(app, "all")
    kept = client.cookies["lienthong"]
    client.post("/logout", headers={"x-csrftoken": client.cookies["form"]}, follow_redirects=False)
    thief = TestClient(app)
    thief.cookies.set("lienthong", kept)
    assert not is_in(client) and not is_in(thief)


def test_a_session_lives_through_a_restart_of_the_node(place: Place) -> None:
    client = signed_in(web_of(place.node), "all")
    kept = client.cookies["lienthong"]
    place.restart()
    again = TestClient(web_of(place.node))
    again.cookies.set("lienthong", kept)
    assert is_in(again)


def test_half_an_hour_without_a_person_ends_a_session_though_the_page_refreshed_itself(place: Place) -> None:
    client = signed_in(web_of(place.node), "all")
    for _ in range(4):
        place.clock.at += dt.timedelta(minutes=9)
        client.get("/bar", headers={"hx-request": "true"})
    assert not is_in(client)
    assert client.get("/bar", headers={"hx-request": "true"}).headers["hx-redirect"] == "/login"


def test_a_person_at_work_stays_in_until_ten_hours_are_over(place: Place) -> None:
    client = signed_in(web_of(place.node), "all")
    for _ in range(29):
        place.clock.at += dt.timedelta(minutes=20)
        assert is_in(client)
    place.clock.at += dt.timedelta(minutes=25)
    assert not is_in(client)


def test_the_database_holds_no_usable_id(place: Place) -> None:
    client = signed_in(web_of(place.node), "all")
    rows = place.node.store.readers.run(lambda c: c.execute("SELECT id_hash, content FROM web_session").fetchall())
    assert all(client.cookies["lienthong"].encode() not in bytes(one) for row in rows for one in row)


def test_over_tls_the_cookie_belongs_to_this_host_alone(place: Place) -> None:
    from edge_node.people.passwords import open_passwords
    from edge_node.web.app import make_web
    from edge_node.web.live import LiveState
    from tests.browser.desk import CHEAP

    app = make_web(place.node, LiveState(), is_tls=True, passwords=open_passwords(place.root, CHEAP))
    client = TestClient(app, base_url="https://diem.local")
    answer = client.post(
        "/login", data={"account": "all", "password": PASSWORD, "_csrf_token": token(client)}, follow_redirects=False
    )
    cookie = answer.headers["set-cookie"]
    assert (
        cookie.startswith("__Host-lienthong=")
        and "Secure" in cookie
        and "SameSite=strict" in cookie
        and "HttpOnly" in cookie
    )
    assert "strict-transport-security" in answer.headers
