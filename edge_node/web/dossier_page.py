"""Everything the dossier page shows, read at one moment."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import apsw
import msgspec

from edge_node.capture.jobs import Job, stopped_jobs, waiting_jobs
from edge_node.intake.errors import UnknownDossier
from edge_node.intake.receipt_time import Doubt, corrected_receipts, doubt_of
from edge_node.resolution.course import Course, read_course
from edge_node.store.node_store import clock_offset_ms
from edge_node.store.sync_words import ItemState, file_state
from edge_node.sync.wished import wished
from edge_node.web.deadline import Deadline
from sync_protocol.adapters.arrivals import RawAct, raw_acts, wrong_clocks
from sync_protocol.adapters.corrections import Correction, corrections_of
from sync_protocol.adapters.moves import states_aimed_at
from sync_protocol.bodies import ReceiptCorrected
from sync_protocol.ids import ActId, BlobDigest, DocumentId, RecordId
from sync_protocol.lifecycle import DossierState
from sync_protocol.view import ComponentView, DocumentView, DossierView


class Row(msgspec.Struct, frozen=True):
    """One dossier in a list."""

    view: DossierView
    procedure: str
    deadline: Deadline
    sync: ItemState


RowOf = Callable[[apsw.Connection, RecordId], Row | None]


class Paper(msgspec.Struct, frozen=True):
    """One digitized paper with the word of its file."""

    document: DocumentView
    sync: ItemState
    is_here: bool
    is_wished: bool = False  # the next stick asks for its file


class Part(msgspec.Struct, frozen=True):
    """One component with its papers and the scans on their way; `held` of them wait for their officer's key, and say why."""

    component: ComponentView
    papers: tuple[Paper, ...]
    waiting: int
    stopped: tuple[Job, ...]
    held: tuple[Job, ...] = ()


class DossierPage(msgspec.Struct, frozen=True):
    """One dossier as its page shows it. `states` says where the moves of its history led, `wrong_clocks` when what bears a wrong time arrived, `raw` what this program cannot read."""

    row: Row
    parts: tuple[Part, ...]
    loose: tuple[Paper, ...]
    key_open: bool
    course: Course = Course()
    states: Mapping[ActId, DossierState] = {}
    wrong_clocks: Mapping[ActId, int] = {}
    raw: Mapping[ActId, RawAct] = {}
    corrections: tuple[Correction, ...] = ()
    doubt: Doubt | None = None  # why the time of receipt is doubted
    receipts: tuple[ReceiptCorrected, ...] = ()


def read_page(
    connection: apsw.Connection, rid: RecordId, row_of: RowOf, has_file: Callable[[BlobDigest], bool], key_open: bool
) -> DossierPage:
    """Read the page.

    Raises:
        UnknownDossier: not held here.
    """
    row = row_of(connection, rid)
    if row is None:
        raise UnknownDossier(code_or_id=rid.hex()[:8])
    asked = wished(connection)
    papers: dict[DocumentId, Paper] = {
        one.document_id: Paper(one, file_state(connection, one.pdf), has_file(one.pdf), one.pdf in asked) for one in row.view.documents
    }
    waiting = [job for job in waiting_jobs(connection) if job.task.rid == rid]
    stopped = [job for job in stopped_jobs(connection) if job.task.rid == rid]
    parts = tuple(
        Part(
            one, tuple(papers[known] for known in one.documents if known in papers),
            sum(1 for job in waiting if job.task.component_id == one.component_id),
            tuple(job for job in stopped if job.task.component_id == one.component_id),
            tuple(job for job in waiting if job.task.component_id == one.component_id and job.problem),
        )
        for one in row.view.components
    )  # fmt: skip
    placed = {known for part in parts for known in part.component.documents}
    return DossierPage(
        row,
        parts,
        tuple(one for key, one in papers.items() if key not in placed),
        key_open,
        read_course(connection, rid),
        states_aimed_at(connection, rid),
        wrong_clocks(connection, rid, clock_offset_ms(connection) or 0),
        raw_acts(connection, rid),
        tuple(corrections_of(connection, rid)),
        doubt_of(connection, row.view) if row.view.received_ms else None,
        tuple(corrected_receipts(connection, row.view)),
    )
