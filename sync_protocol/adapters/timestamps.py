"""Time stamps: an RFC 3161 client and the archival update of a signed copy.

A time stamp proves "signed no later than", so a signature outlives its certificate. It is appended: validation data (DSS)
first, then a document time stamp over everything, so nothing that was there changes by a byte.

Invariant: an authority that does not answer costs a level, never a signature; `TimestampUnavailable` leaves the caller with
the file as it was.

Source: ETSI EN 319 142-1 (levels B-LT, B-LTA); RFC 3161.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable
from typing import Any

from sync_protocol.adapters.signature_names import TIMESTAMP_FIELD_PREFIX
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.errors import Problem

Post = Callable[[bytes], bytes]
"""Takes a DER `TimeStampReq`, returns a DER `TimeStampResp`. Raises anything when the authority cannot be asked."""

RESERVED_BYTES = 32768
MAX_RESPONSE_BYTES = 256 * 1024


class TimestampUnavailable(Problem):
    """The authority did not give a usable time stamp."""

    code = "VER-040"
    sentence = "Chưa đóng được dấu thời gian. Chữ ký vẫn còn nguyên giá trị."
    next_step = "Không cần làm gì tại quầy; trung tâm tự đóng dấu lại sau."
    operator = "time stamp authority: {found}"
    http_status = 503
    event = "timestamp.unavailable"


class ValidationDataMissing(Problem):
    """The signatures' certificates cannot be proved now, so there is nothing to preserve."""

    code = "VER-041"
    sentence = "Chưa đủ dữ liệu chứng thư để lưu kèm chữ ký."
    next_step = "Không cần làm gì tại quầy; trung tâm tự bổ sung khi có danh sách thu hồi mới."
    operator = "validation data: {found}"
    http_status = 503
    event = "timestamp.validation_data"


def http_post(url: str, *, timeout_s: float = 10.0) -> Post:
    """Return a `Post` that speaks HTTP to an authority."""

    def post(request: bytes) -> bytes:
        import httpx

        answer = httpx.post(
            url, content=request, headers={"Content-Type": "application/timestamp-query"}, timeout=timeout_s
        )
        answer.raise_for_status()
        return answer.content

    return post


def request_token(digest: bytes, post: Post) -> bytes:
    """Return a time stamp token (DER) over a SHA-256 digest, e.g. the head of a log.

    Raises:
        TimestampUnavailable: no usable answer.
    """
    import asyncio

    try:
        return bytes(asyncio.run(timestamp_client(post).async_timestamp(digest, "sha256")).dump())
    except Exception as error:  # network, parser and authority fail in many kinds; the level is lost all the same
        raise TimestampUnavailable(found=type(error).__name__) from error


def preserve_copy(data: bytes, post: Post, trust: Trust, *, now: dt.datetime, number: int = 1) -> bytes:
    """Return the copy with validation data for its signatures and a document time stamp appended.

    Not idempotent: every call appends a further time stamp; the caller keeps the level it reached. Runs its own event
    loop: call it from a worker thread.

    Args:
        data: the signed copy; it becomes the beginning of the result, byte for byte.
        post: how to ask the authority.
        trust: roots, issuers (the time stamp authority's too) and fresh revocation lists.
        now: aware; the instant the certificates are judged at.
        number: distinguishes the time stamps of one file, from 1.

    Raises:
        ValidationDataMissing: a certificate cannot be proved with these lists.
        TimestampUnavailable: the authority gave no usable answer.
    """
    with_data = _with_validation_data(data, trust, now)
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
    from pyhanko.sign.signers import PdfTimeStamper

    stamper: Any = PdfTimeStamper(timestamp_client(post), field_name=f"{TIMESTAMP_FIELD_PREFIX}{number}")
    try:
        stamped = stamper.timestamp_pdf(
            IncrementalPdfFileWriter(io.BytesIO(with_data)),
            "sha256",
            validation_context=_context(trust, now),
            bytes_reserved=RESERVED_BYTES,
        )
    except Exception as error:  # network, parser and authority fail in many kinds; the level is lost all the same
        raise TimestampUnavailable(found=type(error).__name__) from error
    return bytes(stamped.getbuffer())


def _with_validation_data(data: bytes, trust: Trust, now: dt.datetime) -> bytes:
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import add_validation_info

    try:
        names = [signature.field_name for signature in PdfFileReader(io.BytesIO(data)).embedded_regular_signatures]
        for name in names:
            reader = PdfFileReader(io.BytesIO(data))
            signature = next(one for one in reader.embedded_regular_signatures if one.field_name == name)
            # No per-signature (VRI) entries: a second update rewrites them, which breaks the agency's signature.
            added = add_validation_info(signature, _context(trust, now), skip_timestamp=True, add_vri_entry=False)
            data = bytes(added.getbuffer())
    except Exception as error:  # pyHanko has no single base class
        raise ValidationDataMissing(found=type(error).__name__) from error
    return data


def _context(trust: Trust, now: dt.datetime) -> Any:
    from sync_protocol.adapters.verification.proof import context_for

    return context_for(trust, now)


def timestamp_client(post: Post) -> Any:
    """Return pyHanko's time stamp client over a plain function."""
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class PostingTimeStamper(TimeStamper):
        """pyHanko's client over a plain function."""

        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            """Ask the authority once."""
            answer = post(req.dump())
            if len(answer) > MAX_RESPONSE_BYTES:
                raise TimestampUnavailable(found=f"an answer of {len(answer)} bytes")
            return tsp.TimeStampResp.load(answer, strict=True)

    make: Any = PostingTimeStamper  # pyHanko leaves its base class untyped
    return make()
