"""The hub's accounts on screen: add, give roles, block, reset; nobody changes their own; every step is in the audit chain."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from litestar import Litestar

from central_hub.app import Hub
from central_hub.lookup import audit
from central_hub.people.accounts import Accounts
from tests.browser.desk import CHEAP, PASSWORD, Clock
from tests.browser.hub import make_hub, web_of_hub
from tests.central_hub.web.person import Person

NEW = {"account": "lan.vh", "name": "Lê Thị Ẵn", "roles": ["catalogue_keeper", "leader"]}


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = make_hub(tmp_path / "hub", Clock())
    yield one
    one.store.close()


@pytest.fixture
def app(hub: Hub) -> Litestar:
    return web_of_hub(hub)


def shown(page: str, label: str) -> str:
    found = re.search(rf"<dt>{label}</dt><dd>([^<]+)</dd>", page)
    assert found is not None, label
    return found[1]


def rows(hub: Hub) -> list[tuple[str, str, str, str]]:
    query = "SELECT officer, what, dossier, outcome FROM audit ORDER BY id"
    return hub.store.readers.run(lambda c: [tuple(map(str, row)) for row in c.execute(query)])  # type: ignore[misc]


def test_a_new_account_comes_in_with_what_was_shown_once(hub: Hub, app: Litestar) -> None:
    page = Person(app, "operator").post("/accounts", NEW).text
    password, secret = shown(page, "Mật khẩu lần đầu"), shown(page, "Khóa mã một lần")
    assert "data:image/svg+xml" in page
    code = pyotp.TOTP(secret).at(hub.now())
    assert Person(app, "lan.vh", password).entered == 401
    person = Person(app, "lan.vh", password, code)
    assert person.entered == 303 and person.get("/").headers["location"] == "/fleet"
    assert rows(hub) == [("operator", "account.add", "lan.vh", "catalogue_keeper leader")]
    assert hub.store.readers.run(audit.broken_at) is None
    assert password not in hub.folder.root.joinpath("accounts.passwords").read_text("utf-8")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"account": "Lan"}, "PEO-032"),
        ({"account": "operator"}, "PEO-031"),
        ({"name": " "}, "PEO-035"),
        ({"roles": ["king"]}, "PEO-034"),
    ],
)
def test_a_refused_account_keeps_what_was_typed(app: Litestar, hub: Hub, change: dict[str, object], code: str) -> None:
    answer = Person(app, "operator").post("/accounts", {**NEW, **change})
    assert answer.status_code >= 400 and code in answer.text and str({**NEW, **change}["account"]) in answer.text
    assert Accounts(hub.folder.root, CHEAP).find("lan.vh") is None and rows(hub) == []


def test_a_blocked_account_is_out_at_once_and_stays_out(hub: Hub, app: Litestar) -> None:
    leader = Person(app, "leader")
    assert leader.get("/fleet").status_code == 200
    assert Person(app, "operator").post("/accounts/leader/block").status_code == 303
    assert leader.get("/fleet").headers["location"].startswith("/login")
    assert Person(app, "leader").entered == 401
    assert "Đã chặn" in Person(app, "operator").get("/accounts").text


def test_a_reset_ends_the_former_password_and_every_session_and_lets_in_again(app: Litestar, hub: Hub) -> None:
    operator, leader = Person(app, "operator"), Person(app, "leader")
    operator.post("/accounts/leader/block")
    page = operator.post("/accounts/leader/reset").text
    assert Person(app, "leader").entered == 401 and leader.get("/fleet").status_code == 303
    code = pyotp.TOTP(shown(page, "Khóa mã một lần")).at(hub.now())
    assert Person(app, "leader", shown(page, "Mật khẩu lần đầu"), code).entered == 303
    assert [row[1] for row in rows(hub)] == ["account.block", "account.reset"]


def test_a_role_taken_away_works_at_the_next_click(app: Litestar) -> None:
    operator, auditor = Person(app, "operator"), Person(app, "auditor")
    assert auditor.get("/cases").status_code == 200
    operator.post("/accounts/auditor/roles", {"roles": "operator"})
    assert auditor.get("/cases").status_code == 403 and auditor.get("/quarantine").status_code == 200


@pytest.mark.parametrize("act", ["roles", "block", "reset"])
def test_nobody_changes_their_own_account(app: Litestar, hub: Hub, act: str) -> None:
    answer = Person(app, "operator").post(f"/accounts/operator/{act}", {"roles": "leader"})
    assert answer.status_code == 403 and "PEO-033" in answer.text and rows(hub) == []


def test_ones_own_password_needs_the_former_one_and_signs_out(app: Litestar, hub: Hub) -> None:
    person, elsewhere = Person(app, "auditor"), Person(app, "auditor")
    assert person.post("/my-account", {"former": "sai sai sai", "password": "một câu khác hẳn"}).status_code == 401
    assert person.post("/my-account", {"former": PASSWORD, "password": "ngắn"}).status_code == 400
    assert person.post("/my-account", {"former": PASSWORD, "password": "một câu khác hẳn"}).status_code == 303
    assert person.get("/fleet").status_code == 303 and elsewhere.get("/fleet").status_code == 303
    assert Person(app, "auditor").entered == 401 and Person(app, "auditor", "một câu khác hẳn").entered == 303
    assert rows(hub) == [("auditor", "account.password", "auditor", "changed")]


def test_a_page_of_an_unknown_account_says_so(app: Litestar) -> None:
    answer = Person(app, "operator").get("/accounts/ai.do")
    assert answer.status_code == 404 and "PEO-030" in answer.text


def test_accounts_of_the_first_release_are_still_read(tmp_path: Path) -> None:
    (tmp_path / "accounts.toml").write_text(
        '[[accounts]]\naccount = "a"\nname = "A"\nroles = ["operator", "officer"]\n', "utf-8"
    )
    found = Accounts(tmp_path, CHEAP).find("a")
    assert found is not None and found.roles == ("operator", "conflict_officer")
