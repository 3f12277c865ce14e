"""The hybrid clock never goes back and never believes a device that is far ahead."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.clock import is_untrusted, tick, wall_ms
from sync_protocol.folding import digits, folded
from sync_protocol.limits import CLOCK_TRUST_MS
from sync_protocol.search_keys import key_for, keys_of, paper_key
from tests.sync_protocol.event_sets import RID, History, reception


@settings(max_examples=100, deadline=None)
@given(st.lists(st.integers(0, 2**42), min_size=1, max_size=20))
def test_the_clock_only_moves_forward_whatever_the_device_says(device: list[int]) -> None:
    last = 0
    for now in device:
        after = tick(last, now)
        assert after > last or (last == 0 and after == 0)
        assert wall_ms(after) >= now
        last = after


def test_a_clock_is_trusted_up_to_its_tolerance() -> None:
    now = 1_795_000_000_000
    assert not is_untrusted((now + CLOCK_TRUST_MS) << 16, now)
    assert is_untrusted((now + CLOCK_TRUST_MS + 1) << 16, now)
    assert not is_untrusted(0, now)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=30))
def test_folding_twice_changes_nothing(text: str) -> None:
    assert folded(folded(text)) == folded(text) and digits(digits(text)) == digits(text)


def test_a_dossier_is_found_under_every_name_in_dispute() -> None:
    from sync_protocol.bodies import IdentityAsserted
    from sync_protocol.merge import fold

    history = History()
    history.add("n00101a", 1 << 16, reception("00101", "Nguyễn Thị Ẩn"))
    history.add(
        "n03401a", 2 << 16, IdentityAsserted(field="personal_id", value="001 185 099 999", proof="", officer="x")
    )
    keys = set(keys_of(fold(RID, history.events)))
    assert {key_for("personal_id", "001185012345"), key_for("personal_id", "001185099999")} <= keys
    assert key_for("code", "00101-261122-0001") in keys


def test_a_paper_without_owner_or_number_has_no_key() -> None:
    assert paper_key("", "gks", "1", "x", "y") == "" == paper_key("1", "gks", "", "x", "y")
    assert paper_key("1", "GKS", "12/KS", "UBND Phường Ô", "2020-01-02") == paper_key(
        "1", "gks", "12/ks", "ubnd phường ô", "2020-01-02"
    )
