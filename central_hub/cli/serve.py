"""`central-hub serve`: the message server, the answers to nodes, the pages; until it is told to stop."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import signal
import socket
import sys

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
    keep_backups,
    keep_erased,
    keep_existence,
    keep_files,
    keep_mark,
    keep_snapshots,
    keep_totals,
)
from central_hub.operations.watching import keep_presence
from central_hub.operations.web_tls import web_tls
from central_hub.seals.opening import start_examination
from central_hub.store.hub_store import Postgres
from sync_protocol.adapters.disk import hold_reserve
from sync_protocol.adapters.logs import configure_logs
from sync_protocol.adapters.service_notice import notify, stay_alive
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.adapters.terminal import say
from sync_protocol.adapters.web.listening import listen_at

_log = structlog.get_logger(__name__)
GARBAGE_LOOKS = 20_000  # new objects between two looks for unreachable circles
# How long a busy thread keeps the interpreter from one that waits. Python's 5 ms hold up a writer, and with it every other worker, after
# each of its statements (decision 0011). SQLite's statements are shorter than a turn: nothing was gained there.
TURN_S = 0.000_5


def serve(*, state: State) -> None:
    """Chạy trung tâm."""
    configure_logs(sys.stderr, lambda: utc_now().isoformat(timespec="milliseconds"), pretty=sys.stderr.isatty())
    hub = open_hub(state)
    listener = listen_at(hub.settings.web.host, hub.settings.web.port)
    hold_reserve(state)
    gc.freeze()  # the program itself never becomes garbage: looking through it again and again cost 8 % of every push
    gc.set_threshold(GARBAGE_LOOKS)
    if isinstance(hub.store.engine, Postgres):
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
    examining = start_examination(hub)
    beside = [
        asyncio.create_task(work)
        for work in (
            keep_mark(hub),
            keep_erased(hub),
            keep_snapshots(hub),
            keep_existence(hub),
            keep_backups(hub),
            keep_files(hub),
            keep_feed(hub),
            keep_counting(hub),
            keep_own_head(hub),
            keep_totals(hub),
            keep_presence(hub, server),
            keep_alarms(hub),
            keep_gateways(hub),
            stay_alive(os.environ),
        )
    ]
    notify(os.environ, "READY=1")
    await stopping.wait()
    _log.info("hub.stopping")
    notify(os.environ, "STOPPING=1")
    for task in (*beside, examining):
        await end_task(task)
    pages.should_exit = True
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(serving, 5)
    hub.folder.running.unlink(missing_ok=True)
    await hub.stop()


async def _serve_pages(pages: object, listener: socket.socket) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await pages._serve([listener])  # type: ignore[attr-defined]  # `serve` would take the process's signals
