"""Time stamp authority: RFC 3161 answers from `openssl ts`, for the demonstration and for tests.

One process per token (about 10 ms) and a lock around the serial number. Production asks a licensed authority.
"""

from __future__ import annotations

import subprocess
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from deploy.demo.authority import Authority

_LARGEST_QUERY = 64 * 1024
_CONFIGURATION = """
[ tsa ]
default_tsa = demo
[ demo ]
serial = {directory}/tsa.serial
signer_cert = {directory}/tsa.pem
certs = {directory}/issuing.pem
signer_key = {directory}/tsa.key.pem
signer_digest = sha256
default_policy = 1.3.6.1.4.1.99999.1
digests = sha256, sha384, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


class TimestampAuthority:
    """Answers time stamp queries with the clock of this machine."""

    def __init__(self, authority: Authority) -> None:
        self._directory = authority.directory
        self._one_at_a_time = threading.Lock()
        self._configuration = authority.directory / "tsa.cnf"
        self._configuration.write_text(_CONFIGURATION.format(directory=authority.directory))
        serial = Path(authority.directory, "tsa.serial")
        if not serial.exists():
            serial.write_text("01\n")

    def answer(self, query: bytes) -> bytes:
        """Return the DER answer to a DER query."""
        command = ["openssl", "ts", "-reply", "-config", str(self._configuration), "-queryfile", "/dev/stdin"]
        with self._one_at_a_time:
            done = subprocess.run(command, input=query, capture_output=True, check=True)
        return done.stdout

    def server(self, port: int = 0) -> ThreadingHTTPServer:
        """Return an HTTP server on the loopback address; the caller runs and closes it."""
        answer = self.answer

        class Desk(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("Content-Length", "0"))
                if not 0 < length <= _LARGEST_QUERY:
                    self.send_error(413)
                    return
                reply = answer(self.rfile.read(length))
                self.send_response(200)
                self.send_header("Content-Type", "application/timestamp-reply")
                self.send_header("Content-Length", str(len(reply)))
                self.end_headers()
                self.wfile.write(reply)

            def log_message(self, format: str, *args: object) -> None:
                """Stay silent: a demonstration prints no access log."""

        return ThreadingHTTPServer(("127.0.0.1", port), Desk)
