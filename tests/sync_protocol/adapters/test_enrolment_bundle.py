"""The enrolment file: opens once, with its code, in time, whole."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sync_protocol.adapters.enrolment_bundle import (
    BUNDLE_BYTES_MAX,
    EnrolmentBundle,
    SealCost,
    make_code,
    open_bundle,
    seal,
)
from sync_protocol.adapters.enrolment_errors import BundleDamaged, BundleExpired, BundleReused, WrongCode
from sync_protocol.errors import Problem

NOW = dt.datetime(2026, 11, 22, 8, 0, tzinfo=dt.UTC)
CHEAP = SealCost(rounds=1, memory_kib=64)
CODE = "7K2M-90XR-BTZ4"
BUNDLE = EnrolmentBundle(
    bundle_id=bytes(range(16)),
    hub_id="hub-01",
    hub_public_key=bytes(32),
    node="n00101a",
    office_code="00101",
    servers=("tls://hub.bhxh.example:4222",),
    credentials="secret credentials text",
    authority_pem=b"-----BEGIN CERTIFICATE-----",
    server_name=None,
    issued_at_ms=int(NOW.timestamp() * 1000),
    expires_at_ms=int((NOW + dt.timedelta(days=7)).timestamp() * 1000),
    extra={"blocks": b"\x01\x02"},
)
SEALED = seal(BUNDLE, CODE, secrets.token_bytes, CHEAP)


def resealed(body: bytes) -> bytes:
    """A body with a fitting checksum, as a forger would make it."""
    return body + hashlib.sha256(body).digest()


@pytest.mark.parametrize("typed", [CODE, "7k2m90xrbtz4", "7K2M 9OXR BTZ4", "7k2m-9oxr-btz4"])
def test_the_file_opens_with_its_code_however_it_is_typed(typed: str) -> None:
    assert open_bundle(SEALED, typed, NOW) == BUNDLE


def test_nothing_secret_is_readable_in_the_file_or_in_its_repr() -> None:
    assert b"secret" not in SEALED and b"n00101a" not in SEALED and b"blocks" not in SEALED
    assert "secret" not in repr(BUNDLE)


def test_a_wrong_code_is_told_apart_from_a_damaged_file() -> None:
    with pytest.raises(WrongCode):
        open_bundle(SEALED, "7K2M-90XR-BTZ5", NOW)
    for damaged in (
        SEALED[:-1],
        SEALED[:40] + bytes([SEALED[40] ^ 1]) + SEALED[41:],
        b"",
        b"PK\x03\x04",
        SEALED + b"x",
    ):
        with pytest.raises(BundleDamaged):
            open_bundle(damaged, CODE, NOW)


def test_a_file_used_before_is_refused() -> None:
    with pytest.raises(BundleReused):
        open_bundle(SEALED, CODE, NOW, used=[BUNDLE.bundle_id])


def test_a_file_past_its_time_is_refused_and_the_last_second_counts() -> None:
    end = dt.datetime.fromtimestamp(BUNDLE.expires_at_ms / 1000, dt.UTC)
    assert open_bundle(SEALED, CODE, end) == BUNDLE
    with pytest.raises(BundleExpired) as refusal:
        open_bundle(SEALED, CODE, end + dt.timedelta(seconds=1))
    assert "29/11/2026" in refusal.value.clerk_sentence


def test_the_expiry_cannot_be_pushed_out_without_the_code() -> None:
    magic = SEALED[: SEALED.index(b"\n") + 1]
    parts = msgspec.msgpack.decode(SEALED[len(magic) : -32])
    parts[1] += 10**10
    with pytest.raises(WrongCode):
        open_bundle(resealed(magic + msgspec.msgpack.encode(parts)), CODE, NOW)


@pytest.mark.parametrize(
    "position,value", [(2, 0), (2, 11), (3, 1), (3, 10**7), (4, b"short"), (5, b"short"), (1, 2**60), (1, -1)]
)
def test_a_head_that_asks_for_the_impossible_is_refused_before_any_work(position: int, value: object) -> None:
    magic = SEALED[: SEALED.index(b"\n") + 1]
    parts = msgspec.msgpack.decode(SEALED[len(magic) : -32])
    parts[position] = value
    with pytest.raises(BundleDamaged):
        open_bundle(resealed(magic + msgspec.msgpack.encode(parts)), CODE, NOW)


def test_a_file_above_the_limit_is_refused_unread() -> None:
    with pytest.raises(BundleDamaged):
        open_bundle(SEALED[:20] + bytes(BUNDLE_BYTES_MAX), CODE, NOW)


@settings(max_examples=200, deadline=None)
@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255), st.booleans())
def test_no_changed_byte_ever_opens_the_file(position: int, flip: int, with_new_checksum: bool) -> None:
    changed = SEALED[:position] + bytes([SEALED[position] ^ flip]) + SEALED[position + 1 :]
    if with_new_checksum:
        changed = resealed(changed[:-32])
    if changed == SEALED:
        return
    with pytest.raises(Problem):
        open_bundle(changed, CODE, NOW)


def test_codes_have_three_groups_and_do_not_repeat() -> None:
    codes = {make_code(secrets.token_bytes) for _ in range(500)}
    assert len(codes) == 500
    assert all(len(code) == 14 and not set(code) & set("ILOU") for code in codes)


def test_the_default_cost_opens_too() -> None:
    assert open_bundle(seal(BUNDLE, CODE, secrets.token_bytes), CODE, NOW) == BUNDLE
