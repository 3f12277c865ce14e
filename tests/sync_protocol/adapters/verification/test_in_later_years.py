"""A signature is decided years after its certificate ended, by what was stamped in time; what was not stamped in time is not."""

from __future__ import annotations

import datetime as dt

import pytest

from deploy.demo.authority import certify, revocation_list, root_revocation_list
from sync_protocol.adapters.timestamp_renewal import newest_stamp, renew_stamp
from sync_protocol.adapters.timestamps import TimestampUnavailable, ValidationDataMissing, preserve_copy
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.adapters.verification.verify import verify_copy
from tests.doubles.dated_authority import DatedAuthority
from tests.edge_node.signing.material import NOW, world

YEAR = dt.timedelta(days=365)
STAMPED = NOW + dt.timedelta(hours=1)
LATER = NOW + 3 * YEAR  # the officer's certificate ended a year ago


def tsa(years: tuple[int, int], clock: dt.datetime, made: dt.datetime = NOW) -> DatedAuthority:
    return DatedAuthority(
        certify("TSA", world().authority.issuing, made, rsa_bits=2048, time_stamping=True, years=years), clock
    )


def trust_at(now: dt.datetime, revoked: tuple[str, ...] = ("revoked",), since: dt.datetime | None = None) -> Trust:
    authority = world().authority
    lists = (root_revocation_list(authority, now), revocation_list(authority, now, serial_of=revoked, since=since))
    return Trust(authority.roots, authority.intermediates, lists)


def verdict(data: bytes, now: dt.datetime, trust: Trust | None = None) -> tuple[str, tuple[str, ...]]:
    told = verify_copy(data, trust=trust or trust_at(now), expected=world().expected(), now=now)
    return told.verdict, told.codes


def stamped() -> bytes:
    return preserve_copy(world().signed.data, tsa((1, 5), STAMPED).answer, world().trust, now=NOW)


def test_a_stamped_signature_outlives_its_certificate() -> None:
    assert verdict(stamped(), LATER) == ("valid", ())


def test_without_a_stamp_the_same_signature_is_refused() -> None:
    assert verdict(world().signed.data, LATER) == ("invalid", ("VER-012",))


def test_bytes_known_to_have_been_here_in_time_are_judged_at_that_time() -> None:
    told = verify_copy(
        world().signed.data, trust=trust_at(LATER), expected=world().expected(), now=LATER, proven_at=STAMPED
    )
    assert told.verdict == "valid"


def test_a_certificate_revoked_before_the_stamp_stays_refused() -> None:
    told = verdict(stamped(), LATER, trust_at(LATER, ("revoked", "officer_rsa"), STAMPED - dt.timedelta(days=20)))
    assert told[0] == "invalid"
    assert "VER-013" in told[1]


def test_a_certificate_revoked_after_the_stamp_was_good_when_it_signed() -> None:
    revoked_later = trust_at(LATER, ("revoked", "officer_rsa"))
    assert verdict(stamped(), LATER, revoked_later) == ("valid", ())


def test_a_stamp_is_told_with_its_end() -> None:
    found = newest_stamp(stamped())
    assert found is not None
    assert (found.number, found.at) == (1, STAMPED.astimezone(dt.UTC))
    assert abs(found.ends - (NOW + 5 * YEAR)) < dt.timedelta(days=1)
    assert newest_stamp(world().signed.data) is None


def test_a_stamp_renewed_in_time_proves_the_signature_beyond_the_first_authority() -> None:
    first = preserve_copy(world().signed.data, tsa((1, 1), STAMPED).answer, world().trust, now=NOW)
    in_time = NOW + dt.timedelta(days=300)
    beyond = NOW + 2 * YEAR
    renewed = renew_stamp(first, tsa((1, 4), in_time).answer, trust_at(in_time), now=in_time)
    assert renewed.startswith(first)
    assert verdict(renewed, beyond) == ("valid", ())
    assert verdict(first, beyond)[0] == "invalid"  # the canary: nobody renewed this one


def test_a_stamp_whose_authority_ended_is_not_renewed() -> None:
    first = preserve_copy(world().signed.data, tsa((1, 1), STAMPED).answer, world().trust, now=NOW)
    late = NOW + 2 * YEAR
    with pytest.raises(ValidationDataMissing):
        renew_stamp(first, tsa((1, 4), late).answer, trust_at(late), now=late)


def test_a_silent_authority_leaves_the_former_stamp() -> None:
    with pytest.raises(TimestampUnavailable):
        renew_stamp(stamped(), lambda query: b"", trust_at(STAMPED), now=STAMPED)


def test_a_stale_list_is_a_reason_to_wait_not_to_refuse_the_stamp() -> None:
    verdict_told, codes = verdict(stamped(), LATER, trust_at(NOW))
    assert (verdict_told, set(codes)) == ("invalid", {"VER-017"})
