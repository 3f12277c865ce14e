"""The merge of a person's identity: a register per field, in which a desk's correction waits until a second person settles it (D.3).

Invariant: nobody's word alone replaces a name, a number or a birth date. What one officer of an office asserts, with `awaits` or without, stands beside the value
as an open case that every replica names alike; the value in force goes on speaking. Once settled, a number that was replaced stays an alias of the dossier. At once
counts only what the hub asserts, where two people stand for it.

Source: design.md §5; domain.md D.3, D.3b; NĐ 30/2020 Phụ lục VI.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

import msgspec

from sync_protocol.acts import Act
from sync_protocol.bodies import ConflictResolved, IdentityAsserted, Party
from sync_protocol.ids import HUB_NODE, RecordId
from sync_protocol.merge_reception import IDENTITY_FIELDS
from sync_protocol.register import Entry, Rank, disputed, normalise, settle
from sync_protocol.search_keys import NUMBERS
from sync_protocol.view import DossierView, FieldView

Asserted = Sequence[tuple[Act, IdentityAsserted]]
Numbers = tuple[tuple[str, str], ...]


def fold_identity(
    rid: RecordId, applicants: Iterable[tuple[Act, Party]], asserted: Asserted, resolved: Iterable[tuple[Act, ConflictResolved]]
) -> tuple[tuple[FieldView, ...], Numbers]:
    """The registers of a dossier's person, sorted by field, and the numbers (field, value) that corrections replaced."""
    entries: defaultdict[str, list[Entry]] = defaultdict(list)
    for act, applicant in applicants:
        for field in IDENTITY_FIELDS:
            value = getattr(applicant, field)
            if value:
                entries[field].append(Entry(act.id, value, Rank.INTAKE, (), act.header.node, act.header.actor))
    for act, said in asserted:
        if not waits(act, said):
            entries[said.field].append(Entry(act.id, said.value, Rank.INTAKE, act.header.base, act.header.node, act.header.actor))
    for act, settled in resolved:
        if settled.document_id is None:
            entries[settled.field].append(Entry(act.id, settled.value, Rank.SETTLED, act.header.base, act.header.node, act.header.actor))
    waiting = _waiting(asserted, entries)
    views = []
    for field in sorted({*entries, *waiting}):
        name = field.encode()
        state = disputed(rid, name, settle(rid, name, entries.get(field, ())), waiting.get(field, ()))
        if state is not None:
            views.append(FieldView(field, state))
    return tuple(views), _former(asserted, entries, views)


def waits(act: Act, said: IdentityAsserted) -> bool:
    """Whether it counts only once a second person has settled it: all but what the hub says without `awaits`. Pure."""
    return said.awaits or act.header.node != HUB_NODE


def as_settled(view: DossierView) -> DossierView:
    """The view with its applicant as corrected, wherever values in force are not in dispute; another way of writing the same changes nothing. Pure."""
    party = view.applicant
    if party is None:
        return view
    changed = {
        one.field: one.settled.value
        for one in view.identity
        if one.field in IDENTITY_FIELDS and _is_agreed(one) and _differs(one, getattr(party, one.field))
    }
    return msgspec.structs.replace(view, applicant=msgspec.structs.replace(party, **changed)) if changed else view


def _is_agreed(one: FieldView) -> bool:
    """Whether one value is in force. A proposal takes nothing back of what was settled before it."""
    held = one.settled
    return held.conflict is None or (held.rank > Rank.PROPOSED and len({normalise(head.value) for head in held.heads if head.rank == held.rank}) == 1)


def _differs(one: FieldView, given: str) -> bool:
    """Whether the register says something else than the reception; letter for letter where a person settled it."""
    value = one.settled.value
    return value != given if one.settled.rank == Rank.SETTLED else normalise(value) != normalise(given)


def _waiting(asserted: Asserted, entries: dict[str, list[Entry]]) -> dict[str, list[Entry]]:
    """Proposals that no entry of their field has seen."""
    found: defaultdict[str, list[Entry]] = defaultdict(list)
    for act, said in asserted:
        if waits(act, said) and not any(act.id in one.base for one in entries.get(said.field, ())):
            found[said.field].append(Entry(act.id, said.value, Rank.PROPOSED, (), act.header.node, act.header.actor))
    return found


def _former(asserted: Asserted, entries: dict[str, list[Entry]], views: Iterable[FieldView]) -> Numbers:
    """Numbers that an approved correction names as replaced, unless they are in force again."""
    standing = {(view.field, normalise(head.value)) for view in views for head in view.settled.heads}
    replaced = {
        (said.field, said.former)
        for act, said in asserted
        if waits(act, said) and said.former and said.field in NUMBERS
        and any(act.id in one.base and one.value == said.value for one in entries.get(said.field, ()))
    }  # fmt: skip
    return tuple(sorted(one for one in replaced if (one[0], normalise(one[1])) not in standing))
