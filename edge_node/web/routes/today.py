"""Today's work and the bar: the pages that refresh themselves."""

from __future__ import annotations

from litestar import Router, get
from litestar.response import Redirect, Template

from edge_node.web.office import Office
from sync_protocol.adapters.web.guard import ANYONE_SIGNED_IN

_ANYONE = {"roles": ANYONE_SIGNED_IN}
_LIVE = {"roles": ANYONE_SIGNED_IN, "live": True}


@get("/", opt=_ANYONE)
async def first() -> Redirect:
    """The first page is today's work."""
    return Redirect("/today", status_code=303)


@get("/today", opt=_ANYONE)
async def today(office: Office) -> Template:
    """Three numbers, then every dossier with its state, deadline and sync word."""
    return Template("today.html", context={"today": await office.read(office.today()), "bar": await office.read(office.bar())})


@get("/today/list", opt=_LIVE)
async def today_list(office: Office) -> Template:
    """The part of today's work that changes."""
    return Template("today_list.html", context={"today": await office.read(office.today())})


@get("/bar", opt=_LIVE)
async def bar(office: Office) -> Template:
    """The line at the top of every page."""
    return Template("bar.html", context={"bar": await office.read(office.bar())})


@get("/help", opt=_ANYONE)
async def keys(office: Office) -> Template:
    """The keys, and what the five words mean."""
    return Template("help.html", context={"bar": await office.read(office.bar())})


today_router = Router("/", route_handlers=[first, today, today_list, bar, keys])
