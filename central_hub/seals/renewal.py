"""Renewal: before the certificate of a time stamp ends, a further stamp goes over it. A function of now; who calls it decides when.

Invariant: a failure leaves the former lasting copy in force; the received bytes are never touched.

Source: ETSI EN 319 142-1 (archive time stamps); QĐ 1333/QĐ-BHXH Điều 11.1.
"""

from __future__ import annotations

import datetime as dt

from central_hub.seals.preserved import Preserved
from sync_protocol.adapters.timestamp_renewal import newest_stamp, renew_stamp
from sync_protocol.adapters.timestamps import Post
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.ids import BlobDigest


def renewal_limit_ms(now: dt.datetime, before_days: int) -> int:
    """Stamps that end before this instant (ms UTC) are renewed at `now` (aware)."""
    return int((now + dt.timedelta(days=before_days)).timestamp() * 1000)


def described(digest: BlobDigest, preserved: BlobDigest, data: bytes) -> Preserved:
    """The entry of a lasting copy, read from its newest stamp.

    Raises:
        ValidationDataMissing: the copy has no readable stamp.
    """
    stamp = newest_stamp(data)
    if stamp is None:
        from sync_protocol.adapters.timestamps import ValidationDataMissing

        raise ValidationDataMissing(found="no time stamp")
    return Preserved(
        digest, preserved, stamp.number, int(stamp.at.timestamp() * 1000), int(stamp.ends.timestamp() * 1000)
    )


def renewed(data: bytes, post: Post, trust: Trust, *, now: dt.datetime) -> bytes:
    """The lasting copy with one more stamp. Runs its own event loop: call it from a worker thread.

    Raises:
        TimestampUnavailable, ValidationDataMissing: the former copy stays in force; try again.
    """
    return renew_stamp(data, post, trust, now=now)
