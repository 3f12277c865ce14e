"""Today's work and the bar: the pages that refresh themselves."""

from __future__ import annotations

from typing import Any, get_args

from litestar import Request, Router, get
from litestar.datastructures import State
from litestar.response import Redirect, Template

from edge_node.store.paper_lists import place_of
from edge_node.web.office import Office
from edge_node.web.pictures import sayer, today_charts
from edge_node.web.roles import ANYONE, ANYONE_LIVE, COUNTER, STAFF, STAFF_LIVE, STAFF_PAGE
from edge_node.web.today_list import Shown
from sync_protocol.adapters.web.guard import Visitor


@get("/", opt=ANYONE)
async def first(visitor: Visitor) -> Redirect:
    """Where this visitor's work begins."""
    if visitor.may(*STAFF):
        return Redirect("/today", status_code=303)
    return Redirect("/intake" if visitor.may(*COUNTER) else "/queue", status_code=303)


@get("/today", opt=STAFF_PAGE)
async def today(request: Request[Any, Any, Any], office: Office, state: State, show: str = "work", before: str = "") -> Template:
    """A few numbers, then the dossiers behind the chosen one with its state, deadline and sync word, then the day in pictures."""
    charts = await today_charts(office, sayer(request, state))
    context = {
        "today": await office.read(office.today(_shown(show), place_of(before))),
        "before": before and str(place_of(before)),
        "bar": await office.read(office.bar()),
        "charts": charts,
    }
    return Template("today.html", context=context)


@get("/today/pictures", opt=STAFF_LIVE)
async def today_pictures(request: Request[Any, Any, Any], office: Office, state: State) -> Template:
    """The pictures, which change as well."""
    return Template("today_pictures.html", context={"charts": await today_charts(office, sayer(request, state))})


@get("/today/list", opt=STAFF_LIVE)
async def today_list(office: Office, show: str = "work", before: str = "") -> Template:
    """The part of today's work that changes."""
    context = {
        "today": await office.read(office.today(_shown(show), place_of(before))), "bar": await office.read(office.bar()), "before": before,
    }  # fmt: skip
    return Template("today_list.html", context=context)


def _shown(asked: str) -> Shown:
    return next((one for one in get_args(Shown) if one == asked), "work")


@get("/bar", opt=ANYONE_LIVE)
async def bar(office: Office) -> Template:
    """The line at the top of every page."""
    return Template("bar.html", context={"bar": await office.read(office.bar())})


@get("/help", opt=ANYONE)
async def keys(office: Office) -> Template:
    """The keys, and what the five words mean."""
    return Template("help.html", context={"bar": await office.read(office.bar())})


today_router = Router("/", route_handlers=[first, today, today_list, today_pictures, bar, keys])
