"""Applications handed in online: the list of this office, and the intake form filled with one of them."""

from __future__ import annotations

from litestar import Router, get, post
from litestar.response import Redirect, Template

from edge_node.intake.applications import waiting_applications
from edge_node.web.drafts import Draft
from edge_node.web.intake_form import typed_from_application
from edge_node.web.office import Office
from edge_node.web.roles import only
from sync_protocol.adapters.web.errors import PageUnknown
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.calendar import vietnam_date
from sync_protocol.ids import RecordId

_PAGE = only("intake")


@get("/applications", opt=_PAGE)
async def applications(office: Office) -> Template:
    """What waits to be looked at, the oldest first."""
    found = await office.read(lambda c: waiting_applications(c, office.node.desk.office))
    catalogue, day = office.catalogue(), vietnam_date(office.node.now())
    named = {one.code: one.name for one in catalogue.procedures_on(day)} if catalogue else {}
    return Template(
        "applications.html", context={"found": found, "procedures": named, "bar": await office.read(office.bar())}
    )


@post("/applications/{rid:str}/begin", opt=_PAGE, status_code=303)
async def begin(office: Office, visitor: Visitor, rid: str) -> Redirect:
    """Open the intake form with what was filled in; nothing is answered yet. Raises PageUnknown."""
    found = await office.read(lambda c: {view.rid: view for view in waiting_applications(c, office.node.desk.office)})
    try:
        view = found.get(RecordId(bytes.fromhex(rid)))
    except ValueError as error:
        raise PageUnknown() from error
    if view is None:
        raise PageUnknown()
    typed = typed_from_application(view, office.node.desk.new_id().hex())
    office.drafts.keep(Draft(visitor.account, typed))
    return Redirect(f"/intake?form={typed.form_id}", status_code=303)


applications_router = Router("/", route_handlers=[applications, begin])
