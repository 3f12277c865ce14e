"""The tables of this room: who holds a connection, and the alarms that were raised, acknowledged and over."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

FLEET = Migration(
    "0029-fleet",
    """
CREATE TABLE presence(node TEXT PRIMARY KEY, is_here INTEGER NOT NULL, since_ms INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE TABLE alarm(
    id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, opened_ms INTEGER NOT NULL, ended_ms INTEGER, amount INTEGER NOT NULL,
    by_account TEXT NOT NULL DEFAULT '', by_ms INTEGER, note TEXT NOT NULL DEFAULT ''
) STRICT;
CREATE UNIQUE INDEX alarm_under_way ON alarm(kind, subject) WHERE ended_ms IS NULL;
CREATE INDEX alarm_over ON alarm(ended_ms) WHERE ended_ms IS NOT NULL;
CREATE INDEX dossier_in_conflict ON dossier(office) WHERE conflicts > 0;
""",
)

QUESTIONS = Migration(
    "0030-dossiers-in-question",
    """
CREATE INDEX dossier_in_question ON dossier(received_ms) WHERE conflicts + suspicions > 0;
""",
)
"""As the list of open cases asks (`sync_protocol.adapters.worklist`), so that it does not read a million dossiers to find twenty."""

FILES_OF_RECORD = Migration(
    "0032-files-of-a-record",
    """
CREATE INDEX blob_reference_of_record ON blob_reference(rid);
""",
)
"""Pages ask for the files of a dossier; without this each dossier cost a walk through the references of the whole country."""

VOICES = Migration(
    "0042-voices",
    """
ALTER TABLE presence ADD COLUMN voice TEXT NOT NULL DEFAULT 'clear';
ALTER TABLE presence ADD COLUMN heard_ms INTEGER NOT NULL DEFAULT 0;
""",
)
"""How a connected node is heard (`operations.hearing`), and when it was last heard before that."""

PAPERS_WITHOUT_OWNER = Migration(
    "0041-papers-without-an-owner",
    """
CREATE INDEX document_unassigned ON document(rid) WHERE owner = '';
""",
)
"""The page of people's numbers asks which coded papers are nobody's; without this it walks through every paper of the country."""

QUARANTINE_SETTLED = Migration(
    "0044-quarantine-settled",
    """
ALTER TABLE quarantine ADD COLUMN settled_ms INTEGER;
ALTER TABLE quarantine ADD COLUMN settled_by TEXT NOT NULL DEFAULT '';
ALTER TABLE quarantine ADD COLUMN note TEXT NOT NULL DEFAULT '';
""",
)
"""A held frame that a person looked at complains no more: before, one bad frame left its node worth a look for ever."""

NODES_BY_OFFICE = Migration(
    "0046-nodes-by-office",
    """
CREATE INDEX node_of_office ON node(office, node);
""",
)
"""Each push asks whether its office has another node; without this it walks through the last words of the whole country."""
