"""An intake that ended without a reception: asked for papers, accepted or refused later, by one office at a time."""

from __future__ import annotations

import msgspec

from sync_protocol import bodies as b
from sync_protocol.ids import HUB_NODE, ComponentId, OfficeCode
from sync_protocol.merge import fold
from sync_protocol.search_keys import key_for, keys_of
from sync_protocol.view import DossierView
from tests.sync_protocol.event_sets import NAMES, NODES, RID, History, ended, reception


def view(history: History) -> DossierView:
    return fold(RID, history.events)


def asked() -> History:
    history = History()
    history.add(NODES[0], 1 << 16, ended("00101", NAMES[0]))
    return history


def accepted(office: str = "00101", number: str = "0009") -> b.DossierReceived:
    return msgspec.structs.replace(
        reception(office, NAMES[0]), code=f"{office}-261122-{number}", received_ms=9, due_date="2026-12-01"
    )


def test_papers_that_were_asked_for_open_a_dossier_without_code_or_deadline() -> None:
    found = view(asked())
    assert found.is_whole and found.state == "supplement_at_intake" and found.custody.office == "00101"
    assert found.code == "" and found.due_date == "" and found.received_ms == 0 and found.presented_ms == 1
    assert found.intakes[0].requests == ("Giấy khai sinh",) and found.intakes[0].reasons == ("Thiếu giấy tờ",)
    assert found.person("name") == NAMES[0] and [one.name for one in found.components] == ["Giấy khai sinh"]


def test_a_refusal_opens_and_ends_a_dossier() -> None:
    history = History()
    history.add(NODES[0], 1 << 16, ended("00101", NAMES[0], "refused"))
    history.add(NODES[0], 2 << 16, accepted(), fence=0)
    found = view(history)
    assert found.state == "refused" and [one.reason for one in found.proposals] == ["illegal"]
    assert found.other_codes == ("00101-261122-0009",), "the receipt that somebody may hold is still found"


def test_a_complete_supplement_turns_the_request_into_a_reception() -> None:
    history = asked()
    before = view(history).reference
    history.add(NODES[0], 2 << 16, accepted(), fence=0)
    found = view(history)
    assert found.state == "received" and found.code == "00101-261122-0009" and found.due_date == "2026-12-01"
    assert found.received_ms == 9 and found.presented_ms == 1 and found.reference == found.code
    assert not found.conflicts and len(found.components) == 1
    assert before.startswith("00101-YC-") and key_for("code", before) in set(keys_of(found))


def test_a_request_may_end_in_a_refusal_and_is_both_times_shown() -> None:
    history = asked()
    history.add(NODES[0], 2 << 16, ended("00101", NAMES[0], "refused"), fence=0)
    found = view(history)
    assert found.state == "refused" and [one.outcome for one in found.intakes] == ["supplement", "refused"]


def test_another_office_accepts_under_its_own_fence_and_the_late_one_is_a_proposal() -> None:
    history = asked()
    grant = b.CustodyGranted(
        office=OfficeCode("03401"), fence=1, previous_office=OfficeCode("00101"), reason="người dân chuyển nơi ở", officer="cb02",
        until=((NODES[0], history.inc(NODES[0]), 1),),  # type: ignore[arg-type]
    )  # fmt: skip
    history.add(HUB_NODE, 2 << 16, grant)
    history.add(NODES[2], 3 << 16, accepted("03401"), fence=1)
    history.add(NODES[0], 4 << 16, accepted("00101", "0010"), fence=0)
    found = view(history)
    assert found.code == "03401-261122-0009" and found.office == "03401" and found.state == "received"
    assert found.other_codes == ("00101-261122-0010",) and [one.reason for one in found.proposals] == ["late"]
    assert found.presented_as.startswith("00101-YC-")


def test_an_office_without_the_fence_accepts_nothing() -> None:
    history = asked()
    history.add(NODES[2], 2 << 16, accepted("03401"), fence=0)
    found = view(history)
    assert found.state == "supplement_at_intake" and [one.reason for one in found.proposals] == ["not_custodian"]


def test_a_second_request_is_no_move_because_it_is_asked_once_and_completely() -> None:
    history = asked()
    history.add(NODES[0], 2 << 16, ended("00101", NAMES[0]), fence=0)
    found = view(history)
    assert found.state == "supplement_at_intake" and [one.move for one in found.proposals] == ["ask_supplement"]


def test_an_acceptance_whose_opening_has_not_arrived_leaves_the_dossier_partial() -> None:
    history = asked()
    history.add(NODES[0], 2 << 16, accepted(), fence=0)
    found = fold(RID, history.events[1:])
    assert not found.is_whole and found.code == ""
    assert found.components[0].component_id == ComponentId(bytes([1]) * 16)
