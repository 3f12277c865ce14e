"""A correction of the person's identity waits for a second person, and once settled leaves the old number as an alias (D.3)."""

from __future__ import annotations

import itertools

import pytest

from sync_protocol import bodies as b
from sync_protocol.acts import act_id
from sync_protocol.envelope import Event
from sync_protocol.ids import HUB_NODE, ActId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.register import Rank
from sync_protocol.search_keys import NUMBERS, key_for, keys_of
from sync_protocol.view import DossierView, encode_view
from tests.sync_protocol.event_sets import NAMES, NODES, RID, History, reception

OLD, NEW = "001185012345", "001185099999"


def seen(event: Event) -> ActId:
    return act_id(event.header)


def proposal(field: str = "personal_id", value: str = NEW, former: str = OLD) -> b.IdentityAsserted:
    return b.IdentityAsserted(field=field, value=value, proof="căn cước", officer="cb01", awaits=True, former=former)


def settlement(history: History, value: str, field: str = "personal_id") -> b.ConflictResolved:
    (case,) = [one for one in fold(RID, history.events).conflicts if one.field == field]
    return b.ConflictResolved(conflict=case.id, field=field, value=value, reason="đã xem thẻ", officer="cb02", office=OfficeCode("00101"))


@pytest.fixture
def history() -> History:
    one = History()
    one.add(NODES[0], 1 << 16, reception("00101", NAMES[0]))
    return one


def heads(view: DossierView, field: str = "personal_id") -> tuple[ActId, ...]:
    return next(tuple(head.id for head in one.settled.heads) for one in view.identity if one.field == field)


def test_what_one_officer_proposes_changes_nothing_and_is_an_open_case(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal())
    view = fold(RID, history.events)
    assert view.person("personal_id") == OLD and view.applicant is not None and view.applicant.personal_id == OLD
    assert [(one.field, one.values) for one in view.conflicts] == [("personal_id", (OLD, NEW))]
    assert {key_for("personal_id", one) for one in (OLD, NEW)} <= set(keys_of(view))


def test_the_case_of_a_proposal_has_one_id_in_any_order_and_stays_open_beside_a_settled_value(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal())
    history.add(NODES[0], 3 << 16, settlement(history, NEW), base=heads(fold(RID, history.events)))
    history.add(NODES[1], 4 << 16, proposal(value="001185011111", former=NEW))
    views = {encode_view(fold(RID, order)) for order in itertools.permutations(history.events)}
    assert len(views) == 1
    view = fold(RID, history.events)
    assert view.person("personal_id") == NEW and [one.values for one in view.conflicts] == [("001185011111", NEW)]


def test_a_settled_correction_counts_and_the_old_number_still_finds_the_dossier(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal())
    history.add(NODES[1], 3 << 16, settlement(history, NEW), base=heads(fold(RID, history.events)))
    view = fold(RID, history.events)
    assert view.conflicts == () and view.person("personal_id") == NEW
    assert view.applicant is not None and view.applicant.personal_id == NEW
    assert view.former_numbers == (("personal_id", OLD),) and key_for("personal_id", OLD) in set(keys_of(view))


def test_a_refused_correction_leaves_no_alias_and_no_case(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal())
    history.add(NODES[1], 3 << 16, settlement(history, OLD), base=heads(fold(RID, history.events)))
    view = fold(RID, history.events)
    assert view.conflicts == () and view.person("personal_id") == OLD and view.former_numbers == ()
    assert key_for("personal_id", NEW) not in set(keys_of(view))


def test_a_first_number_waits_like_a_corrected_one_and_may_be_refused(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal("bhxh_number", "0120345678", ""))
    view = fold(RID, history.events)
    assert view.person("bhxh_number") == "" and [one.values for one in view.conflicts] == [("", "0120345678")]
    assert [head.rank for one in view.identity if one.field == "bhxh_number" for head in one.settled.heads] == [Rank.PROPOSED]
    for value in ("0120345678", ""):
        other = History()
        other.add(NODES[0], 1 << 16, reception("00101", NAMES[0]))
        other.add(NODES[0], 2 << 16, proposal("bhxh_number", "0120345678", ""))
        other.add(NODES[1], 3 << 16, settlement(other, value, "bhxh_number"), base=heads(view, "bhxh_number"))
        closed = fold(RID, other.events)
        assert closed.conflicts == () and closed.person("bhxh_number") == value and closed.former_numbers == ()


def test_a_number_that_was_corrected_back_is_no_alias_of_itself(history: History) -> None:
    for at, (value, former) in enumerate(((NEW, OLD), (OLD, NEW))):
        history.add(NODES[0], (2 + 2 * at) << 16, proposal(value=value, former=former))
        history.add(NODES[1], (3 + 2 * at) << 16, settlement(history, value), base=heads(fold(RID, history.events)))
    assert fold(RID, history.events).former_numbers == (("personal_id", NEW),)


def test_the_hubs_own_correction_closes_one_that_waits(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal())
    said = b.IdentityAsserted(field="personal_id", value=NEW, proof="thẻ (corrected)", officer="lan+minh")
    history.add(HUB_NODE, 3 << 16, said, base=heads(fold(RID, history.events)))
    view = fold(RID, history.events)
    assert view.conflicts == () and view.person("personal_id") == NEW and view.former_numbers == (("personal_id", OLD),)


def test_two_desks_that_settle_a_correction_differently_open_it_again(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal())
    base = heads(fold(RID, history.events))
    words = [settlement(history, value) for value in (NEW, OLD)]
    for node, said in zip(NODES[1:], words, strict=True):
        history.add(node, 3 << 16, said, base=base)
    assert [one.values for one in fold(RID, history.events).conflicts] == [(OLD, NEW)]


def test_a_name_corrected_in_its_letters_alone_stands_in_the_applicant(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal("name", NAMES[1], NAMES[0]))
    history.add(NODES[1], 3 << 16, settlement(history, NAMES[1], "name"), base=heads(fold(RID, history.events), "name"))
    view = fold(RID, history.events)
    assert view.applicant is not None and view.applicant.name == NAMES[1] == view.person("name")
    assert view.former_numbers == () and "name" not in NUMBERS


def test_a_program_from_before_sees_a_second_value_and_the_same_end(history: History) -> None:
    """It ignores `awaits`: without a base the proposal stands beside the value until the same settlement."""
    plain = b.IdentityAsserted(field="personal_id", value=NEW, proof="căn cước", officer="cb01")
    history.add(NODES[0], 2 << 16, plain)
    before = fold(RID, history.events)
    assert [one.values for one in before.conflicts] == [(OLD, NEW)]
    history.add(NODES[1], 3 << 16, settlement(history, NEW), base=heads(before))
    assert fold(RID, history.events).person("personal_id") == NEW


def test_a_proposal_takes_nothing_back_of_what_was_settled_before_it(history: History) -> None:
    history.add(NODES[0], 2 << 16, proposal())
    history.add(NODES[1], 3 << 16, settlement(history, NEW), base=heads(fold(RID, history.events)))
    history.add(NODES[2], 4 << 16, proposal(value="001185011111", former=NEW))
    view = fold(RID, history.events)
    assert len(view.conflicts) == 1 and view.applicant is not None and view.applicant.personal_id == NEW == view.person("personal_id")
