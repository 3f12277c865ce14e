"""Changes of a person's number: which dossiers go from one number to another, proposed by one person, approved by another.

One operation serves four cases: a number corrected or first obtained, two numbers of one person merged, one number of two persons split (some
dossiers go, the others stay). Approval writes the hub's events in every dossier: the number with its proof, and for each coded paper of the
old number a new code; the old code stays as an alias under which the paper is found. Signed files and records are never touched: the
office signs new metadata when it next works on the paper.

Source: domain.md D.3, D.3b; QĐ 1333/QĐ-BHXH Điều 10, 11.2, 13.3b (a correction is a separate act with its proof); NĐ 61/2018 Điều 5.1c.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Literal, get_args

import apsw
import msgspec

from central_hub.cases.decisions import Decider
from central_hub.ingest.commit import place_hub_events
from central_hub.lookup.audit import record_act
from central_hub.lookup.masking import masked
from central_hub.numbers.errors import AnotherApprover, ChangeIncomplete, ChangeSettled, DossierMoved, NumberUnreadable
from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.adapters.stored_views import read_views
from sync_protocol.bodies import IdentityAsserted
from sync_protocol.folding import digits
from sync_protocol.ids import EventId, OfficeCode, RecordId
from sync_protocol.renumbering import recoded
from sync_protocol.search_keys import key_for
from sync_protocol.view import DossierView

Kind = Literal["corrected", "obtained", "merged", "split"]
KINDS: tuple[Kind, ...] = get_args(Kind)
FIELD = "personal_id"
_NUMBER = re.compile(r"\d{12}")
_RID_BYTES = 16
_DOSSIERS_READ = 200
UNASSIGNED_SHOWN = 200  # a page of them
_COLUMNS = "id, kind, old, new, proof, reason, rids, asked_by, asked_ms, settled_by, settled_ms, state"


class Change(msgspec.Struct, frozen=True):
    """One change. `old` is "" where the person had no number; times are UTC ms; state is waiting, approved or withdrawn."""

    id: int
    kind: str
    old: str
    new: str
    proof: str
    reason: str
    rids: bytes
    asked_by: str
    asked_ms: int
    settled_by: str
    settled_ms: int
    state: str

    @property
    def dossiers(self) -> tuple[RecordId, ...]:
        """The dossiers that go to the new number."""
        return tuple(RecordId(self.rids[at : at + _RID_BYTES]) for at in range(0, len(self.rids), _RID_BYTES))


def carriers(connection: apsw.Connection, number: str) -> list[DossierView]:
    """Dossiers that carry a number now, as applicant's or paper owner's."""
    found = projection.find(connection, key_for(FIELD, number), 500) if number else []
    return [view for view in found if _carries(view, number)]


def unassigned(connection: apsw.Connection, limit: int = UNASSIGNED_SHOWN, after: bytes = b"") -> list[DossierView]:
    """Dossiers behind the record id `after` with a coded paper that has no owner: outside every Kho until a person assigns one (Điều 11.2, R-34)."""
    found: list[DossierView] = []
    while len(found) < limit and (rows := _with_unowned_paper(connection, after)):
        after = rows[-1][0]
        found += [view for _, view in rows if any(one.codes and not one.owner for one in view.documents)]
    return found[:limit]


def _with_unowned_paper(connection: apsw.Connection, after: bytes) -> list[tuple[bytes, DossierView]]:
    """The next dossiers in which some paper has no owner and some has a code; mostly the same paper, so the caller looks."""
    rows = connection.execute(
        "SELECT s.rid, s.view FROM (SELECT DISTINCT rid FROM document WHERE owner = '' AND rid > ?) AS d JOIN dossier s ON s.rid = d.rid"
        " WHERE s.keys LIKE '%\"digitization_code:%' ORDER BY s.rid LIMIT ?",
        (after, _DOSSIERS_READ),
    ).fetchall()
    return [(view.rid, view) for view in read_views(connection, rows)]


def propose(
    connection: apsw.Connection,
    kind: str,
    old: str,
    new: str,
    rids: Sequence[RecordId],
    *,
    proof: str,
    reason: str,
    decider: Decider,
) -> int:
    """Write a change down; returns its id. Nothing changes yet.

    Raises:
        ChangeIncomplete, NumberUnreadable; DossierMoved where a dossier does not carry the old number.
    """
    lacking = (
        ("giấy tờ chứng minh", "proof", proof),
        ("lý do", "reason", reason),
        ("hồ sơ", "dossiers", "x" if rids else ""),
        ("loại thay đổi", "kind", kind if kind in KINDS else ""),
    )
    for missing, what, value in lacking:
        if not value.strip():
            raise ChangeIncomplete(missing=missing, what=what)
    was, now = digits(old), digits(new)
    if not _NUMBER.fullmatch(now) or was == now or (was and not _NUMBER.fullmatch(was)):
        raise NumberUnreadable()
    change = Change(
        0,
        kind,
        was,
        now,
        proof.strip(),
        reason.strip(),
        b"".join(dict.fromkeys(rids)),
        decider.account,
        decider.now_ms,
        "",
        0,
        "waiting",
    )
    _views(connection, change)
    connection.execute(
        "INSERT INTO number_change(kind, old, new, proof, reason, rids, asked_by, asked_ms, state) VALUES(?,?,?,?,?,?,?,?,'waiting')",
        (kind, was, now, change.proof, change.reason, change.rids, decider.account, decider.now_ms),
    )
    made = connection.last_insert_rowid()
    _note(connection, decider, "number.propose", change, f"change {made}: {len(change.dossiers)} dossiers")
    return made


def changes(connection: apsw.Connection, limit: int = 100) -> list[Change]:
    """Waiting changes first, then the newest."""
    rows = connection.execute(
        f"SELECT {_COLUMNS} FROM number_change ORDER BY state = 'waiting' DESC, id DESC LIMIT ?", (limit,)
    )
    return [_change(row) for row in rows]


def change_of(connection: apsw.Connection, change_id: int) -> Change:
    """One change. Raises ChangeSettled where there is none."""
    row = connection.execute(f"SELECT {_COLUMNS} FROM number_change WHERE id = ?", (change_id,)).fetchone()
    if row is None:
        raise ChangeSettled(change=change_id)
    return _change(row)


def approve(connection: apsw.Connection, change_id: int, decider: Decider) -> set[OfficeCode]:
    """Write the change into every dossier, all or none; returns the offices with news.

    Raises:
        ChangeSettled; AnotherApprover: the same person; DossierMoved: a dossier changed meanwhile.
    """
    change = _waiting(connection, change_id)
    if change.asked_by.casefold() == decider.account.casefold():
        raise AnotherApprover(change=change.id)
    news: set[OfficeCode] = set()
    officer = f"{change.asked_by}+{decider.account}"
    for view in _views(connection, change):
        heads = [head for one in view.identity if one.field == FIELD for head in one.settled.heads]
        said = IdentityAsserted(field=FIELD, value=change.new, proof=f"{change.proof} ({change.kind})", officer=officer)
        news |= place_hub_events(
            connection, decider.epoch, [(view.rid, said), *((view.rid, one) for one in recoded(view, {change.old}, change.new))], decider.now_ms, decider.account,
            tuple(EventId(one.id) for one in heads),
        )  # fmt: skip
    _settle(connection, change, "approved", decider)
    return news


def withdraw(connection: apsw.Connection, change_id: int, decider: Decider) -> None:
    """Take a waiting change back. Raises ChangeSettled."""
    _settle(connection, _waiting(connection, change_id), "withdrawn", decider)


def _views(connection: apsw.Connection, change: Change) -> list[DossierView]:
    views = [projection.view_of(connection, rid) for rid in change.dossiers]
    found = [
        view
        for view in views
        if view is not None and (_carries(view, change.old) if change.old else not view.person(FIELD))
    ]
    if len(found) != len(views):
        raise DossierMoved(change=change.id)
    return found


def _carries(view: DossierView, number: str) -> bool:
    return digits(view.person(FIELD)) == number or any(one.owner == number for one in view.documents)


def _waiting(connection: apsw.Connection, change_id: int) -> Change:
    change = change_of(connection, change_id)
    if change.state != "waiting":
        raise ChangeSettled(change=change_id)
    return change


def _settle(connection: apsw.Connection, change: Change, state: str, decider: Decider) -> None:
    connection.execute(
        "UPDATE number_change SET state = ?, settled_by = ?, settled_ms = ? WHERE id = ?",
        (state, decider.account, decider.now_ms, change.id),
    )
    _note(connection, decider, f"number.{state}", change, f"change {change.id}")


def _note(connection: apsw.Connection, decider: Decider, what: str, change: Change, outcome: str) -> None:
    for rid in change.dossiers:
        record_act(
            connection, at_ms=decider.now_ms, officer=decider.account, roles=decider.roles, what=what, subject=masked(change.new), rid=rid,
            reason=change.kind, outcome=outcome,
        )  # fmt: skip


def _change(row: tuple[apsw.SQLiteValue, ...]) -> Change:
    number, kind, old, new, proof, reason, rids, asked_by, asked_ms, settled_by, settled_ms, state = row
    return Change(
        as_int(number), str(kind), str(old), str(new), str(proof), str(reason), as_bytes(rids), str(asked_by), as_int(asked_ms), str(settled_by),
        as_int(settled_ms), str(state),
    )  # fmt: skip
