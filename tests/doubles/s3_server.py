"""A small S3 over real HTTP: buckets in memory, every request's AWS Signature V4 checked, so that a wrong key or a changed request is refused.

What a hub's file store uses of S3: PUT, GET with ranges, HEAD, DELETE, DeleteObjects, copy, ListObjectsV2 and uploads in parts. `fail_next` answers that many requests
with 503, as a busy store does; `is_down` drops every connection without an answer.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import hmac
import re
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlsplit
from xml.sax.saxutils import escape, unescape

KEY_ID, SECRET, BUCKET = "AKTEST", "a secret of the test", "files"


class S3Double:
    """The state behind the handler."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.times: dict[str, dt.datetime] = {}
        self.parts: dict[str, dict[int, bytes]] = {}
        self.requests: list[str] = []
        self.refused = 0
        self.fail_next = 0
        self.is_down = False
        self.endpoint = ""

    def store(self, key: str, content: bytes) -> None:
        """One object appears, whole."""
        self.objects[key], self.times[key] = content, dt.datetime.now(dt.UTC)


@contextlib.contextmanager
def s3_server() -> Iterator[S3Double]:
    """Serve until the block ends."""
    double = S3Double()
    handler = type("Handler", (_Handler,), {"double": double})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    double.endpoint = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield double
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class _Handler(BaseHTTPRequestHandler):
    double: S3Double
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: Any) -> None:
        """Silent."""

    def do_GET(self) -> None:
        self._answer()

    do_PUT = do_HEAD = do_DELETE = do_POST = do_GET

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        double = self.double
        double.requests.append(self.command)
        if double.is_down:
            self.close_connection = True
            return
        if double.fail_next:
            double.fail_next -= 1
            self._say(503, _error("SlowDown"))
            return
        path, query = (
            unquote(urlsplit(self.path).path),
            dict(parse_qsl(urlsplit(self.path).query, keep_blank_values=True)),
        )
        if not self._is_signed(body):
            double.refused += 1
            self._say(403, _error("SignatureDoesNotMatch"))
            return
        bucket, _, key = path.lstrip("/").partition("/")
        if bucket != BUCKET:
            self._say(404, _error("NoSuchBucket"))
        elif not key:
            self._delete_many(body) if "delete" in query else self._list(query)
        else:
            getattr(self, f"_{self.command.lower()}")(key, query, body)

    def _is_signed(self, body: bytes) -> bool:
        """AWS Signature Version 4, worked out anew from what arrived."""
        said = dict(
            part.strip().split("=", 1)
            for part in self.headers.get("Authorization", " ").partition(" ")[2].split(",")
            if "=" in part
        )
        if not {"Credential", "SignedHeaders", "Signature"} <= said.keys():
            return False
        who, day, region, service, end = said["Credential"].split("/")
        payload = self.headers.get("x-amz-content-sha256", "")
        if who != KEY_ID or payload not in ("UNSIGNED-PAYLOAD", hashlib.sha256(body).hexdigest()):
            return False
        parts = urlsplit(self.path)
        pairs = sorted(
            (quote(k, safe="-_.~"), quote(v, safe="-_.~")) for k, v in parse_qsl(parts.query, keep_blank_values=True)
        )
        names = said["SignedHeaders"].split(";")
        heads = "".join(f"{name}:{' '.join(str(self.headers.get(name, '')).split())}\n" for name in names)
        request = "\n".join(
            (
                self.command,
                quote(unquote(parts.path), safe="/-_.~"),
                "&".join(f"{k}={v}" for k, v in pairs),
                heads,
                ";".join(names),
                payload,
            )
        )
        scope = f"{day}/{region}/{service}/{end}"
        text = "\n".join(
            ("AWS4-HMAC-SHA256", self.headers["x-amz-date"], scope, hashlib.sha256(request.encode()).hexdigest())
        )
        key = f"AWS4{SECRET}".encode()
        for part in (day, region, service, end):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        return hmac.compare_digest(hmac.new(key, text.encode(), hashlib.sha256).hexdigest(), said["Signature"])

    def _put(self, key: str, query: dict[str, str], body: bytes) -> None:
        source = self.headers.get("x-amz-copy-source")
        if "uploadId" in query:
            self.double.parts[query["uploadId"]][int(query["partNumber"])] = body
            self._say(200, b"", ETag=_tag(body))
        elif source is not None:
            held = self.double.objects.get(unquote(source).lstrip("/").partition("/")[2])
            if held is None:
                self._say(404, _error("NoSuchKey"))
                return
            self.double.store(key, held)
            self._say(200, f"<CopyObjectResult><ETag>{escape(_tag(held))}</ETag></CopyObjectResult>".encode())
        else:
            self.double.store(key, body)
            self._say(200, b"", ETag=_tag(body))

    def _get(self, key: str, query: dict[str, str], body: bytes) -> None:
        held = self.double.objects.get(key)
        if held is None:
            self._say(404, _error("NoSuchKey"))
            return
        span, whole = self.headers.get("Range"), len(held)
        about = {"ETag": _tag(held), "Last-Modified": self.double.times[key].strftime("%a, %d %b %Y %H:%M:%S GMT")}
        if span is None:
            self._say(200, held, **about)
            return
        first, _, last = span.removeprefix("bytes=").partition("-")
        start, end = int(first), min(int(last) if last else whole - 1, whole - 1)
        if start >= whole:
            self._say(416, _error("InvalidRange"))
            return
        about["Content-Range"] = f"bytes {start}-{end}/{whole}"
        self._say(206, held[start : end + 1], **about)

    _head = _get

    def _delete(self, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploadId" in query:
            self.double.parts.pop(query["uploadId"], None)
        else:
            self.double.objects.pop(key, None)
        self._say(204, b"")

    def _post(self, key: str, query: dict[str, str], body: bytes) -> None:
        if "uploads" in query:
            name = f"upload-{len(self.double.parts)}"
            self.double.parts[name] = {}
            self._say(
                200,
                f"<InitiateMultipartUploadResult><UploadId>{name}</UploadId></InitiateMultipartUploadResult>".encode(),
            )
            return
        parts = self.double.parts.pop(query["uploadId"])
        self.double.store(key, b"".join(parts[number] for number in sorted(parts)))
        tag = escape(_tag(self.double.objects[key]))
        self._say(200, f"<CompleteMultipartUploadResult><ETag>{tag}</ETag></CompleteMultipartUploadResult>".encode())

    def _delete_many(self, body: bytes) -> None:
        keys = [unescape(one) for one in re.findall(r"<Key>(.*?)</Key>", body.decode())]
        for key in keys:
            self.double.objects.pop(key, None)
        rows = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._say(200, f"<DeleteResult>{rows}</DeleteResult>".encode())

    def _list(self, query: dict[str, str]) -> None:
        after = query.get("continuation-token") or query.get("start-after", "")
        names = sorted(one for one in self.double.objects if one.startswith(query.get("prefix", "")) and one > after)
        page, more = names[:100], len(names) > 100  # short pages, so that their turning is tried
        rows = "".join(
            f"<Contents><Key>{escape(one)}</Key><LastModified>{self.double.times[one]:%Y-%m-%dT%H:%M:%S.000Z}</LastModified>"
            f"<ETag>{escape(_tag(self.double.objects[one]))}</ETag><Size>{len(self.double.objects[one])}</Size></Contents>"
            for one in page
        )
        following = f"<NextContinuationToken>{escape(page[-1])}</NextContinuationToken>" if more else ""
        self._say(
            200,
            f"<ListBucketResult><IsTruncated>{str(more).lower()}</IsTruncated>{following}{rows}</ListBucketResult>".encode(),
        )

    def _say(self, status: int, body: bytes, **heads: str) -> None:
        self.send_response(status)
        for name, value in heads.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _tag(content: bytes) -> str:
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def _error(code: str) -> bytes:
    return f"<Error><Code>{code}</Code><Message>{code}</Message></Error>".encode()
