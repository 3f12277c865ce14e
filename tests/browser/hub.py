"""A hub in a temporary folder, without its message server, for its pages, and who is signed in at them."""

from __future__ import annotations

from pathlib import Path

from litestar import Litestar
from litestar.testing import TestClient

from central_hub.app import Hub, make_hub_authority
from central_hub.folder import HubFolder
from central_hub.people.accounts import ROLES, Account, Accounts
from central_hub.web.app import make_web
from sync_protocol.adapters.keys import KeyFileOnDisk, create_keys, create_raw_key_file
from tests.browser.desk import CHEAP, PASSWORD, Clock


def make_hub(root: Path, clock: Clock, settings: str = "") -> Hub:
    """A hub as `central-hub init` leaves it, with one account per role, one with all roles, and one with none."""
    folder = HubFolder(root)
    folder.trust.mkdir(parents=True)
    create_raw_key_file(folder.raw_key)
    create_keys(folder.keys, [KeyFileOnDisk(folder.raw_key)])
    make_hub_authority(folder, "hub-test", clock())
    folder.settings.write_text(f'name = "hub-test"\n{settings}', "utf-8")
    accounts = Accounts(root, CHEAP)
    accounts.put(Account("all", "Trần Văn Ộp", ROLES), PASSWORD)
    for role in ROLES:
        accounts.put(Account(role, f"Chỉ {role}", (role,)), PASSWORD)
    accounts.put(Account("nobody", "Chưa giao việc", ()), PASSWORD)
    return Hub(root, KeyFileOnDisk(folder.raw_key), now=clock)


def web_of_hub(hub: Hub) -> Litestar:
    """The hub's pages with a cheap password hash."""
    return make_web(hub, hasher=CHEAP)


def client_of(hub: Hub, account: str | None = None) -> TestClient[Litestar]:
    """The hub's pages as this account meets them once signed in; as a citizen does without one."""
    client = TestClient(web_of_hub(hub))
    client.get("/tra-cuu")
    if account:
        data = {"account": account, "password": PASSWORD, "_csrf_token": client.cookies["form"]}
        assert client.post("/login", data=data, follow_redirects=False).status_code == 303
    return client
