"""`edge-node serve`: pages, sync, and the reading of handed-in paper; until it is told to stop. Works without a line."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import secrets
import signal
import socket
import sys
from functools import partial

import msgspec
import structlog

from edge_node.app import Node, utc_now
from edge_node.capture.jobs import waiting_jobs
from edge_node.capture.service import work_off
from edge_node.capture.tending import tend
from edge_node.capture.watching import watch_on
from edge_node.cli.opening import State, open_node
from edge_node.errors import KeyNotOpen
from edge_node.first_run import is_fresh
from edge_node.operations.scrubbing import keep_files
from edge_node.people.passwords import open_passwords
from edge_node.store.node_store import write_state
from edge_node.sync.service import Synchroniser
from sync_protocol.adapters.disk import hold_reserve
from sync_protocol.adapters.enduring_part import keep_on
from sync_protocol.adapters.logs import configure_logs
from sync_protocol.adapters.service_notice import notify, slow_beginning, stay_alive
from sync_protocol.adapters.terminal import say
from sync_protocol.adapters.web.listening import listen_at
from sync_protocol.errors import Problem

_log = structlog.get_logger(__name__)
LOOK_S = 0.5
SLOW = "Đang mở kho dữ liệu. Lần đầu sau khi nâng cấp, kho lớn cần nhiều phút: cứ để chương trình chạy."


def serve(*, state: State) -> None:
    """Chạy điểm: trang làm việc, đồng bộ nền, xử lý lượt quét đã cất."""
    with slow_beginning(os.environ, partial(say, SLOW)):
        node = open_node(state)
    listener = listen_at(node.settings.web.host, node.settings.web.port)
    hold_reserve(state)
    configure_logs(sys.stderr, lambda: utc_now().isoformat(timespec="milliseconds"), pretty=sys.stderr.isatty())
    gc.freeze()  # the program itself never becomes garbage
    asyncio.run(_serve(node, listener))


async def _serve(node: Node, listener: socket.socket) -> None:
    import uvicorn

    from edge_node.web.app import make_web
    from edge_node.web.live import LiveState

    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    await asyncio.to_thread(node.lane.check)
    bus = node.bus()
    sync = Synchroniser(node, bus)
    live = LiveState(sync.driver, sync.transfers)
    web = node.settings.web
    pages = uvicorn.Server(
        uvicorn.Config(
            make_web(node, live, first_run_code=_first_run_code(node)),
            log_config=None,
            access_log=False,
            lifespan="on",
        )
    )
    parts = [
        asyncio.create_task(_quietly(pages._serve([listener])), name="pages"),
        asyncio.create_task(sync.run(), name="sync"),
        asyncio.create_task(keep_on("reading", partial(_work, node)), name="reading"),
        asyncio.create_task(keep_on("files", partial(keep_files, node)), name="files"),
        asyncio.create_task(keep_on("tray", partial(tend, node.desk, stopping)), name="tray"),
    ]
    if node.settings.capture.watch_folder is not None:
        folder = node.folder.root / node.settings.capture.watch_folder
        watching = partial(watch_on, node.desk, folder, live.folder, stopping)
        parts.append(asyncio.create_task(keep_on("scanner folder", watching), name="scanner folder"))
    await bus.connect()
    node.folder.lock.write_text(str(os.getpid()), encoding="ascii")
    say(f"Điểm {node.identity.node} đang chạy. Trang: http://{web.host}:{web.port}")
    alive = asyncio.create_task(stay_alive(os.environ))
    notify(os.environ, "READY=1")
    stop = asyncio.create_task(stopping.wait())
    ended, _ = await asyncio.wait({stop, *parts}, return_when=asyncio.FIRST_COMPLETED)
    pages.should_exit = True
    with contextlib.suppress(TimeoutError):
        await asyncio.wait_for(asyncio.shield(parts[0]), 3)
    notify(os.environ, "STOPPING=1")
    for task in (*parts, stop, alive):
        task.cancel()
    await asyncio.gather(*parts, return_exceptions=True)
    await bus.close()
    node.folder.lock.unlink(missing_ok=True)
    await asyncio.to_thread(node.close)
    for task in ended:
        if task is not stop and not task.cancelled() and (error := task.exception()) is not None:
            raise error


def _first_run_code(node: Node) -> str:
    """The code of this start that opens the wizard of a fresh office, told on the console; "" once somebody can sign in."""
    if not is_fresh(node, open_passwords(node.folder.root)):
        return ""
    code = secrets.token_hex(4)
    web = node.settings.web
    say(f"Điểm chưa có người dùng. Mở http://{web.host}:{web.port}/first-run và nhập mã khởi tạo: [bold]{code}[/]")
    return code


async def _quietly(work: object) -> None:
    with contextlib.suppress(asyncio.CancelledError):
        await work  # type: ignore[misc]


async def _work(node: Node) -> None:
    """Read and sign what was handed in, whenever its officer's key is open; a paper that cannot go on never holds up the next."""
    while True:
        if await asyncio.to_thread(work_off_ready, node):
            stages = {name: sum(values) for name, values in node.desk.stage_seconds.items()}
            await node.store.writer.run_async(lambda c: write_state(c, "stage_seconds", msgspec.json.encode(stages)))  # noqa: B023
        await asyncio.sleep(LOOK_S)


def work_off_ready(node: Node) -> bool:
    """Do the waiting jobs of officers whose keys are open; whether there were any. The jobs of the others wait for their keys."""
    waiting = {job.task.officer for job in node.store.readers.run(waiting_jobs)}
    ready = {officer for officer in waiting if _can_sign(node, officer)}
    if ready:
        work_off(node.desk, node.key_of, may=ready.__contains__)
    return bool(ready)


def _can_sign(node: Node, account: str) -> bool:
    try:
        node.key_of(account)
    except KeyNotOpen:
        return False
    except Problem:  # a key file that does not open: said of that officer's paper, and in the way of nobody else's
        return True
    return True
