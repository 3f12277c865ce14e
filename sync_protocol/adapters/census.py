"""The census: what is held of every dossier, counted the same way at every office and at the hub, so that counts can be compared."""

from __future__ import annotations

import hashlib

import apsw
import msgspec

from sync_protocol.adapters.projection import view_of
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.ids import RecordId
from sync_protocol.view import encode_view


class DossierCount(msgspec.Struct, frozen=True):
    """One dossier's figures. `fingerprint` is the SHA-256 of the projected view: equal bytes mean equal everything."""

    rid: str
    code: str
    state: str
    events: int
    declared_pages: int
    files: int
    personal_signatures: int
    agency_signatures: int
    codes: int
    slips: int
    reused: int
    fingerprint: str


def census(connection: apsw.Connection) -> list[DossierCount]:
    """Count every dossier held here, by record id."""
    found = connection.execute("SELECT rid, count(*) FROM event GROUP BY rid").fetchall()
    counts = {as_bytes(rid): as_int(count) for rid, count in found}
    rows = []
    for (raw,) in connection.execute("SELECT rid FROM dossier ORDER BY rid").fetchall():
        rid = RecordId(as_bytes(raw))
        view = view_of(connection, rid)
        if view is None:
            continue
        rows.append(
            DossierCount(
                rid=rid.hex(), code=view.code, state=view.state, events=counts.get(rid, 0),
                declared_pages=sum(one.pages for one in view.documents),
                files=len(view.documents) + len(view.slips), personal_signatures=len(view.documents),
                agency_signatures=sum(1 for one in view.documents if one.agency_form),
                codes=sum(1 for one in view.documents if one.codes), slips=len(view.slips),
                reused=sum(1 for one in view.components if one.state == "reused"),
                fingerprint=hashlib.sha256(encode_view(view)).hexdigest(),
            )
        )  # fmt: skip
    return rows
