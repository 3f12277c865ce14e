"""The node's audit chain: who did or saw what, for which purpose, in the transaction of the act itself (domain.md E.3)."""

from __future__ import annotations

import apsw

from sync_protocol.adapters import audit_chain
from sync_protocol.adapters.sqlite import Migration
from sync_protocol.ids import RecordId

_COLUMNS = ("at_ms", "actor", "role", "what", "rid", "purpose", "outcome", "certificate")
_ADDED = 1  # of these, by AUDIT_CERTIFICATE

AUDIT_CERTIFICATE = Migration(
    "0045-audit-certificate",
    """
ALTER TABLE audit ADD COLUMN certificate TEXT;
CREATE TABLE signing_certificate(account TEXT PRIMARY KEY, certificate TEXT NOT NULL) STRICT, WITHOUT ROWID;
""",
)
"""Which certificate an officer signs with, as last opened at this desk; in the audit from then on."""


def record(
    connection: apsw.Connection,
    *,
    at_ms: int,
    actor: str,
    role: str,
    what: str,
    rid: RecordId | None,
    purpose: str,
    outcome: str,
) -> None:
    """Append one row. `actor` is an account id; no name and no number of a citizen is ever written here.

    The row names the certificate that this officer opened last at this desk (see `note_certificate`), "" where none was.
    """
    found = connection.execute("SELECT certificate FROM signing_certificate WHERE account = ?", (actor,)).fetchone()
    certificate = str(found[0]) if found else ""
    audit_chain.append(connection, _COLUMNS, (at_ms, actor, role, what, rid, purpose, outcome, certificate))


def note_certificate(connection: apsw.Connection, account: str, certificate: str) -> None:
    """An officer has opened the key of this certificate (SHA-256 of its DER form, hexadecimal). Idempotent."""
    connection.execute(
        "INSERT OR REPLACE INTO signing_certificate(account, certificate) VALUES(?, ?)", (account, certificate)
    )


def broken_at(connection: apsw.Connection) -> int | None:
    """Id of the first row that does not follow from its predecessor, or None when the chain is whole."""
    return audit_chain.broken_at(connection, _COLUMNS, added=_ADDED)
