"""Looking up: here first, then at the hub for a purpose; and the Kho, which shows only papers with a full identifier.

Source: QĐ 1333/QĐ-BHXH Điều 11.2 (R-34); domain.md E.2 (purpose, minimal answer, second logged step).
"""

from __future__ import annotations

import apsw
import msgspec

from edge_node.desk import Desk
from edge_node.store import audit
from edge_node.sync.driver import SyncDriver
from edge_node.sync.transfers import Transfers
from sync_protocol.adapters import projection
from sync_protocol.ids import BlobDigest, RecordId
from sync_protocol.messages import CustodyTaken, Find, FindReply, Opened, OpenRecord, Purpose, TakeCustody
from sync_protocol.search_keys import key_for
from sync_protocol.view import DocumentView, DossierView


class KhoLine(msgspec.Struct, frozen=True):
    """One paper in the Kho, or in the unassigned list when its owner is not fully identified."""

    owner: str
    code: str
    document_type: str
    dossier_code: str
    is_assigned: bool
    has_legal_value: bool


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
    await driver.line.expect(OpenRecord(rid, purpose), Opened)
    await driver.pull_all()


async def take_custody(driver: SyncDriver, rid: RecordId, purpose: Purpose) -> int:
    """Continue the dossier here: the fence moves to this office; returns the fence. The grant is here when this returns."""
    taken = await driver.line.expect(TakeCustody(rid, purpose), CustodyTaken)
    await driver.pull_all()
    return taken.fence


async def fetch_copies(transfers: Transfers, view: DossierView) -> int:
    """Bring every copy of a dossier here, verified; returns how many bytes they are."""
    total = 0
    for document in view.documents:
        total += len(await transfers.fetch(document.pdf, document.pdf_size))
    for slip in view.slips:
        total += len(await transfers.fetch(BlobDigest(slip.pdf), slip.pdf_size))
    return total


def kho(connection: apsw.Connection, limit: int = 500) -> list[KhoLine]:
    """Coded papers held here; those without a full identifier are listed as unassigned, for people to match."""
    lines = []
    for view in projection.newest(connection, limit):
        for document in view.documents:
            if document.codes and not document.revoked_reason:
                lines.append(_line(view, document))
    return lines


def _line(view: DossierView, document: DocumentView) -> KhoLine:
    return KhoLine(
        document.owner,
        document.codes[-1],
        document.document_type,
        view.code,
        bool(document.owner),
        document.has_legal_value,
    )
