"""What a later catalogue says of the version a dossier was received under, as a pure function: one id wherever it is worked out (D.9)."""

from __future__ import annotations

import datetime as dt

import msgspec

from sync_protocol import bodies as b
from sync_protocol.catalogue import Catalogue
from sync_protocol.ids import OfficeCode
from sync_protocol.law_changes import LawChange, law_change
from sync_protocol.merge import fold
from sync_protocol.procedure import DeadlineRule, Procedure
from sync_protocol.view import DossierView
from tests.sync_protocol.event_sets import NAMES, NODES, RID, History, reception

DAY = dt.date(2026, 11, 20)
RULE = DeadlineRule(5, "working_day", "QĐ 863", "P")
FIRST = Procedure("1.014166", 1, "Thai sản", "CĐ", "cơ sở", dt.date(2026, 1, 1), None, "x", "P", (RULE,), ())
BODY = msgspec.structs.replace(
    reception("00101", NAMES[0]), procedure_version="1", deadline_rule="5 working_day (QĐ 863)", submitter_type="worker",
    received_ms=int(dt.datetime(2026, 11, 20, 3, tzinfo=dt.UTC).timestamp() * 1000),
)  # fmt: skip


def law(*versions: Procedure) -> Catalogue:
    return Catalogue(version="2", built_at=dt.datetime(2026, 12, 1, tzinfo=dt.UTC), procedures=versions)


def view_of(body: b.DossierReceived = BODY, *more: msgspec.Struct) -> DossierView:
    history = History()
    history.add(NODES[0], 1 << 16, body)
    for at, one in enumerate(more, start=2):
        history.add(NODES[0], at << 16, one, fence=0)
    return fold(RID, history.events)


def found(*versions: Procedure, body: b.DossierReceived = BODY) -> LawChange | None:
    return law_change(view_of(body), body, law(*versions))


ENDED = msgspec.structs.replace(FIRST, valid_to=dt.date(2026, 11, 19))


def test_the_version_of_the_day_says_nothing_and_one_that_had_ended_does() -> None:
    assert found(FIRST) is None and found(msgspec.structs.replace(FIRST, valid_to=DAY)) is None
    told = found(ENDED)
    assert told is not None and (told.kind, told.ended_on, told.in_force) == ("ended", dt.date(2026, 11, 19), 0)
    assert found(ENDED) == told, "the same law names the same case"
    after = found(ENDED, msgspec.structs.replace(FIRST, version=2, valid_from=DAY))
    assert after is not None and after.in_force == 2 and after.id != told.id


def test_what_cannot_be_compared_is_not_told() -> None:
    assert law_change(view_of(), None, law(ENDED)) is None
    assert found(ENDED, body=msgspec.structs.replace(BODY, procedure_version="")) is None
    assert found() is None, "a catalogue without the procedure says nothing of it"
    stopped = view_of(BODY, b.StatusMoved(move="withdraw", office=OfficeCode("00101"), officer="x", at_ms=2))
    assert stopped.state == "withdrawn" and law_change(stopped, BODY, law(ENDED)) is None


def test_a_kept_case_is_closed_and_no_other() -> None:
    told = found(ENDED)
    assert told is not None
    kept = b.VersionKept(case=told.id, procedure="1.014166", version="1", reason="x", office=OfficeCode("00101"), officer="x", at_ms=2)
    view = view_of(BODY, kept, kept)
    assert view.versions_kept == (told.id,)
    assert law_change(view, BODY, law(ENDED)) is None
    assert law_change(view, BODY, law(msgspec.structs.replace(ENDED, valid_to=dt.date(2026, 11, 1)))) is not None


def test_only_the_limits_of_this_submitter_count() -> None:
    other = msgspec.structs.replace(RULE, amount=9, submitter="employer")
    assert found(msgspec.structs.replace(FIRST, deadlines=(RULE, other))) is None
    told = found(msgspec.structs.replace(FIRST, deadlines=(msgspec.structs.replace(RULE, amount=7), other)))
    assert told is not None and (told.kind, told.promised, told.due_rules) == ("deadline", "5 working_day", ("7 working_day",))
    anybody = msgspec.structs.replace(BODY, submitter_type="")
    assert found(FIRST, body=anybody) is None


def test_an_order_to_erase_leaves_the_case_closed() -> None:
    from sync_protocol.erasure import what_stays

    body = b.VersionKept(case=b"c", procedure="p", version="1", reason="x", office=OfficeCode("1"), officer="x", at_ms=2)
    assert b.read_body("version.kept", 1, what_stays(body)) == msgspec.structs.replace(body, reason="")
