"""Renewal of time stamps: a new one over the old, before the certificate of the old one ends.

What a time stamp proves ends with its authority's certificate. A further stamp, made while the former still holds, proves the
former and with it everything below; the chain may go on for ever. The former bytes stay the beginning of the file.

Source: ETSI EN 319 142-1 (level B-LTA, archive time stamps).
"""

from __future__ import annotations

import datetime as dt
import io
from dataclasses import dataclass
from typing import Any

from sync_protocol.adapters.signature_names import TIMESTAMP_FIELD_PREFIX
from sync_protocol.adapters.timestamps import Post, TimestampUnavailable, ValidationDataMissing, timestamp_client
from sync_protocol.adapters.verification.report import Trust


@dataclass(frozen=True, slots=True)
class Stamp:
    """The newest time stamp of a file: its number, the time it states, and when its certificate ends (aware UTC)."""

    number: int
    at: dt.datetime
    ends: dt.datetime


def newest_stamp(data: bytes) -> Stamp | None:
    """Return the newest time stamp of an accepted copy, or `None` where there is none.

    Raises:
        ValidationDataMissing: the file or its stamp cannot be read.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader

    try:
        stamps = list(PdfFileReader(io.BytesIO(data)).embedded_timestamp_signatures)
        if not stamps:
            return None
        newest: Any = stamps[-1]
        stated = newest.signed_data["encap_content_info"]["content"].parsed["gen_time"].native
        return Stamp(len(stamps), stated.astimezone(dt.UTC), newest.signer_cert.not_valid_after.astimezone(dt.UTC))
    except Exception as error:  # pyHanko has no single base class
        raise ValidationDataMissing(found=type(error).__name__) from error


def renew_stamp(data: bytes, post: Post, trust: Trust, *, now: dt.datetime) -> bytes:
    """Return the copy with a further time stamp, and with what proves the former one.

    Not idempotent: every call appends. Runs its own event loop: call it from a worker thread.

    Args:
        data: a copy with at least one time stamp whose certificate still holds at `now`.
        post: how to ask the authority.
        trust: roots, issuers and fresh revocation lists of the authorities.
        now: aware; the instant the former stamp is judged at.

    Raises:
        ValidationDataMissing: there is no stamp to renew, or the former one does not hold any more.
        TimestampUnavailable: the authority gave no usable answer.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.signers import PdfTimeStamper
    from pyhanko.sign.validation import validate_pdf_timestamp

    from sync_protocol.adapters.verification.proof import context_for
    from sync_protocol.adapters.verification.signatures import quiet

    former = newest_stamp(data)
    if former is None:
        raise ValidationDataMissing(found="no time stamp to renew")
    stamper: Any = PdfTimeStamper(timestamp_client(post), field_name=f"{TIMESTAMP_FIELD_PREFIX}{former.number + 1}")
    with quiet():
        held = validate_pdf_timestamp(_newest(data), context_for(trust, now))
        if not (held.intact and held.valid and held.trusted):
            raise ValidationDataMissing(found="the former time stamp does not hold")
        try:
            renewed = stamper.update_archival_timestamp_chain(
                PdfFileReader(io.BytesIO(data)), context_for(trust, now), in_place=False
            )
        except Exception as error:  # network, parser and authority fail in many kinds; the former stamp stays
            raise TimestampUnavailable(found=type(error).__name__) from error
    return bytes(renewed.getbuffer())


def _newest(data: bytes) -> Any:
    from pyhanko.pdf_utils.reader import PdfFileReader

    return list(PdfFileReader(io.BytesIO(data)).embedded_timestamp_signatures)[-1]
