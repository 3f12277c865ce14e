"""How a connected node is heard: a gap is said at once, a line with many gaps is called slow and does not flicker."""

from __future__ import annotations

from central_hub.operations.fleet import read_fleet
from central_hub.operations.hearing import CALM_MS, SILENT_MS, SLOW_MS, TWICE_MS, Heard, Hearing
from central_hub.operations.presence import forget_voices, keep_presence_of, keep_voices, presences
from tests.central_hub.operations.kept_tables import empty_tables
from tests.central_hub.operations.test_fleet import NODE, NOW_MS, greeted

N = "n1"


def voices_of(ages_ms: list[int], step_ms: int = 1_000) -> list[str]:
    """The voice after each look, one look a step."""
    hearing, voice, found = Hearing(), "clear", []
    for number, age_ms in enumerate(ages_ms):
        change = hearing.look({N: age_ms}, 1_000_000 + number * step_ms).get(N)
        voice = change.voice if change else voice
        found.append(voice)
    return found


def test_a_cut_line_is_slow_at_once_and_silent_after_half_a_minute() -> None:
    ages = [0, SLOW_MS + 1, *range(4_000, SILENT_MS + 2_000, 1_000)]
    voices = voices_of(ages)
    assert voices[0] == "clear" and voices[1] == "slow"
    assert voices[ages.index(SILENT_MS)] == "slow" and voices[ages.index(SILENT_MS + 1_000)] == "silent"


def test_a_line_that_carries_again_after_its_first_gap_is_clear_at_once() -> None:
    assert voices_of([0, 3_000, 4_000, 300, 300]) == ["clear", "slow", "slow", "clear", "clear"]
    assert voices_of([0, SILENT_MS + 1, 300]) == ["clear", "silent", "clear"]


def test_a_line_with_gap_after_gap_stays_slow_until_it_was_steady_for_a_minute() -> None:
    uneven = [0, 3_000, 100] * 20
    voices = voices_of(uneven)
    assert voices[:4] == ["clear", "slow", "clear", "clear"] and set(voices[4:]) == {"slow"}
    steady = voices_of(uneven + [100] * (CALM_MS // 1_000))
    assert steady[-2:] == ["slow", "clear"]


def test_two_gaps_far_apart_are_two_first_gaps() -> None:
    between = [100] * (TWICE_MS // 1_000 + 1)
    assert voices_of([0, 3_000, *between, 3_000, 100])[-1] == "clear"


def test_only_changes_are_told_and_a_node_that_is_gone_is_clear() -> None:
    hearing = Hearing()
    assert hearing.look({N: 0}, 10_000) == {}
    assert hearing.look({N: 3_000}, 13_000) == {N: Heard("slow", 3_000)}
    assert hearing.look({N: 4_000}, 14_000) == {}
    assert hearing.look({}, 15_000) == {N: Heard("clear", 0)}


def test_the_page_says_slow_then_away_since_the_node_was_last_heard() -> None:
    connection = empty_tables()
    greeted(connection)
    keep_voices(connection, {NODE: Heard("slow", 0)}, NOW_MS + 1_000)
    line = read_fleet(connection, NOW_MS + 4_000)[0]
    assert (line.state, line.is_here, line.since_ms) == ("slow", True, NOW_MS + 1_000)
    keep_voices(connection, {NODE: Heard("silent", 0)}, NOW_MS + 1_000)
    line = read_fleet(connection, NOW_MS + 40_000)[0]
    assert (line.state, line.is_here, line.since_ms) == ("away", False, NOW_MS + 1_000)


def test_when_the_server_ends_a_silent_connection_the_node_is_away_since_it_was_last_heard() -> None:
    connection = empty_tables()
    greeted(connection)
    keep_voices(connection, {NODE: Heard("silent", 0)}, NOW_MS + 1_000)
    keep_presence_of(connection, {NODE: False}, NOW_MS + 80_000)
    assert (presences(connection)[NODE].is_here, presences(connection)[NODE].since_ms) == (False, NOW_MS + 1_000)
    keep_presence_of(connection, {NODE: True}, NOW_MS + 90_000)
    assert (presences(connection)[NODE].voice, presences(connection)[NODE].since_ms) == ("clear", NOW_MS + 90_000)


def test_what_was_heard_before_the_hub_was_started_says_nothing() -> None:
    connection = empty_tables()
    greeted(connection)
    keep_voices(connection, {NODE: Heard("silent", 0)}, NOW_MS)
    forget_voices(connection)
    assert presences(connection)[NODE].is_here
