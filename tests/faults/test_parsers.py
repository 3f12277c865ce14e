"""No mutated byte from outside is accepted as something else, and none ends in anything but a Problem."""

from __future__ import annotations

from tests.faults.parsers import run, verify_nothing


def test_thousands_of_mutations_are_refused_or_read_as_what_was_sent() -> None:
    found = run(4_000, seed=1)
    assert found.is_clean, found
    assert found.mutations == 4_000 and found.refused > 2_500


def test_canary_without_the_proof_of_signatures_altered_bytes_are_accepted() -> None:
    assert run(2_000, seed=1, check=verify_nothing).altered
