"""A browser with somebody signed in at the hub."""

from __future__ import annotations

import html
import re
from typing import Any

from httpx import Response
from litestar import Litestar
from litestar.testing import TestClient

from tests.browser.desk import PASSWORD


class Person:
    """A browser with somebody signed in."""

    def __init__(self, app: Litestar, account: str, password: str = PASSWORD, code: str = "") -> None:
        self.client = TestClient(app)
        self.client.get("/tra-cuu")
        self.entered = self.post("/login", {"account": account, "password": password, "code": code}).status_code

    def post(self, path: str, data: dict[str, Any] | None = None, files: Any = None) -> Response:
        sent = {**(data or {}), "_csrf_token": self.client.cookies["form"]}
        return self.client.post(path, data=sent, files=files, follow_redirects=False)

    def get(self, path: str) -> Response:
        return self.client.get(path, follow_redirects=False)

    def form_at(self, path: str) -> dict[str, str]:
        """What the main form of a page would send as it stands: boxes, areas and chosen options."""
        page = self.get(path)
        assert page.status_code == 200, page.text
        text = page.text[page.text.index("<main") :]
        sent = {
            name: value
            for name, value in re.findall(
                r'<input (?:id="[^"]*" )?(?:type="hidden" )?name="([^"]+)"(?: type="text")? value="([^"]*)"', text
            )
        }
        sent |= dict(re.findall(r'<textarea id="[^"]*" name="([^"]+)"[^>]*>([^<]*)</textarea>', text))
        for name, options in re.findall(r'<select id="[^"]*" name="([^"]+)">(.*?)</select>', text):
            sent[name] = re.findall(r'value="([^"]*)" selected', options)[0]
        return {name: html.unescape(value) for name, value in sent.items() if name != "_csrf_token"}
