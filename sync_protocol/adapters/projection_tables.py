"""The tables of the projection, as both shells' databases have come to them."""

from __future__ import annotations

from sync_protocol.adapters.sqlite import Migration

PROJECTION = Migration(
    "0002-projection",
    """
CREATE TABLE dossier(
    rid BLOB PRIMARY KEY, code TEXT NOT NULL, procedure TEXT NOT NULL, office TEXT NOT NULL, custodian TEXT NOT NULL,
    state TEXT NOT NULL, received_ms INTEGER NOT NULL, due_date TEXT NOT NULL, conflicts INTEGER NOT NULL,
    suspicions INTEGER NOT NULL, view BLOB NOT NULL
) STRICT;
CREATE INDEX dossier_by_arrival ON dossier(received_ms);
CREATE TABLE search_key(key TEXT NOT NULL, rid BLOB NOT NULL, PRIMARY KEY(key, rid)) STRICT, WITHOUT ROWID;
CREATE INDEX search_key_of_record ON search_key(rid);
CREATE TABLE document(
    document_id BLOB PRIMARY KEY, rid BLOB NOT NULL, owner TEXT NOT NULL, document_type TEXT NOT NULL,
    paper_key TEXT NOT NULL, is_sealed INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX document_of_record ON document(rid);
CREATE INDEX document_by_owner ON document(owner, document_type) WHERE owner <> '';
CREATE INDEX document_by_paper ON document(paper_key) WHERE paper_key <> '';
CREATE TABLE blob_reference(
    digest BLOB NOT NULL, rid BLOB NOT NULL, size INTEGER NOT NULL, PRIMARY KEY(digest, rid)
) STRICT, WITHOUT ROWID;
""",
)

KEYS_WITH_DOSSIER = Migration(
    "0023-keys-with-dossier",
    """
ALTER TABLE dossier ADD COLUMN keys TEXT NOT NULL DEFAULT '[]';
UPDATE dossier SET keys = coalesce((SELECT '' || json_group_array(k.key) FROM search_key k WHERE k.rid = dossier.rid), '[]');
DROP INDEX search_key_of_record;
""",
)
"""A dossier's row names the keys it stands under: four index entries a dossier less, and nobody asks for them apart."""


def claims_of_papers(own_index: str) -> Migration:
    """A paper's id that two dossiers name stands in both, in whatever order they are folded (decision 0011). `own_index` is the index a shell has besides."""
    return Migration(
        "0049-claims-of-papers",
        f"""
CREATE TABLE document_claim(
    rid BLOB NOT NULL, document_id BLOB NOT NULL, owner TEXT NOT NULL, document_type TEXT NOT NULL,
    paper_key TEXT NOT NULL, is_sealed INTEGER NOT NULL, PRIMARY KEY(rid, document_id)
) STRICT, WITHOUT ROWID;
INSERT INTO document_claim(rid, document_id, owner, document_type, paper_key, is_sealed)
    SELECT rid, document_id, owner, document_type, paper_key, is_sealed FROM document ORDER BY rid, document_id;
DROP TABLE document;
ALTER TABLE document_claim RENAME TO document;
CREATE INDEX document_by_owner ON document(owner, document_type) WHERE owner <> '';
CREATE INDEX document_by_paper ON document(paper_key) WHERE paper_key <> '';
{own_index};
""",
    )
