"""A kind of event that is new is frozen as bytes with the first program that writes it, so that every later program is held to reading it."""

from __future__ import annotations

from sync_protocol.bodies import BODY_TYPES
from sync_protocol.limits import PROTOCOL_VERSION_MAX
from tests.vectors import frozen


def test_every_kind_of_event_stands_in_a_frozen_log() -> None:
    kept = {(event.header.type, event.header.tv) for one in frozen.folders() for _, event in frozen.events_in(frozen.read(one).desk)}
    lacking = sorted(set(BODY_TYPES) - kept)
    command = f"python -m tests.vectors.frozen --write {PROTOCOL_VERSION_MAX}-NAME"
    assert not lacking, f"new kinds {lacking}: freeze them with `{command}` and name the new folder in tests/vectors/test_frozen.py; the older ones stay as they are"
