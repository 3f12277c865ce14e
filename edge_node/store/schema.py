"""The node's tables beside the shared event log and projection. Append-only migrations."""

from __future__ import annotations

from edge_node.capture.tables import TRAY
from edge_node.counter.tables import COUNTER, SERIES
from edge_node.existence.tables import EXISTENCE
from edge_node.intake.correction_table import CORRECTIONS, CORRECTIONS_BY_NOTE, CORRECTIONS_BY_VIEW
from edge_node.intake.once import SENT_FORMS
from edge_node.letting_go.tables import TOMBSTONES
from edge_node.reports.tables import LAST_DAYS, REPORTS
from edge_node.resolution.law_tables import LAW_CHANGES
from edge_node.store.audit import AUDIT_CERTIFICATE
from edge_node.store.damaged import DAMAGED_FILES
from edge_node.store.paper_lists import PAPER_LISTS, PAPERS_TAKEN_BACK
from edge_node.store.send_order import SEND_ORDER
from edge_node.store.worklists import FILES_TO_SEND, UNSEALED, WORKLISTS
from sync_protocol.adapters.erasures import ERASURES
from sync_protocol.adapters.event_log import EVENT_LOG
from sync_protocol.adapters.exits import SCOPE_EXITS
from sync_protocol.adapters.people.tables import PEOPLE
from sync_protocol.adapters.projection_tables import KEYS_WITH_DOSSIER, PROJECTION, claims_of_papers
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.stored_views import VIEWS_AS_EVENTS
from sync_protocol.adapters.visits import VISITS

NODE = Migration(
    "0003-node",
    """
CREATE TABLE node_state(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE acknowledgement(
    inc BLOB PRIMARY KEY, upto INTEGER NOT NULL, head BLOB NOT NULL, epoch BLOB NOT NULL, hubseq INTEGER NOT NULL,
    at_ms INTEGER NOT NULL, backup_seq INTEGER NOT NULL, raw BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE code_block(
    inc BLOB NOT NULL, office TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, PRIMARY KEY(inc, first)
) STRICT, WITHOUT ROWID;
CREATE TABLE code_used(
    inc BLOB NOT NULL, first INTEGER NOT NULL, day TEXT NOT NULL, used INTEGER NOT NULL, PRIMARY KEY(inc, first, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE blob(
    digest BLOB PRIMARY KEY, size INTEGER NOT NULL, state TEXT NOT NULL, priority INTEGER NOT NULL, sent INTEGER NOT NULL DEFAULT 0,
    reason TEXT NOT NULL DEFAULT '', at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE capture_job(
    id BLOB PRIMARY KEY, rid BLOB NOT NULL, component_id BLOB NOT NULL, state TEXT NOT NULL, task BLOB NOT NULL,
    problem TEXT NOT NULL DEFAULT '', sentence TEXT NOT NULL DEFAULT '', attempts INTEGER NOT NULL DEFAULT 0,
    made_ms INTEGER NOT NULL, changed_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE catalogue(
    version INTEGER PRIMARY KEY, digest BLOB NOT NULL, size INTEGER NOT NULL, signature BLOB NOT NULL, taken_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE held(
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL, raw BLOB NOT NULL
) STRICT;
CREATE TABLE peer_office(node TEXT PRIMARY KEY, office TEXT NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE audit(
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, actor TEXT NOT NULL, role TEXT NOT NULL, what TEXT NOT NULL, rid BLOB,
    purpose TEXT NOT NULL, outcome TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
""",
)

PAGE_PROOF = Migration(
    "0004-page-proof",
    """
CREATE TABLE page_proof(
    id INTEGER PRIMARY KEY, epoch BLOB NOT NULL, office TEXT NOT NULL, ids BLOB NOT NULL, signature BLOB NOT NULL UNIQUE
) STRICT;
""",
)

PAGE_PLACE = Migration(
    "0043-page-place",
    """
ALTER TABLE page_proof ADD COLUMN upto INTEGER NOT NULL DEFAULT 0;
ALTER TABLE page_proof ADD COLUMN kept_ms INTEGER NOT NULL DEFAULT 0;
CREATE INDEX page_proof_by_place ON page_proof(epoch, upto, kept_ms);
""",
)
"""Where in the feed a page ended and when it was told; 0 for pages that were kept before this was noted."""

MIGRATIONS = (
    EVENT_LOG,
    PROJECTION,
    NODE,
    PAGE_PROOF,
    PEOPLE,
    VISITS,
    ERASURES,
    COUNTER,
    REPORTS,
    SENT_FORMS,
    TRAY,
    EXISTENCE,
    LAST_DAYS,
    WORKLISTS,
    KEYS_WITH_DOSSIER,
    SERIES,
    CORRECTIONS,
    UNSEALED,
    FILES_TO_SEND,
    CORRECTIONS_BY_NOTE,
    PAGE_PLACE,
    PAPER_LISTS,
    AUDIT_CERTIFICATE,
    VIEWS_AS_EVENTS,
    claims_of_papers("CREATE INDEX document_unsealed ON document(rid) WHERE is_sealed = 0"),
    SEND_ORDER,
    SCOPE_EXITS,
    TOMBSTONES,
    DAMAGED_FILES,
    PAPERS_TAKEN_BACK,
    LAW_CHANGES,
    CORRECTIONS_BY_VIEW,
)
