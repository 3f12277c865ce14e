"""Whoever opens the pages of a desk, without a browser."""

from __future__ import annotations

import re

from litestar import Litestar
from litestar.testing import TestClient

from tests.browser.desk import PASSWORD


def token(client: TestClient[Litestar]) -> str:
    """The token of the sign-in form."""
    found = re.search(r'_csrf_token" value="([^"]+)"', client.get("/login?next=/help").text)
    return found[1] if found else client.cookies.get("form") or ""


def signed_in(app: Litestar, account: str) -> TestClient[Litestar]:
    """A browser in which this account has signed in."""
    client = TestClient(app)
    answer = client.post(
        "/login", data={"account": account, "password": PASSWORD, "_csrf_token": token(client)}, follow_redirects=False
    )
    assert answer.status_code == 303, answer.text[-300:]
    return client
