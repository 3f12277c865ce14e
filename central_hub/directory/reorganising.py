"""Reorganising: merge, split, rename and transfer of offices on a day, as changes to units and successions.

Former names stay in the catalogue with the day they ended, because receipts, codes and signed copies carry them as evidence. Whether a day leaves
a gap or a circle is judged with the whole draft (validation.py), so that several steps of one day may be put together.

Source: NQ 202/2025/QH15; domain.md C.8, D.8.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import msgspec

from central_hub.directory.changes import Change, closed_before, entries_of, key_of
from central_hub.directory.errors import ReorganisationRefused
from sync_protocol.catalogue import Catalogue, SuccessionKind, Unit, UnitSuccession

_DAY = dt.timedelta(days=1)


class Reorganisation(msgspec.Struct, frozen=True):
    """What happens on `date`. `to` names offices as (code, name); an empty name keeps the one the office has. `scope` tells a transfer."""

    kind: SuccessionKind
    date: dt.date
    from_codes: tuple[str, ...]
    to: tuple[tuple[str, str], ...]
    source: str
    scope: str = ""


def changes_of_reorganisation(plan: Reorganisation, base: Catalogue, now: Catalogue) -> tuple[Change, ...]:
    """The changes of a plan. `base` is the published catalogue, `now` the same with the draft's earlier changes.

    Raises:
        ReorganisationRefused: counts that do not fit the kind, an office that does not exist on the day before, or a new one without a name.
    """
    _check(plan, now)
    units: dict[str, msgspec.Struct] = {}
    model = _standing(now, plan.from_codes[0], plan.date - _DAY)
    ending = plan.from_codes if plan.kind != "transfer" else ()
    for code in ending:
        held = _standing(now, code, plan.date - _DAY)
        units[key_of("units", held)] = closed_before(held, plan.date)
    for code, name in plan.to:
        found = now.unit(code, plan.date)
        is_continued = found is not None and (code in ending or (name and name != found.name))
        if found is None or is_continued:
            made = _made(found or model, code, name or (found.name if found else ""), plan)
            if found is not None and found.valid_from < plan.date:
                units[key_of("units", found)] = closed_before(found, plan.date)
            units[key_of("units", made)] = made
    steps = [
        UnitSuccession(code, to, plan.kind, plan.date, plan.scope, plan.source, "S")
        for code in plan.from_codes
        for to, _ in plan.to
    ]
    steps += _renames(plan, now)
    return (*_as_changes("units", list(units.values()), base), *_as_changes("successions", steps, base))


def _renames(plan: Reorganisation, now: Catalogue) -> list[UnitSuccession]:
    """An office that takes over under a new name, without being one of those that end, follows itself."""
    taken = {(one.from_code, one.to_code, one.date) for one in now.successions}
    return [
        UnitSuccession(code, code, "rename", plan.date, "", plan.source, "S")
        for code, name in plan.to
        if code not in plan.from_codes and name and (held := now.unit(code, plan.date - _DAY)) and held.name != name
        and (code, code, plan.date) not in taken
    ]  # fmt: skip


def _check(plan: Reorganisation, now: Catalogue) -> None:
    counts = {"merge": (2, None, 1, 1), "split": (1, 1, 2, None), "rename": (1, 1, 1, 1), "transfer": (1, 1, 1, 1)}
    least_from, most_from, least_to, most_to = counts[plan.kind]
    for codes, least, most, word in (
        (plan.from_codes, least_from, most_from, "đơn vị trước"), ([code for code, _ in plan.to], least_to, most_to, "đơn vị sau"),
    ):  # fmt: skip
        if len(codes) < least or (most is not None and len(codes) > most) or len(set(codes)) != len(codes):
            wanted = f"{least}" if most == least else f"ít nhất {least}"
            raise ReorganisationRefused(
                reason=f"cần {wanted} {word}, mỗi mã một lần", rule=f"{plan.kind} with {len(codes)}"
            )
    if plan.kind == "merge" and len(plan.from_codes) == 1:
        raise ReorganisationRefused(reason="sáp nhập cần từ hai đơn vị", rule="merge of one")
    if plan.kind == "rename" and plan.from_codes[0] == plan.to[0][0] and not plan.to[0][1]:
        raise ReorganisationRefused(reason="đổi tên cần có tên mới", rule="rename without a name")
    if plan.kind == "transfer" and not plan.scope:
        raise ReorganisationRefused(reason="chuyển giao cần ghi phạm vi được chuyển", rule="transfer without scope")
    for code in plan.from_codes:
        _standing(now, code, plan.date - _DAY)
    for code, name in plan.to:
        if now.unit(code, plan.date) is None and not name:
            raise ReorganisationRefused(reason=f"đơn vị mới {code} chưa có tên", rule=f"{code} is new and nameless")


def _standing(now: Catalogue, code: str, day: dt.date) -> Unit:
    found = now.unit(code, day)
    if found is None:
        raise ReorganisationRefused(
            reason=f"đơn vị {code} không có vào ngày {day:%d/%m/%Y}", rule=f"{code} unknown on {day}"
        )
    return found


def _made(model: Unit, code: str, name: str, plan: Reorganisation) -> Unit:
    identifier = model.identifier if model.code == code else ""
    return msgspec.structs.replace(
        model, code=code, name=name, identifier=identifier, valid_from=plan.date, valid_to=None, provisional=False,
        source=plan.source, trust="S",
    )  # fmt: skip


def _as_changes(place: str, entries: Sequence[msgspec.Struct], base: Catalogue) -> tuple[Change, ...]:
    before = entries_of(base, place)
    return tuple(Change(place, key_of(place, entry), before.get(key_of(place, entry)), entry) for entry in entries)
