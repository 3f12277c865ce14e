"""An outside system over real HTTP: answers what a test tells it, remembers what it was asked, and can be absent, busy, locked or mad."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Outside:
    """What one outside system does. `status` other than 200 is answered to everything; `answers` are by path."""

    def __init__(self) -> None:
        self.status = 200
        self.answers: dict[str, Any] = {}
        self.raw: bytes | None = None
        self.refuses: str = ""
        self.asked: list[tuple[str, dict[str, Any], dict[str, str]]] = []
        self.address = ""

    def bodies(self, path: str) -> list[dict[str, Any]]:
        """What was asked at a path, in order."""
        return [body for asked, body, _ in self.asked if asked == path]

    def answer(self, path: str, body: dict[str, Any], headers: dict[str, str]) -> tuple[int, bytes]:
        self.asked.append((path, body, headers))
        if self.refuses and self.refuses in json.dumps(body, ensure_ascii=False):
            return 422, b"{}"
        if self.raw is not None:
            return self.status, self.raw
        return self.status, json.dumps(self.answers.get(path, {}), ensure_ascii=False).encode()


@contextmanager
def serving(outside: Outside) -> Iterator[Outside]:
    """The system on a free port of this machine, until the block ends."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers.get("content-length", 0))) or b"{}")
            status, content = outside.answer(
                self.path, body, {name.lower(): value for name, value in self.headers.items()}
            )
            self.send_response(status)
            self.send_header("content-length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    outside.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield outside
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
