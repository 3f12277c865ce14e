"""The queue: what waits, why, when it is tried again, and the buttons. Works offline and when empty."""

from __future__ import annotations

from typing import Any

from litestar import Request, Router, get, post
from litestar.datastructures import UploadFile
from litestar.response import Redirect, Stream, Template

from edge_node.capture.jobs import retry_job
from edge_node.sync.by_hand import read_stick, write_stick
from edge_node.sync.courier_answer import Imported
from edge_node.sync.hub_stick_key import key_of_hub
from edge_node.sync.queue import retry_file
from edge_node.sync.refusal import said_of, step_for
from edge_node.web.address import blob_digest, job_id
from edge_node.web.errors import NothingChosen
from edge_node.web.office import Office
from edge_node.web.roles import ANYONE, ANYONE_LIVE, CARRIERS, only
from sync_protocol.errors import Problem


@get("/queue", opt=ANYONE)
async def queue(office: Office) -> Template:
    """The whole page."""
    return Template(
        "queue.html", context={**await _context(office), "bar": await office.read(office.bar()), "problem": None}
    )


@get("/queue/list", opt=ANYONE_LIVE)
async def queue_list(office: Office) -> Template:
    """The part that changes."""
    return Template("queue_list.html", context=await _context(office))


@post("/queue/now", opt=ANYONE, status_code=303)
async def try_now(office: Office) -> Redirect:
    """*Thử ngay*."""
    office.live.try_now()
    return Redirect("/queue", status_code=303)


@post("/queue/file/{digest:str}", opt=ANYONE, status_code=303)
async def again_file(office: Office, digest: str) -> Redirect:
    """Try a refused file again."""
    wanted = blob_digest(digest)
    await office.do(lambda: retry_file(office.node.store, wanted))
    office.live.try_now()
    return Redirect("/queue", status_code=303)


@post("/queue/job/{job:str}", opt=ANYONE, status_code=303)
async def again_job(office: Office, job: str) -> Redirect:
    """Try a stopped capture job again."""
    wanted = job_id(job)
    await office.node.store.writer.run_async(lambda c: retry_job(c, wanted, office.node.desk.now_ms()))
    office.live.wake_capture()
    return Redirect("/queue", status_code=303)


@post("/queue/courier", opt=only(*CARRIERS), status_code=200)
async def export(office: Office) -> Stream:
    """The outbox as one file for a USB stick: the same batches, signed, sealed to the hub; nothing leaves the queue by it."""
    node = office.node
    made = await office.do(lambda: write_stick(node))
    headers = {"Content-Disposition": f'attachment; filename="lienthong-{node.identity.node}.courier"'}
    return Stream(made.pieces(), media_type="application/octet-stream", headers=headers)


@post("/queue/courier-answer", opt=only(*CARRIERS), status_code=200)
async def take_answer(office: Office, request: Request[Any, Any, Any]) -> Template:
    """The hub's answer from the USB stick: what came of it, and what the hub did not take, with the code and what to do."""
    form, node = await request.form(), office.node
    file = form.get("answer")
    try:
        if not isinstance(file, UploadFile) or not await file.read(1):
            raise NothingChosen(what="tệp trả lời", what_code="answer")
        await file.seek(0)
        taken = await read_stick(node, file.file)
    except Problem as problem:
        context = {**await _context(office), "bar": await office.read(office.bar()), "problem": problem}
        return Template("queue.html", context=context, status_code=problem.http_status)
    context = {**await _context(office), "bar": await office.read(office.bar()), "problem": None}
    return Template("queue.html", context={**context, "taken": taken, "untaken": _untaken(taken)})


def _untaken(taken: Imported) -> list[tuple[str, int, str, str]]:
    """What the hub refused: code, how often, what it means, what to do."""
    return [(code, count, said_of(code), step_for(code)) for code, count in sorted(taken.refused.items())]


async def _context(office: Office) -> dict[str, object]:
    waiting, jobs, stopped = await office.read(office.queue())
    return {
        "queue": waiting,
        "jobs": jobs,
        "stopped": stopped,
        "line": office.line(),
        "now_ms": office.node.desk.now_ms(),
        "taken": None,
        "seals": bool(await office.read(lambda c: key_of_hub(c, office.node.identity.hub_stick_key))),
    }


queue_router = Router("/", route_handlers=[queue, queue_list, try_now, again_file, again_job, export, take_answer])
