"""`central-hub serve`: the message server, the answers to nodes, the pages; until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Final

import structlog

from central_hub.app import Hub, utc_now
from central_hub.cli.opening import State, open_hub
from central_hub.enrolment.feed_filling import keep_feed
from central_hub.figures.counting import keep_counting
from central_hub.folder import Running
from central_hub.gateways.keeping import keep_gateways
from central_hub.lookup.keeping import keep_own_head
from central_hub.operations.alarm_keeping import keep_alarms
from central_hub.operations.keeping import (
    RETRY_S,
    keep_backups,
    keep_erased,
    keep_existence,
    keep_files,
    keep_mark,
    keep_snapshots,
    keep_totals,
    keep_unnamed,
)
from central_hub.operations.watching import keep_presence
from central_hub.operations.web_tls import web_tls
from central_hub.seals.opening import start_examination
from sync_protocol.adapters.disk import hold_reserve
from sync_protocol.adapters.enduring_part import keep_on
from sync_protocol.adapters.logs import configure_logs
from sync_protocol.adapters.service_notice import notify, slow_beginning, stay_alive
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.adapters.terminal import say
from sync_protocol.adapters.web.listening import listen_at

_log = structlog.get_logger(__name__)
GARBAGE_LOOKS = 20_000  # new objects between two looks for unreachable circles
# How long a busy thread keeps the interpreter from one that waits. Python's 5 ms hold up a writer, and with it every other worker, after
# each of its statements (decision 0011); over SQLite beside the thread that proves the next batch (0010).
TURN_S = 0.000_5
PRESENCE_REST_S: Final = 5.0
SLOW: Final = "Đang mở kho dữ liệu. Lần đầu sau khi nâng cấp, kho lớn cần nhiều phút: cứ để chương trình chạy."
EXIT_SOFTWARE: Final = 70  # sysexits.h; systemd begins anew
# What runs beside the answers, and how long each rests after a failure that it did not foresee.
PARTS: Final[tuple[tuple[str, Callable[[Hub], Awaitable[None]], float], ...]] = (
    ("mark", keep_mark, 5),
    ("erased files", keep_erased, 60),
    ("snapshots", keep_snapshots, RETRY_S),
    ("existence", keep_existence, RETRY_S),
    ("backups", keep_backups, RETRY_S),
    ("files", keep_files, RETRY_S),
    ("unnamed files", keep_unnamed, RETRY_S),
    ("feed", keep_feed, 30),
    ("figures", keep_counting, 30),
    ("audit head", keep_own_head, 60),
    ("totals", keep_totals, 60),
    ("alarms", keep_alarms, 15),
    ("gateways", keep_gateways, 30),
)


def serve(*, state: State) -> None:
    """Chạy trung tâm."""
    configure_logs(sys.stderr, lambda: utc_now().isoformat(timespec="milliseconds"), pretty=sys.stderr.isatty())
    with slow_beginning(os.environ, partial(say, SLOW)):
        hub = open_hub(state)
    listener = listen_at(hub.settings.web.host, hub.settings.web.port)
    hold_reserve(state)
    gc.freeze()  # the program itself never becomes garbage: looking through it again and again cost 8 % of every push
    gc.set_threshold(GARBAGE_LOOKS)
    sys.setswitchinterval(TURN_S)
    asyncio.run(_serve(hub, listener))


async def _serve(hub: Hub, listener: socket.socket) -> None:
    import uvicorn

    from central_hub.web.app import make_web

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    server = await hub.serve_bus()
    web = hub.settings.web
    tls = web_tls(hub)
    pages = uvicorn.Server(
        uvicorn.Config(
            make_web(hub, is_tls=tls is not None),
            log_config=None,
            lifespan="on",
            ssl_certfile=tls and tls.certificate,
            ssl_keyfile=tls and tls.key,
        )  # fmt: skip
    )
    address = f"{'https' if tls else 'http'}://{web.host}:{web.port}"
    pages.install_signal_handlers = lambda: None  # type: ignore[attr-defined]  # the hub decides when it stops
    serving = asyncio.create_task(_serve_pages(pages, listener))
    hub.folder.write_running(Running(os.getpid(), server, address))
    say(f"Trung tâm đang chạy. Trang: {address} · Điểm kết nối: {server}")
    beside = [*begin_parts(hub, server), start_examination(hub), asyncio.create_task(stay_alive(os.environ))]
    notify(os.environ, "READY=1")
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({stop, serving}, return_when=asyncio.FIRST_COMPLETED)
    has_pages = not serving.done()
    if has_pages:
        _log.info("hub.stopping")
    else:
        _log.error("hub.pages.ended", exc_info=serving.exception())
    notify(os.environ, "STOPPING=1")
    for task in (*beside, stop):
        await end_task(task)
    pages.should_exit = True
    await asyncio.wait({serving}, timeout=5)
    await end_task(serving)
    hub.folder.running.unlink(missing_ok=True)
    await hub.stop()
    if not has_pages:  # a hub without pages is started anew, not left standing
        raise SystemExit(EXIT_SOFTWARE)


def begin_parts(hub: Hub, server: str) -> list[asyncio.Task[None]]:
    """Everything that a serving hub does for itself; none of it ends before it is cancelled, whatever a disk or a peer does."""

    def begun(name: str, work: Callable[[], Awaitable[None]], rest_s: float) -> asyncio.Task[None]:
        return asyncio.create_task(keep_on(name, work, again_s=rest_s), name=name)

    presence = begun("presence", partial(keep_presence, hub, server), PRESENCE_REST_S)
    return [presence, *(begun(name, partial(work, hub), rest_s) for name, work, rest_s in PARTS)]


async def _serve_pages(pages: object, listener: socket.socket) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await pages._serve([listener])  # type: ignore[attr-defined]  # `serve` would take the process's signals
