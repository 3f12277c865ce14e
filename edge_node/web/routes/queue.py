"""The queue: what waits, why, when it is tried again, and the buttons. Works offline and when empty."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.response import Redirect, Template

from edge_node.capture.jobs import retry_job
from edge_node.sync.queue import retry_file
from edge_node.web.address import blob_digest, job_id
from edge_node.web.office import Office
from edge_node.web.roles import ANYONE, ANYONE_LIVE


@get("/queue", opt=ANYONE)
async def queue(office: Office) -> Template:
    """The whole page."""
    return Template("queue.html", context={**await _context(office), "bar": await office.read(office.bar())})


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


async def _context(office: Office) -> dict[str, object]:
    waiting, jobs, stopped = await office.read(office.queue())
    return {"queue": waiting, "jobs": jobs, "stopped": stopped, "line": office.line(), "now_ms": office.node.desk.now_ms()}


queue_router = Router("/", route_handlers=[queue, queue_list, try_now, again_file, again_job])
