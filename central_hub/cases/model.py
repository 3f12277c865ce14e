"""Cases: one per open register, per move without effect, per reuse of a revoked paper and per suspected pair, whichever side it is seen from, with age, holder and escalation.

A case is derived from the views, so it opens and closes with them and is never out of step; only its holder is kept. A pair is one case, not
two: its id is the same from both dossiers.

Source: domain.md D.1–D.5, P7 (conflicts are notified, never settled silently).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import apsw
import msgspec

from sync_protocol.adapters import projection
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int
from sync_protocol.adapters.worklist import arrivals, disputed_ms, open_cases
from sync_protocol.cases import ConflictView, Proposal, RevokedReuse, Suspicion
from sync_protocol.ids import OfficeCode, RecordId
from sync_protocol.merge_pairs import pair_id
from sync_protocol.register import Settled
from sync_protocol.view import DossierView

Kind = Literal["identity", "metadata", "proposal", "reuse", "dossier", "document", "code"]
DAY_MS = 86_400_000
DOSSIERS_MAX = 5_000
KEYS_AT_ONCE = 500


class Case(msgspec.Struct, frozen=True, kw_only=True):
    """One case. `subject` is the register (ConflictView), the move (Proposal), the reuse (RevokedReuse) or the pair (Suspicion) as its dossier `rid` shows it.

    `opened_ms` is when the hub first held both sides (UTC ms). `owner` is "" while nobody took it.
    """

    id: bytes
    kind: Kind
    rid: RecordId
    code: str
    offices: tuple[OfficeCode, ...]
    custodian: OfficeCode
    conflict: ConflictView | None = None
    pair: Suspicion | None = None
    proposal: Proposal | None = None
    reuse: RevokedReuse | None = None
    opened_ms: int = 0
    owner: str = ""
    taken_ms: int = 0
    waits_for_approval: bool = False

    def age_days(self, now_ms: int) -> int:
        """Whole days since it opened."""
        return max(0, (now_ms - self.opened_ms) // DAY_MS)

    def is_escalated(self, now_ms: int, after_days: int) -> bool:
        """Whether leaders should look: it is open for `after_days` or longer."""
        return self.age_days(now_ms) >= after_days

    @property
    def is_the_custodian_s(self) -> bool:
        """A move without effect, or a reused paper that was revoked: answered by the office with custody, not here."""
        return self.proposal is not None or self.reuse is not None

    @property
    def needs_new_code(self) -> bool:
        """Two dossiers under one printed code: told apart only by the later one's office, which gives it another (D.10)."""
        return self.pair is not None and self.pair.kind == "code" and self.pair.lead is not None

    @property
    def needs_second_person(self) -> bool:
        """A person's identity is never settled by one person alone (D.3, second approver)."""
        return self.kind == "identity"


def read_cases(connection: apsw.Connection, limit: int = DOSSIERS_MAX) -> list[Case]:
    """The open cases of the `limit` dossiers received first, oldest first."""
    found: dict[bytes, tuple[DossierView, Case]] = {}
    for view in open_cases(connection, limit):
        for case in cases_of(view):
            found.setdefault(case.id, (view, case))
    return sorted(_with_holders(connection, list(found.values())), key=lambda one: (one.opened_ms, one.id))


def find_case(connection: apsw.Connection, rid: RecordId, case_id: bytes) -> Case | None:
    """The open case under an id, seen from one of its dossiers, or None."""
    view = projection.view_of(connection, rid)
    case = next((one for one in cases_of(view) if one.id == case_id), None) if view else None
    return None if view is None or case is None else _with_holders(connection, [(view, case)])[0]


def _with_holders(connection: apsw.Connection, found: list[tuple[DossierView, Case]]) -> list[Case]:
    """Who holds each case, since when it is open, and whether it waits for a second person; two statements for every five hundred cases."""
    ids = [case.id for _, case in found]
    owners = {as_bytes(one): (str(account), as_int(at)) for one, account, at in _for_each(connection, _OWNERS, ids)}
    waiting = {as_bytes(one) for (one,) in _for_each(connection, _WAITING, ids)}
    cases = []
    for view, case in found:
        opened = _opened_ms(connection, view, case)
        owner, taken_ms = owners.get(case.id, ("", 0))
        cases.append(
            msgspec.structs.replace(case, opened_ms=opened, owner=owner, taken_ms=taken_ms, waits_for_approval=case.id in waiting)
        )
    return cases


def _opened_ms(connection: apsw.Connection, view: DossierView, case: Case) -> int:
    if case.pair:
        return case.pair.since_ms
    if case.reuse:
        return case.reuse.since_ms
    if case.proposal:
        return arrivals(connection, view.rid).get(case.proposal.act, 0)
    return disputed_ms(connection, view.rid, register_of(view, case.conflict))


_OWNERS = "SELECT case_id, account, taken_ms FROM case_owner WHERE case_id IN ({})"
_WAITING = "SELECT DISTINCT case_id FROM case_decision WHERE state = 'waiting' AND case_id IN ({})"


def _for_each(connection: apsw.Connection, sql: str, keys: Sequence[bytes]) -> Iterator[tuple[apsw.SQLiteValue, ...]]:
    for at in range(0, len(keys), KEYS_AT_ONCE):
        some = keys[at : at + KEYS_AT_ONCE]
        yield from connection.execute(sql.format(",".join("?" * len(some))), some)


def cases_of(view: DossierView) -> Iterator[Case]:
    """The open cases that one dossier shows."""
    for conflict in view.conflicts:
        kind: Kind = "metadata" if conflict.document_id else "identity"
        yield Case(
            id=conflict.id, kind=kind, rid=view.rid, code=view.code, offices=(view.office,), custodian=view.custody.office, conflict=conflict
        )  # fmt: skip
    for proposal in view.open_proposals:  # an act has one id on all replicas, so its case has
        yield Case(
            id=proposal.act, kind="proposal", rid=view.rid, code=view.code, offices=tuple(sorted({view.custody.office, proposal.office})),
            custodian=view.custody.office, proposal=proposal,
        )  # fmt: skip
    for reuse in view.open_reuses:
        yield Case(
            id=reuse.id, kind="reuse", rid=view.rid, code=view.code, offices=tuple(sorted({view.custody.office, reuse.office})),
            custodian=view.custody.office, reuse=reuse,
        )  # fmt: skip
    for pair in view.suspicions:
        if not pair.judged:
            yield Case(
                id=pair_id(view.rid, pair), kind=pair.kind, rid=view.rid, code=view.code,
                offices=tuple(sorted({view.office, pair.other_office})), custodian=view.custody.office, pair=pair,
            )  # fmt: skip


def register_of(view: DossierView, conflict: ConflictView | None) -> Settled | None:
    """The open register behind a conflict, with every value and who gave it."""
    if conflict is None:
        return None
    document = view.document(conflict.document_id) if conflict.document_id else None
    fields = document.fields if document else view.identity
    return next((one.settled for one in fields if one.settled.conflict == conflict.id), None)
