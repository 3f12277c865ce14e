"""Asking an outside system over HTTP: JSON in the body, a token from a file, short limits, and four ways to fail.

No personal data stands in an address, a header or a log line; redirects are not followed, proxies of the environment are not used.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import httpx
import msgspec

from central_hub.gateways.errors import GatewayAway, GatewayLocked, GatewayRefused, GatewayUnreadable

TIMEOUT_S: Final = 10.0
ANSWER_BYTES_MAX: Final = 4 * 1024 * 1024
_LOCKED = (401, 403)
_LATER = (408, 425, 429)


class Client:
    """One outside system. `name` is what people call it."""

    def __init__(self, name: str, address: str, token_file: Path | None, *, timeout_s: float = TIMEOUT_S) -> None:
        self.name = name
        self._address = address.rstrip("/")
        self._token_file = token_file
        self._timeout = httpx.Timeout(timeout_s)

    async def ask(self, path: str, content: Any, *, number: str = "") -> Any:
        """Send one question and read its answer. The same `number` again means the same question again.

        Raises:
            GatewayAway: no answer, or "later". GatewayLocked: our key is not taken. GatewayRefused: this letter is not taken.
            GatewayUnreadable: no JSON, or too much of it.
        """
        headers = {"content-type": "application/json", **self._key()} | ({"idempotency-key": number} if number else {})
        try:
            async with (
                httpx.AsyncClient(timeout=self._timeout, trust_env=False, follow_redirects=False) as web,
                web.stream(
                    "POST", self._address + path, content=msgspec.json.encode(content), headers=headers
                ) as answer,
            ):
                return await self._read(answer)
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
            raise GatewayAway(gateway=self.name, what=type(error).__name__) from error

    def _key(self) -> dict[str, str]:
        if self._token_file is None:
            return {}
        try:
            return {"authorization": f"Bearer {self._token_file.read_text('ascii').strip()}"}
        except (OSError, UnicodeDecodeError) as error:
            raise GatewayLocked(gateway=self.name, status="token file unreadable") from error

    async def _read(self, answer: httpx.Response) -> Any:
        status = answer.status_code
        if status in _LOCKED:
            raise GatewayLocked(gateway=self.name, status=status)
        if status >= 500 or status in _LATER or 300 <= status < 400:
            raise GatewayAway(gateway=self.name, what=str(status))
        if status >= 400:
            raise GatewayRefused(gateway=self.name, status=status)
        content = b""
        async for part in answer.aiter_bytes():
            content += part
            if len(content) > ANSWER_BYTES_MAX:
                raise GatewayUnreadable(gateway=self.name, what="too long")
        try:
            return msgspec.json.decode(content) if content else {}
        except (msgspec.MsgspecError, RecursionError) as error:
            raise GatewayUnreadable(gateway=self.name, what="no JSON") from error
