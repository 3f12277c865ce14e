"""Looking up: here first, then at the hub for a purpose; and the Kho, which shows only papers with a full identifier.

Source: QĐ 1333/QĐ-BHXH Điều 11.2 (R-34); domain.md E.2 (purpose, minimal answer, second logged step).
"""

from __future__ import annotations

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.intake.reuse import owner_of
from edge_node.store import audit
from edge_node.store.paper_lists import WITH_CODES, WITH_UNASSIGNED, Place, coded_page
from edge_node.sync.driver import SyncDriver
from edge_node.sync.transfers import Transfers
from edge_node.sync.wished import wish
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.ids import BlobDigest, DocumentId, OfficeCode, RecordId
from sync_protocol.messages import CustodyTaken, Find, FindReply, Opened, OpenRecord, Purpose, TakeCustody
from sync_protocol.search_keys import key_for
from sync_protocol.view import DocumentView, DossierView

PAGE = 100  # dossiers of which one page of the Kho lists the papers


class KhoLine(msgspec.Struct, frozen=True):
    """One paper in the Kho, or in the unassigned list when its owner is not fully identified. `owner_name` is "" where only the number is known."""

    rid: RecordId
    document_id: DocumentId
    owner: str
    owner_name: str
    is_person: bool
    code: str
    document_type: str
    number_symbol: str
    issue_date: str
    issuer: str
    valid_until: str
    is_result: bool
    dossier_code: str
    has_legal_value: bool
    current_at: OfficeCode | None = None  # the office of the current copy of this paper, where this one is not it

    @property
    def is_assigned(self) -> bool:
        """Whether it stands in somebody's Kho (R-34)."""
        return bool(self.owner)


def find_here(desk: Desk, officer: str, kind: str, value: str, birth_date: str, purpose: Purpose) -> list[DossierView]:
    """Dossiers held at this desk, with the audit row in the same transaction."""

    def work(connection: apsw.Connection) -> list[DossierView]:
        found = projection.find(connection, key_for(kind, value, birth_date))
        audit.record(
            connection, at_ms=desk.now_ms(), actor=officer, role=purpose.role, what=f"find:{kind}", rid=None,
            purpose=f"{purpose.dossier}: {purpose.reason}", outcome=f"{len(found)} found",
        )  # fmt: skip
        return found

    return desk.store.writer.run(work)


async def find_everywhere(driver: SyncDriver, ask: Find) -> FindReply:
    """The hub's minimal answer. Raises a Problem when there is no line or no purpose."""
    return await driver.line.expect(ask, FindReply)


async def open_dossier(driver: SyncDriver, rid: RecordId, purpose: Purpose) -> None:
    """Second step: the dossier enters this office's scope and is here when this returns."""
    opened = await driver.line.expect(OpenRecord(rid, purpose), Opened)
    await driver.pull_upto(opened.feed_head)


async def take_custody(driver: SyncDriver, rid: RecordId, purpose: Purpose) -> int:
    """Continue the dossier here: the fence moves to this office; returns the fence. The grant is here when this returns."""
    taken = await driver.line.expect(TakeCustody(rid, purpose), CustodyTaken)
    await driver.pull_upto(taken.feed_head)
    return taken.fence


async def fetch_copies(transfers: Transfers, view: DossierView) -> int:
    """Bring every copy of a dossier here, verified; returns how many bytes they are."""
    total = 0
    for document in view.documents:
        total += len(await transfers.fetch(document.pdf, document.pdf_size))
    for slip in view.slips:
        total += len(await transfers.fetch(BlobDigest(slip.pdf), slip.pdf_size))
    return total


def wish_for(desk: Desk, view: DossierView) -> None:
    """Without a line: the next stick asks for the copies of a dossier that are not here. Idempotent."""
    files = [*(one.pdf for one in view.documents), *(BlobDigest(one.pdf) for one in view.slips)]
    lacking = [one for one in files if not desk.files.has(one.hex())]
    desk.store.writer.run(lambda c: wish(c, lacking))


class KhoPage(msgspec.Struct, frozen=True):
    """Coded papers in the Kho and those nobody is known to own, newest dossiers first; where each list goes on, None at its end."""

    assigned: list[KhoLine]
    unassigned: list[KhoLine]
    older: Place | None = None
    older_unassigned: Place | None = None


def kho(connection: apsw.Connection, before: Place, before_unassigned: Place, limit: int = PAGE) -> KhoPage:
    """A page of the coded papers held here: those of up to `limit` dossiers for each list. Unassigned ones are for people to match."""
    coded, older = coded_page(connection, WITH_CODES, before, limit)
    waiting, older_unassigned = coded_page(connection, WITH_UNASSIGNED, before_unassigned, limit)
    return KhoPage(
        [line for view in coded for line in _lines(view) if line.is_assigned],
        [line for view in waiting for line in _lines(view) if not line.is_assigned], older, older_unassigned,
    )  # fmt: skip


def kho_of(desk: Desk, officer: str, role: str, owner: str) -> list[KhoLine]:
    """The Kho of one person or organisation as far as it is held here, results first; the look stands in the log (E.2 rule 5)."""

    def work(connection: apsw.Connection) -> list[KhoLine]:
        rows = connection.execute("SELECT DISTINCT rid FROM document WHERE owner = ?", (owner,)).fetchall() if owner else []
        views = [projection.view_of(connection, RecordId(as_bytes(rid))) for (rid,) in rows]
        found = [line for view in views if view is not None for line in _lines(view) if line.owner == owner]
        audit.record(
            connection, at_ms=desk.now_ms(), actor=officer, role=role, what="find:kho", rid=None,
            purpose="xem Kho của chủ giấy tờ", outcome=f"{len(found)} found",
        )  # fmt: skip
        return sorted(found, key=lambda one: (one.is_result, one.issue_date), reverse=True)

    return desk.store.writer.run(work)


def _lines(view: DossierView) -> list[KhoLine]:
    return [_line(view, document) for document in view.documents if document.codes and view.stands(document)]


def _line(view: DossierView, document: DocumentView) -> KhoLine:
    party = view.applicant
    is_own = party is not None and bool(document.owner) and owner_of(party) == document.owner
    return KhoLine(
        view.rid, document.document_id, document.owner, party.name if party is not None and is_own else "",
        party is None or not is_own or party.kind == "person", document.codes[-1], document.document_type, document.number_symbol,
        document.value("issue_date"), document.value("issuing_body"), document.value("valid_until"), document.is_result, view.code,
        document.has_legal_value, document.current.office if document.is_superseded and document.current is not None else None,
    )  # fmt: skip
