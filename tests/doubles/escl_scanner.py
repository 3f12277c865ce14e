"""A network scanner that is not there: an eSCL device as a small web application on the loopback.

It stands in for hardware only. Its misbehaviours are those seen in the wild: busy, slow between pages, a jam in the
middle, a connection that breaks inside a page, and a Location header with a foreign host.
"""

from __future__ import annotations

import contextlib
import secrets
import socket
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import uvicorn
from litestar import Litestar, Request, Response, delete, get, post
from litestar.response import Stream

CAPABILITIES = b"""<?xml version="1.0" encoding="UTF-8"?>
<scan:ScannerCapabilities xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"
 xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm">
<pwg:Version>2.63</pwg:Version><pwg:MakeAndModel>Double 1</pwg:MakeAndModel>
<scan:Platen><scan:PlatenInputCaps><scan:MaxWidth>2550</scan:MaxWidth><scan:MaxHeight>3508</scan:MaxHeight>
<scan:SettingProfiles><scan:SettingProfile><scan:ColorModes><scan:ColorMode>RGB24</scan:ColorMode>
<scan:ColorMode>Grayscale8</scan:ColorMode></scan:ColorModes><scan:DocumentFormats>
<pwg:DocumentFormat>image/jpeg</pwg:DocumentFormat><pwg:DocumentFormat>application/pdf</pwg:DocumentFormat>
</scan:DocumentFormats><scan:SupportedResolutions><scan:DiscreteResolutions>
<scan:DiscreteResolution><scan:XResolution>200</scan:XResolution><scan:YResolution>200</scan:YResolution></scan:DiscreteResolution>
<scan:DiscreteResolution><scan:XResolution>600</scan:XResolution><scan:YResolution>600</scan:YResolution></scan:DiscreteResolution>
</scan:DiscreteResolutions></scan:SupportedResolutions></scan:SettingProfile></scan:SettingProfiles>
</scan:PlatenInputCaps></scan:Platen>
<scan:Adf><scan:AdfSimplexInputCaps/><scan:AdfDuplexInputCaps/></scan:Adf></scan:ScannerCapabilities>"""

STATUS = b"""<?xml version="1.0"?><scan:ScannerStatus xmlns:scan="http://schemas.hp.com/imaging/escl/2011/05/03"
 xmlns:pwg="http://www.pwg.org/schemas/2010/12/sm"><pwg:State>Idle</pwg:State>
<scan:AdfState>%s</scan:AdfState></scan:ScannerStatus>"""


@dataclass
class ScannerDouble:
    """What the device holds and how it misbehaves; afterwards, what it was asked."""

    sheets: list[bytes]
    is_busy: bool = False
    not_ready_answers: int = 0
    jams_after: int | None = None
    breaks_inside: int | None = None
    capabilities: bytes = CAPABILITIES
    feeder_state: bytes = b"ScannerAdfLoaded"
    settings: list[bytes] = field(default_factory=list)
    closed_jobs: int = 0
    given: int = 0

    def application(self) -> Litestar:
        """The device's web interface."""

        @get("/eSCL/ScannerCapabilities")
        async def capabilities() -> Response[bytes]:
            return Response(self.capabilities, media_type="text/xml")

        @get("/eSCL/ScannerStatus")
        async def status() -> Response[bytes]:
            return Response(STATUS % self.feeder_state, media_type="text/xml")

        @post("/eSCL/ScanJobs")
        async def start(request: Request[Any, Any, Any]) -> Response[bytes]:
            if self.is_busy:
                return Response(b"", status_code=503)
            self.settings.append(await request.body())
            self.given = 0
            return Response(b"", status_code=201, headers={"Location": "http://203.0.113.7/eSCL/ScanJobs/7"})

        @get("/eSCL/ScanJobs/7/NextDocument")
        async def next_document() -> Response[bytes] | Stream:
            if self.not_ready_answers > 0:
                self.not_ready_answers -= 1
                return Response(b"", status_code=503)
            if self.given == self.jams_after:
                return Response(b"", status_code=500)
            if self.given >= len(self.sheets):
                return Response(b"", status_code=404)
            sheet = self.sheets[self.given]
            self.given += 1
            if self.given - 1 == self.breaks_inside:
                return Stream(_half_of(sheet), headers={"Content-Length": str(len(sheet))})
            return Response(sheet, media_type="image/jpeg")

        @delete("/eSCL/ScanJobs/7", status_code=200)
        async def close() -> None:
            self.closed_jobs += 1

        return Litestar([capabilities, status, start, next_document, close], openapi_config=None)


async def _half_of(sheet: bytes) -> AsyncIterator[bytes]:
    yield sheet[: len(sheet) // 2]
    raise ConnectionAbortedError


@contextlib.contextmanager
def running(double: ScannerDouble) -> Iterator[str]:
    """Serve the double on a free loopback port and give its base address."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        config = uvicorn.Config(double.application(), log_level="critical", lifespan="off")
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}/eSCL"
        finally:
            server.should_exit = True
            thread.join(10)


@contextlib.contextmanager
def announced(address: str, instance: str, text: dict[str, str | bytes], host: str = "127.0.0.1") -> Iterator[None]:
    """Announce a device by real mDNS on the loopback, as scanners do on the office network; `address` is its eSCL address."""
    from zeroconf import IPVersion, ServiceInfo, Zeroconf

    port = urlsplit(address).port or 80
    server = f"double-{secrets.token_hex(4)}.local."
    info = ServiceInfo(
        "_uscan._tcp.local.",
        f"{instance}._uscan._tcp.local.",
        addresses=[socket.inet_aton(host)],
        port=port,
        properties=text,
        server=server,
    )
    speaker = Zeroconf(interfaces=["127.0.0.1"], ip_version=IPVersion.V4Only)
    try:
        speaker.register_service(info, cooperating_responders=True)
        yield
    finally:
        speaker.close()
