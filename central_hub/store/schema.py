"""The hub's tables beside the shared event log and projection. Append-only migrations."""

from __future__ import annotations

from central_hub.bootstrap.tables import SNAPSHOTS
from central_hub.cases.tables import CASES
from central_hub.complaints.tables import COMPLAINTS
from central_hub.directory.tables import CATALOGUE_PARTS, DIRECTORY, OPEN_WORK
from central_hub.erasure.tables import ERASURE_ORDERS
from central_hub.existence.tables import EXISTENCE
from central_hub.figures.tables import FIGURE_DUE, FIGURE_WAITING, FIGURES
from central_hub.gateways.tables import GATEWAYS
from central_hub.ingest.awaited_files import AWAITED_FILES
from central_hub.ingest.cut_off import CUT_OFF
from central_hub.ingest.lost_files import LOST_FILES
from central_hub.lookup.tables import AUDIT_CERTIFICATE, EMERGENCY, LOOKS_OF_NODE, LOOKUP
from central_hub.numbers.tables import NUMBERS
from central_hub.operations.tables import (
    FILES_OF_RECORD,
    FLEET,
    NODES_BY_OFFICE,
    PAPERS_WITHOUT_OWNER,
    QUARANTINE_SETTLED,
    QUESTIONS,
    VOICES,
)
from central_hub.people.tables import PASSKEYS
from central_hub.seals.tables import SEALS, TRUST_LISTS
from central_hub.surveys.tables import SURVEYS
from sync_protocol.adapters.erasures import ERASURES
from sync_protocol.adapters.event_log import EVENT_LOG
from sync_protocol.adapters.exits import SCOPE_EXITS
from sync_protocol.adapters.people.tables import PEOPLE
from sync_protocol.adapters.projection_tables import KEYS_WITH_DOSSIER, PROJECTION, claims_of_papers
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.adapters.stored_views import VIEWS_AS_EVENTS
from sync_protocol.adapters.visits import VISITS

HUB = Migration(
    "0003-hub",
    """
CREATE TABLE hub_state(key TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE node(
    node TEXT PRIMARY KEY, office TEXT NOT NULL, public_key BLOB NOT NULL, enrolled_ms INTEGER NOT NULL, revoked_ms INTEGER,
    last_hello_ms INTEGER, hello BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE scope(
    rid BLOB NOT NULL, office TEXT NOT NULL, since_ms INTEGER NOT NULL, reason TEXT NOT NULL, PRIMARY KEY(rid, office)
) STRICT, WITHOUT ROWID;
CREATE TABLE feed(
    office TEXT NOT NULL, n INTEGER NOT NULL, position INTEGER NOT NULL, PRIMARY KEY(office, n)
) STRICT, WITHOUT ROWID;
CREATE TABLE quarantine(
    id INTEGER PRIMARY KEY, node TEXT NOT NULL, at_ms INTEGER NOT NULL, code TEXT NOT NULL, detail TEXT NOT NULL,
    frame BLOB NOT NULL, times INTEGER NOT NULL DEFAULT 1, digest BLOB NOT NULL UNIQUE
) STRICT;
CREATE TABLE code_block(
    office TEXT NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, node TEXT NOT NULL, inc BLOB NOT NULL,
    PRIMARY KEY(office, first)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX code_block_of_lane ON code_block(node, inc);
CREATE TABLE blob(
    digest BLOB PRIMARY KEY, size INTEGER NOT NULL, state TEXT NOT NULL, reason TEXT NOT NULL DEFAULT '', at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE catalogue(
    version INTEGER PRIMARY KEY, digest BLOB NOT NULL, size INTEGER NOT NULL, signature BLOB NOT NULL, published_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE backup_floor(lane INTEGER PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
CREATE TABLE audit(
    id INTEGER PRIMARY KEY, at_ms INTEGER NOT NULL, node TEXT NOT NULL, office TEXT NOT NULL, officer TEXT NOT NULL,
    role TEXT NOT NULL, what TEXT NOT NULL, rid BLOB, dossier TEXT NOT NULL, reason TEXT NOT NULL, outcome TEXT NOT NULL,
    prev BLOB NOT NULL, hash BLOB NOT NULL
) STRICT;
""",
)

MIGRATIONS = (
    EVENT_LOG,
    PROJECTION,
    HUB,
    PEOPLE,
    SEALS,
    VISITS,
    ERASURES,
    ERASURE_ORDERS,
    FIGURES,
    EXISTENCE,
    CASES,
    DIRECTORY,
    LOOKUP,
    NUMBERS,
    SNAPSHOTS,
    OPEN_WORK,
    FLEET,
    GATEWAYS,
    KEYS_WITH_DOSSIER,
    QUESTIONS,
    EMERGENCY,
    LOST_FILES,
    FIGURE_DUE,
    TRUST_LISTS,
    PASSKEYS,
    SURVEYS,
    COMPLAINTS,
    FILES_OF_RECORD,
    PAPERS_WITHOUT_OWNER,
    VOICES,
    FIGURE_WAITING,
    QUARANTINE_SETTLED,
    AUDIT_CERTIFICATE,
    NODES_BY_OFFICE,
    LOOKS_OF_NODE,
    VIEWS_AS_EVENTS,
    claims_of_papers("CREATE INDEX document_unassigned ON document(rid) WHERE owner = ''"),
    AWAITED_FILES,
    CATALOGUE_PARTS,
    CUT_OFF,
    SCOPE_EXITS,
)
