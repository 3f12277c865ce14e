"""`central-hub work`: one more process that answers the offices beside the serving hub; only over PostgreSQL."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import sys
from functools import partial
from typing import Annotated

import cyclopts
import structlog

from central_hub.app import Hub, utc_now
from central_hub.cli.opening import State, opening_for
from central_hub.cli.serve import GARBAGE_LOOKS, SLOW, TURN_S
from central_hub.folder import HubFolder
from sync_protocol.adapters.logs import configure_logs
from sync_protocol.adapters.service_notice import notify, slow_beginning, stay_alive
from sync_protocol.adapters.task_ending import end_task
from sync_protocol.adapters.terminal import say
from sync_protocol.subjects import REQUEST_VERBS, Verb

_log = structlog.get_logger(__name__)
# Chunks of one file must meet in one process, which knows how much of it is there.
RECORD_VERBS = tuple(verb for verb in REQUEST_VERBS if verb is not Verb.BLOB)


def work(
    *,
    state: State,
    server: Annotated[
        str, cyclopts.Parameter(help="Điểm kết nối; để trống: của trung tâm đang chạy trên máy này.")
    ] = "",
) -> None:
    """Chạy thêm một tiến trình trả lời các điểm, bên cạnh trung tâm đang chạy (chỉ khi dùng PostgreSQL)."""
    configure_logs(sys.stderr, lambda: utc_now().isoformat(timespec="milliseconds"), pretty=sys.stderr.isatty())
    folder = HubFolder(state)
    folder.require()
    with slow_beginning(os.environ, partial(say, SLOW)):
        hub = Hub(state, opening_for(folder), environment=os.environ, is_worker=True)
    gc.freeze()
    gc.set_threshold(GARBAGE_LOOKS)
    sys.setswitchinterval(TURN_S)
    asyncio.run(_work(hub, server or folder.read_running().server))


async def _work(hub: Hub, server: str) -> None:
    stopping = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(number, stopping.set)
    await hub.answer_at((server,), RECORD_VERBS)
    say(f"Đang trả lời các điểm tại {server}.")
    alive = asyncio.create_task(stay_alive(os.environ))
    notify(os.environ, "READY=1")
    await stopping.wait()
    _log.info("hub.worker.stopping")
    notify(os.environ, "STOPPING=1")
    await end_task(alive)
    await hub.stop()
