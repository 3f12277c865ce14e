"""The short way of folding a lone reception gives what the whole fold gives."""

from __future__ import annotations

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol import bodies as b
from sync_protocol.envelope import Event, make_event
from sync_protocol.ids import GENESIS, ComponentId, Incarnation, NodeId, OfficeCode
from sync_protocol.merge import fold, fold_whole
from sync_protocol.merge_reception import lone_reception
from sync_protocol.search_keys import keys_of, keys_of_reception
from sync_protocol.view import encode_view
from tests.benchmarks.workload import dossier
from tests.sync_protocol.event_sets import NAMES, RID

_TEXT = st.sampled_from(["", "001185012345", "0123456789", "1985-02-01", "TH0001"])
_PARTIES = st.builds(
    b.Party, kind=st.just("person"), name=st.sampled_from(NAMES), personal_id=_TEXT, bhxh_number=_TEXT, org_id=_TEXT, tax_code=_TEXT,
    unit_number=_TEXT, birth_date=_TEXT, founded_year=_TEXT, sex=_TEXT,
)  # fmt: skip
_PLANS = st.builds(
    b.PlannedComponent, component_id=st.sampled_from([ComponentId(bytes([n]) * 16) for n in (3, 1, 2)]),
    document_type=st.sampled_from(["TK1-TS", "D02"]), name=st.sampled_from(NAMES), required=st.booleans(),
)  # fmt: skip
_RECEPTIONS = st.builds(
    b.DossierReceived, code=st.sampled_from(["", "00101-261122-0001"]), procedure=_TEXT, channel=st.just("postal"),
    office=st.just(OfficeCode("00101")), applicant=_PARTIES, received_ms=st.integers(0, 2**41), officer=st.just("cb01"),
    due_date=_TEXT, cross_province=st.booleans(), hand_over_by_ms=st.integers(0, 9), components=st.lists(_PLANS, max_size=5).map(tuple),
)  # fmt: skip


def _event(body: b.DossierReceived) -> Event:
    return make_event(
        node=NodeId("n00101a"), inc=Incarnation(b"i" * 16), seq=1, prev=GENESIS, type="dossier.received", tv=1, rid=RID, hlc=7 << 16,
        actor="cb01", body=b.encode_body(body),
    )  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(_RECEPTIONS)
def test_a_lone_reception_folds_to_the_same_bytes_by_the_short_and_by_the_whole_way(body: b.DossierReceived) -> None:
    event = _event(body)
    whole = fold_whole(RID, [event])
    assert encode_view(fold(RID, [event])) == encode_view(whole)
    assert sorted(keys_of_reception(body.code, body.applicant)) == sorted({*keys_of(whole)})


def test_an_erased_or_unreadable_reception_takes_the_whole_way() -> None:
    erased = msgspec.structs.replace(_event(dossier(1, "00101")[1]), body=None)
    assert fold(RID, [erased]) == fold_whole(RID, [erased])
    assert fold(RID, [erased]).unknown_events == 1
    odd = msgspec.structs.replace(erased, body=b"\xc1")
    assert fold(RID, [odd]) == fold_whole(RID, [odd])
    assert lone_reception(erased) is None and lone_reception(odd) is None


def test_the_comparison_would_see_a_difference() -> None:
    body = dossier(1, "00101")[1]
    changed = msgspec.structs.replace(body, applicant=msgspec.structs.replace(body.applicant, sex="nữ"))
    assert encode_view(fold(RID, [_event(body)])) != encode_view(fold_whole(RID, [_event(changed)]))
