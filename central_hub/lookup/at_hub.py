"""Look-ups by officers of the hub: the same three steps as at a desk, each with its purpose and its audit row in one transaction.

First the minimal answer; then, as a second look, the dossier with numbers masked; then a file. A hub officer holds no scope, so nothing is copied.
Source: domain.md E.2 rules 1–3; reliability.md §6.
"""

from __future__ import annotations

from typing import Final, Literal, get_args

import apsw
import msgspec

from central_hub.ingest.errors import NotInScope, UnknownRecord
from central_hub.ingest.nodes import NodeRow, office_of_node
from central_hub.lookup import audit
from central_hub.lookup.break_glass import is_broken
from central_hub.lookup.errors import KeyMissing
from central_hub.lookup.rate import require_pace
from central_hub.lookup.sensitive import require_open
from central_hub.lookup.service import check_purpose, find
from sync_protocol.adapters import projection
from sync_protocol.adapters.arrivals import RawAct, raw_acts
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import HUB_NODE, BlobDigest, OfficeCode, RecordId
from sync_protocol.messages import Find, FindReply, Purpose
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView

Key = Literal[
    "code", "personal_id", "bhxh_number", "org_id", "tax_code", "unit_number", "name_birth", "digitization_code"
]
KEYS: Final[tuple[Key, ...]] = get_args(Key)
HERE: Final = NodeRow(HUB_NODE, OfficeCode("hub"), b"", 0, None, None, None)


class Look(msgspec.Struct, frozen=True):
    """One row of who looked: time (UTC ms), from where, by which account in which role, what and why, under which certificate ("": none)."""

    at_ms: int
    node: str
    office: str
    officer: str
    role: str
    what: str
    rid: RecordId
    dossier: str
    reason: str
    certificate: str


def ask(
    connection: apsw.Connection,
    key: Key,
    value: str,
    birth_date: str,
    purpose: Purpose,
    now_ms: int,
    law: Catalogue | None = None,
) -> FindReply:
    """First step: the minimal answer; `law` says which papers are sensitive. Raises KeyMissing, PurposeMissing, LooksTooMany."""
    if not value.strip() or (key == "name_birth" and not birth_date):
        raise KeyMissing()
    return find(connection, HERE, Find(key, value, birth_date, purpose), now_ms, law)


def open_at_hub(
    connection: apsw.Connection, rid: RecordId, purpose: Purpose, now_ms: int, law: Catalogue | None = None
) -> DossierView:
    """Second step: one dossier. Raises UnknownRecord, PurposeMissing, LooksTooMany, SensitiveWithheld."""
    view = _lawful_view(connection, rid, purpose, now_ms, law)
    _note(connection, rid, purpose, "open", "opened", now_ms)
    return view


def require_paper(
    connection: apsw.Connection,
    rid: RecordId,
    digest: BlobDigest,
    purpose: Purpose,
    now_ms: int,
    law: Catalogue | None = None,
) -> None:
    """Third step: one file of that dossier. Raises NotInScope, PurposeMissing, SensitiveWithheld."""
    check_purpose(HERE, purpose)
    view = projection.view_of(connection, rid)
    if view is not None:
        _require_lawful(connection, law, view, purpose, now_ms)
    if rid not in {found for found, _ in projection.referring(connection, digest)}:
        raise NotInScope(node=HUB_NODE)
    _note(connection, rid, purpose, "file", digest.hex()[:16], now_ms)


class Unread(msgspec.Struct, frozen=True):
    """An act of a newer program, as it was written, and the office of the machine that wrote it ("": unknown)."""

    act: RawAct
    office: OfficeCode


def unread_at_hub(
    connection: apsw.Connection, rid: RecordId, purpose: Purpose, now_ms: int, law: Catalogue | None = None
) -> tuple[DossierView, list[Unread]]:
    """Third step as well: what newer programs wrote in a dossier, numbers unmasked, by place (sync.md 2.11). Raises UnknownRecord, PurposeMissing,
    LooksTooMany, SensitiveWithheld."""
    view = _lawful_view(connection, rid, purpose, now_ms, law)
    acts = sorted(raw_acts(connection, rid).values(), key=lambda one: (one.hlc, one.node, one.seq))
    found = [Unread(one, office_of_node(connection, one.node)) for one in acts]
    _note(connection, rid, purpose, "unread", f"{len(found)} shown", now_ms)
    return view, found


def _lawful_view(connection: apsw.Connection, rid: RecordId, purpose: Purpose, now_ms: int, law: Catalogue | None) -> DossierView:
    """A dossier that this person may look into now, for this purpose and at this pace."""
    check_purpose(HERE, purpose)
    require_pace(connection, HUB_NODE, purpose.officer, now_ms)
    view = projection.view_of(connection, rid)
    if view is None:
        raise UnknownRecord()
    _require_lawful(connection, law, view, purpose, now_ms)
    return view


def _require_lawful(
    connection: apsw.Connection, law: Catalogue | None, view: DossierView, purpose: Purpose, now_ms: int
) -> None:
    if not is_broken(connection, view.rid, purpose.officer, now_ms):
        require_open(connection, law, view, HERE.office, purpose)


def looks_at(
    connection: apsw.Connection, key: Key, value: str, birth_date: str, purpose: Purpose, now_ms: int
) -> list[Look]:
    """Who looked at the person behind a key, newest first: the person's own right (E.2 rule 5). Asking is itself noted.

    Raises:
        KeyMissing, PurposeMissing.
    """
    if not value.strip():
        raise KeyMissing()
    check_purpose(HERE, purpose)
    rids = [view.rid for view in projection.find(connection, key_for(key, value, birth_date), 500)]
    audit.record(
        connection,
        at_ms=now_ms,
        node=HUB_NODE,
        office=HERE.office,
        purpose=purpose,
        what=f"looks:{key}",
        rid=None,
        outcome=f"{len(rids)} dossiers",
    )
    found: list[Look] = []
    for rid in rids:
        rows = connection.execute(
            "SELECT at_ms, node, office, officer, role, what, rid, dossier, reason, coalesce(certificate, '')"
            " FROM audit WHERE rid = ? ORDER BY id",
            (rid,),
        )
        found += [Look(*row) for row in rows]
    return sorted(found, key=lambda one: (one.at_ms, one.rid), reverse=True)


def _note(connection: apsw.Connection, rid: RecordId, purpose: Purpose, what: str, outcome: str, now_ms: int) -> None:
    audit.record(
        connection,
        at_ms=now_ms,
        node=HUB_NODE,
        office=HERE.office,
        purpose=purpose,
        what=what,
        rid=rid,
        outcome=outcome,
    )
