"""The clerk's batch: every granted dossier whose copies wait for the agency signature, signed with one passphrase, an outcome for each.

Source: QĐ 1333/QĐ-BHXH Điều 9.4 (R-30: only after success), 11.3 (R-31: only then do the metadata count like the paper).
"""

from __future__ import annotations

from typing import Any

import apsw
import msgspec
from litestar import Request, Router, get, post
from litestar.response import Template

from edge_node.app import Node
from edge_node.resolution.sealing import SealOutcome, seal
from edge_node.signing.keys import SigningKey
from edge_node.store.worklists import unsealed
from edge_node.web.address import record_id
from edge_node.web.errors import NothingChosen
from edge_node.web.office import Office
from edge_node.web.roles import only
from sync_protocol.adapters import projection
from sync_protocol.adapters.web.guard import Visitor
from sync_protocol.errors import Problem
from sync_protocol.ids import RecordId
from sync_protocol.view import DossierView

LISTED = 200


class Sealed(msgspec.Struct, frozen=True):
    """What became of one dossier: its papers one by one, or why none was tried."""

    code: str
    rid: RecordId
    papers: tuple[SealOutcome, ...] = ()
    refused: str = ""

    @property
    def is_done(self) -> bool:
        """Every paper is signed."""
        return not self.refused and not any(one.problem for one in self.papers)


async def _show(office: Office, problem: Problem | None = None, done: tuple[Sealed, ...] = ()) -> Template:
    def read(connection: apsw.Connection) -> list[DossierView]:
        return unsealed(connection, office.node.desk.office, LISTED)

    context = {
        "views": await office.read(read), "done": done, "problem": problem, "bar": await office.read(office.bar()),
        "agency": office.node.settings.agency.name or office.node.settings.office_name,
    }  # fmt: skip
    return Template("seals.html", context=context, status_code=problem.http_status if problem else 200)


@get("/agency-signatures", opt=only("clerk"))
async def waiting(office: Office) -> Template:
    """What waits for the agency signature: result, copies, metadata."""
    return await _show(office)


@post("/agency-signatures", opt=only("clerk"), status_code=200)
async def sign(office: Office, visitor: Visitor, request: Request[Any, Any, Any]) -> Template:
    """Sign the chosen dossiers; one that fails stops no other. The passphrase is used once and kept nowhere."""
    form = await request.form()
    try:
        chosen = [record_id(str(one)) for one in form.getall("rid", [])]
        if not chosen:
            raise NothingChosen(what="hồ sơ cần ký số cơ quan", what_code="rid")
        secret = str(form.get("passphrase", "")).encode()
        done = await office.do(lambda: _sign_all(office.node, visitor.account, chosen[:LISTED], secret))
    except Problem as problem:
        return await _show(office, problem)
    return await _show(office, done=done)


def _sign_all(node: Node, account: str, chosen: list[RecordId], secret: bytes) -> tuple[Sealed, ...]:
    with node.agency_key(secret) as key:
        return tuple(_sealed(node, account, rid, key) for rid in chosen)


def _sealed(node: Node, account: str, rid: RecordId, key: SigningKey) -> Sealed:
    view = node.store.readers.run(lambda c: projection.view_of(c, rid))
    code = view.reference if view else rid.hex()[:8]
    try:
        papers = seal(node.desk, account, rid, key, agency=node.settings.agency.name or node.settings.office_name)
    except Problem as problem:
        return Sealed(code, rid, refused=f"{problem.clerk_sentence} {problem.clerk_next_step} ({problem.code})")
    return Sealed(code, rid, tuple(papers))


seals_router = Router("/", route_handlers=[waiting, sign])
