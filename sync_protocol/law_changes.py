"""What a later catalogue says of the procedure version a dossier was received under: it had ended, or its limit or its components are others (D.9).

A dossier keeps the version and the promise of its day; this only says that a person should look. The id is of dossier, version and what the law says
instead, so every replica with the same catalogue names one case alike, and another statement of the law is another case.

Source: domain.md D.8, D.9; QĐ 1333/QĐ-BHXH Điều 14; NĐ 61/2018/NĐ-CP Điều 17, 19.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Literal

import msgspec

from sync_protocol.bodies import DossierReceived
from sync_protocol.calendar import vietnam_date
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import RecordId
from sync_protocol.lifecycle import RESOLVED
from sync_protocol.procedure import Procedure, Submitter
from sync_protocol.view import DossierView


class LawChange(msgspec.Struct, frozen=True):
    """One case. `ended_on` is the last day of the version used ("ended"), or the day before its first ("early"); `in_force` the version of the receipt's day, 0 for none.

    `promised` and `due_rules` are limits as they were promised and as the catalogue has them; `missing` are components that the catalogue asks for besides.
    """

    id: bytes
    kind: Literal["ended", "early", "deadline", "components"]
    version: int
    in_force: int = 0
    ended_on: dt.date | None = None
    promised: str = ""
    due_rules: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()


def law_change(view: DossierView, reception: DossierReceived | None, catalogue: Catalogue) -> LawChange | None:
    """What a person of the office with custody should check, or None: nothing, or confirmed already (`versions_kept`). Pure."""
    if reception is None or not view.received_ms or view.state in RESOLVED or not view.procedure_version.isdigit():
        return None
    found = _found(view, reception, catalogue)
    return None if found is None or found.id in view.versions_kept else found


def _found(view: DossierView, reception: DossierReceived, catalogue: Catalogue) -> LawChange | None:
    version = int(view.procedure_version)
    day = vietnam_date(dt.datetime.fromtimestamp(view.received_ms / 1000, dt.UTC))
    used, right = catalogue.procedure_version(view.procedure, version), catalogue.procedure(view.procedure, day)
    in_force = right.version if right else 0
    if used is None:  # what this catalogue does not have may be newer than it: only a later version says that this one is over
        last = right.valid_from - dt.timedelta(days=1) if right else None
        return _case(view, "ended", version, in_force, ended_on=last) if in_force > version else None
    if used.valid_to is not None and used.valid_to < day:
        return _case(view, "ended", version, in_force, ended_on=used.valid_to)
    if day < used.valid_from:
        return _case(view, "early", version, in_force, ended_on=used.valid_from - dt.timedelta(days=1))
    return _changed(view, reception, used)


def _changed(view: DossierView, reception: DossierReceived, used: Procedure) -> LawChange | None:
    """The version still holds, and the catalogue says something else of it than on the day of receipt."""
    submitter: Submitter = view.submitter_type if view.submitter_type in ("worker", "employer") else "any"  # type: ignore[assignment]
    promised = reception.deadline_rule.partition(" (")[0]
    rules = tuple(sorted({f"{one.amount} {one.unit}" for one in used.deadlines if one.submitter in ("any", submitter)}))
    if promised and rules and promised not in rules:
        return _case(view, "deadline", used.version, used.version, promised=promised, due_rules=rules)
    planned = {one.document_type for one in reception.components}
    missing = {one.document_type: one.name for one in used.components_for(submitter) if one.required and one.document_type not in planned}
    if planned and missing:
        return _case(view, "components", used.version, used.version, missing=tuple(missing[one] for one in sorted(missing)))
    return None


def _case(
    view: DossierView, kind: Literal["ended", "early", "deadline", "components"], version: int, in_force: int, *, ended_on: dt.date | None = None,
    promised: str = "", due_rules: tuple[str, ...] = (), missing: tuple[str, ...] = (),
) -> LawChange:  # fmt: skip
    said = (kind, view.procedure, version, in_force, ended_on.isoformat() if ended_on else "", promised, due_rules, missing)
    return LawChange(_case_id(view.rid, said), kind, version, in_force, ended_on, promised, due_rules, missing)


def _case_id(rid: RecordId, said: tuple[object, ...]) -> bytes:
    return hashlib.sha256(b"lienthong/law-change/1\0" + rid + msgspec.msgpack.encode(said)).digest()
