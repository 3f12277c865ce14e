"""Worklists across offices: dossiers by state and scope; open cases are the room `cases`.

Nothing here names a citizen: who keeps the hub needs codes, states and digests only (domain.md E.1).
"""

from __future__ import annotations

import apsw
import msgspec

from central_hub.ingest.feed import offices_in_scope
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import as_bytes
from sync_protocol.adapters.verification.words import reason_sentence
from sync_protocol.ids import BlobDigest, OfficeCode, RecordId
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView

ARRIVED = frozenset({"held", "accepted", "preserved"})


class DossierLine(msgspec.Struct, frozen=True):
    """One dossier with the offices entitled to it and how many of its files have arrived."""

    view: DossierView
    offices: tuple[OfficeCode, ...]
    files: int
    files_held: int


class FileLine(msgspec.Struct, frozen=True):
    """One file of a dossier and where it stands: held, accepted, quarantined, or not arrived ("")."""

    digest: BlobDigest
    size: int
    state: str
    reason: str


def read_dossiers(connection: apsw.Connection, limit: int = 100) -> list[DossierLine]:
    """The dossiers received last; files and offices of all in one statement each."""
    views = projection.newest(connection, limit)
    asked = [(view.rid,) for view in views]
    offices: dict[bytes, list[OfficeCode]] = {}
    for rid, office in connection.executemany("SELECT rid, office FROM scope WHERE rid = ? ORDER BY office", asked):
        offices.setdefault(as_bytes(rid), []).append(OfficeCode(str(office)))
    files: dict[bytes, list[str]] = {}
    for rid, state in connection.executemany(
        "SELECT r.rid, coalesce(b.state, '') FROM blob_reference r LEFT JOIN blob b ON b.digest = r.digest WHERE r.rid = ?",
        asked,
    ):
        files.setdefault(as_bytes(rid), []).append(str(state))
    return [
        DossierLine(view, tuple(offices.get(view.rid, ())), len(found), sum(1 for one in found if one in ARRIVED))
        for view, found in ((view, files.get(view.rid, [])) for view in views)
    ]


def read_dossier(connection: apsw.Connection, rid: RecordId) -> tuple[DossierLine, list[FileLine]] | None:
    """One dossier with its files, or None."""
    view = projection.view_of(connection, rid)
    return None if view is None else (_line(connection, view), _files(connection, rid))


def stage_of(connection: apsw.Connection, code: str) -> str | None:
    """The state of the dossier under a printed code and nothing else of it, or None."""
    found = projection.find(connection, key_for("code", code), 1)
    return found[0].state if found else None


def _line(connection: apsw.Connection, view: DossierView) -> DossierLine:
    files = _files(connection, view.rid)
    return DossierLine(
        view, tuple(offices_in_scope(connection, view.rid)), len(files), sum(1 for one in files if one.state in ARRIVED)
    )  # fmt: skip


def _files(connection: apsw.Connection, rid: RecordId) -> list[FileLine]:
    rows = connection.execute(
        "SELECT r.digest, r.size, coalesce(b.state, ''), coalesce(b.reason, '') FROM blob_reference r"
        " LEFT JOIN blob b ON b.digest = r.digest WHERE r.rid = ? ORDER BY r.digest",
        (rid,),
    )
    return [
        FileLine(
            BlobDigest(bytes(digest)),
            size,
            state,
            " ".join(f"{reason_sentence(code)} ({code})" for code in reason.split()),
        )
        for digest, size, state, reason in rows
    ]
