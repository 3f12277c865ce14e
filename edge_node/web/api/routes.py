"""Dossier by code, its state, the state machine, scans in, and the tickets of the counter. For a session of this node; changing requests carry `X-CSRFToken`."""

from __future__ import annotations

from typing import Annotated

import msgspec
from litestar import Router, get, post
from litestar.datastructures import UploadFile
from litestar.enums import RequestEncodingType
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.datastructures import ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme
from litestar.params import Body, Parameter
from litestar.response import Template

from edge_node.capture.service import hand_in
from edge_node.intake.service import Choice, component_of, declare, dossier_by_code
from edge_node.web.address import component_id
from edge_node.web.api.model import ApiDossier, ApiProblem, ApiScan, ApiState, ApiStates, dossier_of, state_of, states
from edge_node.web.api.tickets import draw_ticket, tickets
from edge_node.web.form_reading import page_numbers
from edge_node.web.office import Office
from edge_node.web.roles import STAFF_PAGE, only
from edge_node.web.routes.capture import contents_of_files
from sync_protocol.adapters.web.assets import asset
from sync_protocol.adapters.web.errors import AssetMissing
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.lifecycle import DossierState

PAGES_MAX = 500
Code = Annotated[str, Parameter(description="Mã hồ sơ, hoặc số phiếu trước khi nhận.", min_length=1, max_length=64)]
_REFUSED = {
    400: ResponseSpec(ApiProblem, description="Chưa làm được: phần gửi lên thiếu hoặc sai dạng."),
    401: ResponseSpec(ApiProblem, description="Chưa đăng nhập."),
    403: ResponseSpec(ApiProblem, description="Chưa được giao việc này, hoặc thiếu mã biểu mẫu."),
    404: ResponseSpec(ApiProblem, description="Điểm này không giữ hồ sơ hay thành phần này."),
}


class ScanForm(msgspec.Struct):
    """The files of one component, in page order."""

    files: list[UploadFile]
    pages: Annotated[int, msgspec.Meta(ge=1, le=PAGES_MAX, description="Số trang đếm trên bàn.")]
    notes: Annotated[str, msgspec.Meta(max_length=200, description="Trang có giấy ghi chú, ví dụ 2, 5.")] = ""


@get("/states", opt=STAFF_PAGE, summary="Các trạng thái hồ sơ và bước chuyển", responses={401: _REFUSED[401]})
async def all_states() -> ApiStates:
    """The state machine of dossiers: states, moves and the clauses they rest on."""
    return states()


@get("/dossiers/{code:str}", opt=STAFF_PAGE, summary="Hồ sơ theo mã", responses=_REFUSED)
async def one(office: Office, visitor: Visitor, code: Code) -> ApiDossier:
    """One dossier with components, papers and where everything is."""
    view = await office.do(lambda: dossier_by_code(office.node.desk, code))
    return dossier_of(await office.read(office.page(view.rid, visitor.account)))


@get("/dossiers/{code:str}/state", opt=STAFF_PAGE, summary="Trạng thái của hồ sơ", responses=_REFUSED)
async def state(office: Office, code: Code) -> ApiState:
    """Only the state, for programs that wait for it."""
    view = await office.do(lambda: dossier_by_code(office.node.desk, code))
    return state_of(DossierState(view.state))


@post(
    "/dossiers/{code:str}/components/{component:str}/scans", opt=only("intake"), status_code=202, summary="Nhận bản quét của một thành phần",
    responses={
        **_REFUSED,
        413: ResponseSpec(ApiProblem, description="Nhiều tệp hơn mức một lần nhận; chưa tệp nào được nhận."),
        422: ResponseSpec(ApiProblem, description="Có tệp rỗng; chưa tệp nào được nhận."),
    },
)  # fmt: skip
async def take_scan(
    office: Office, visitor: Visitor, code: Code,
    component: Annotated[str, Parameter(description="Mã thành phần (32 chữ số thập lục phân).", max_length=64)],
    data: Annotated[ScanForm, Body(media_type=RequestEncodingType.MULTI_PART)],
) -> ApiScan:  # fmt: skip
    """Files in: sealed and durable when this answers; the slow work follows. Types and sizes are judged in a sandbox afterwards."""
    notes = page_numbers(data.notes, label="Trang có giấy ghi chú", high=data.pages)
    contents = await contents_of_files(data.files)
    taken = await office.do(lambda: _take(office, visitor.account, code, component, contents, data.pages, notes))
    office.live.wake_capture()
    return taken


@get("/docs", opt=STAFF_PAGE, include_in_schema=False)
async def docs(office: Office) -> Template:
    """The interface for people who program against it: Swagger UI over the schema, everything from this node alone."""
    try:
        asset("swagger-ui.js")
        problem = None
    except AssetMissing as missing:  # an installation made before this package was asked for
        problem = missing
    return Template("api.html", context={"problem": problem, "bar": await office.read(office.bar())})


def _take(
    office: Office,
    account: str,
    code: str,
    component: str,
    contents: list[tuple[str, bytes]],
    pages: int,
    notes: tuple[int, ...],
) -> ApiScan:
    desk = office.node.desk
    view = dossier_by_code(desk, code)
    part = component_of(view, component_id(component))
    if part.decision != "digitize" or part.declared_pages != pages or part.note_pages != notes:
        declare(desk, account, view.rid, part, Choice(decision="digitize", declared_pages=pages, note_pages=notes))
    job = hand_in(desk, account, view.rid, part.component_id, contents, declared_pages=pages, note_pages=notes)
    return ApiScan(job.hex(), view.rid.hex(), part.component_id.hex(), len(contents), pages)


def openapi_config() -> OpenAPIConfig:
    """The schema of this interface alone, for officers alone; no page of it loads anything from elsewhere."""
    session = SecurityScheme(
        type="apiKey", name="lienthong", security_scheme_in="cookie", description="Phiên đăng nhập tại điểm này."
    )
    return OpenAPIConfig(
        title="Liên Thông: giao diện lập trình của điểm", version="1", components=Components(security_schemes={"session": session}),
        security=[{"session": []}], render_plugins=[JsonRenderPlugin()],
        openapi_router=Router("/api/v1/schema", route_handlers=[], opt=STAFF_PAGE, include_in_schema=False),
    )  # fmt: skip


api_router = Router(
    "/api/v1", route_handlers=[all_states, one, state, take_scan, tickets, draw_ticket, docs], include_in_schema=True
)
