"""Verification: is this signed file, or this signed record, acceptable evidence? One answer with every reason.

Meant to run inside a sandboxed, short-lived process (`sandbox.py`): bytes in, a msgspec-encodable report out, no files,
no network. Nothing leaves as an exception: whatever goes wrong on a hostile file is the reason `VER-000`.

Invariant: `valid` is said only when every rule holds: the file begins with the recorded bytes, its structure is plain,
exactly the expected fields are signed, each signature is intact, allowed, trusted now with fresh revocation lists and by a
registered signer, what is visible is true, and nothing unexplained stands behind the newest signature.

Source: NĐ 30/2020/NĐ-CP Điều 25–27; QĐ 1333/QĐ-BHXH Điều 8.2đ (integrity during hand-over), 9.4, 13.3b.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
import json
import unicodedata
from typing import Any

from sync_protocol.adapters.verification import errors as reasons
from sync_protocol.adapters.verification.report import (
    Expectation,
    Reason,
    SignatureFinding,
    Trust,
    VerificationReport,
    verdict_of,
)
from sync_protocol.adapters.verification.structure import guard_bytes, guard_objects

RECORD_FIELD = "record"


def verify_copy(
    data: bytes, *, trust: Trust, expected: Expectation, now: dt.datetime, proven_at: dt.datetime | None = None
) -> VerificationReport:
    """Judge a signed copy at `now` (aware). Never raises.

    The structure is judged first; a file that fails there is not given to the signature parser. `proven_at` is an instant
    at which exactly these bytes are known to have existed; without it only the time stamps in the file prove an age.
    """
    found: list[reasons.VerificationProblem] = []
    signatures: tuple[SignatureFinding, ...] = ()
    pages = 0
    try:
        found += _recorded_problems(data, expected)
        guard_bytes(data)
        pages = guard_objects(data)
        from sync_protocol.adapters.verification.proof import Proof
        from sync_protocol.adapters.verification.signatures import judge_signatures

        signatures, problems = judge_signatures(data, trust, expected, Proof(trust, now, proven_at))
        found += problems
    except reasons.VerificationProblem as problem:
        found.append(problem)
    except Exception as error:  # hostile input: any exception means refusal, with its kind as the reason
        found.append(reasons.VerificationProblem(found=type(error).__name__))
    told = tuple(Reason.of(problem) for problem in found)
    return VerificationReport(verdict_of(told), hashlib.sha256(data).hexdigest(), len(data), pages, signatures, told)


def verify_record(
    record: bytes,
    p7s: bytes,
    trust: Trust,
    now: dt.datetime,
    *,
    signers: frozenset[str] | None = None,
    proven_at: dt.datetime | None = None,
) -> VerificationReport:
    """Judge a detached CAdES signature over a metadata record at `now` (aware). Never raises.

    Args:
        record: the exact bytes that were signed.
        p7s: DER.
        trust: whom to believe.
        now: the instant of judging.
        signers: SHA-256 of the certificates that may sign records; `None` asks nobody.
        proven_at: an instant at which record and signature are known to have existed.
    """
    found: list[reasons.VerificationProblem] = []
    signatures: tuple[SignatureFinding, ...] = ()
    try:
        from sync_protocol.adapters.verification.proof import Proof

        if not _is_canonical(record):
            found.append(reasons.RecordNotCanonical(found="another form of the same JSON, or no JSON"))
        if not trust.crls:
            found.append(reasons.RevocationUnknown(field=RECORD_FIELD, found="no list at all"))
        finding, problems = _judge_record(record, p7s, Proof(trust, now, proven_at))
        signatures = (finding,)
        found += problems
        if signers is not None and finding.certificate_sha256 not in signers:
            found.append(reasons.SignerUnknown(field=RECORD_FIELD, found=finding.certificate_sha256[:16]))
    except Exception as error:  # hostile input: any exception means refusal, with its kind as the reason
        found.append(reasons.SignatureBroken(field=RECORD_FIELD, found=type(error).__name__))
    told = tuple(Reason.of(problem) for problem in found)
    return VerificationReport(verdict_of(told), hashlib.sha256(record).hexdigest(), len(record), 0, signatures, told)


def _recorded_problems(data: bytes, expected: Expectation) -> list[reasons.VerificationProblem]:
    """The prefix rule: every later version of a file begins with the officer-signed bytes."""
    if not expected.sha256:
        return []
    length = expected.length or len(data)
    if len(data) >= length and hashlib.sha256(data[:length]).hexdigest() == expected.sha256:
        return []
    return [reasons.NotTheRecordedFile(length=length, found=len(data))]


def _is_canonical(record: bytes) -> bool:
    try:
        value: Any = json.loads(record)
        form = json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError):
        return False
    return isinstance(value, dict) and unicodedata.normalize("NFC", form).encode() == record


def _judge_record(record: bytes, p7s: bytes, proof: Any) -> tuple[SignatureFinding, list[reasons.VerificationProblem]]:
    from asn1crypto import cms
    from pyhanko.sign.validation import async_validate_detached_cms

    from sync_protocol.adapters.verification.signatures import NON_REPUDIATION, quiet, trust_problem
    from sync_protocol.adapters.verification.signed_object import object_problems, padding_problems

    signed = cms.ContentInfo.load(p7s, strict=True)["content"]
    with quiet():
        status = asyncio.run(
            async_validate_detached_cms(record, signed, proof.context(), key_usage_settings=NON_REPUDIATION)
        )
    problems: list[reasons.VerificationProblem] = []
    if not (status.intact and status.valid):
        problems.append(reasons.SignatureBroken(field=RECORD_FIELD, found="digest or signature value"))
    problems += [*padding_problems(p7s), *object_problems(RECORD_FIELD, signed, status.signing_cert)]
    distrust = trust_problem(RECORD_FIELD, status, proof)
    if distrust is not None:
        problems.append(distrust)
    claimed = status.signer_reported_dt
    finding = SignatureFinding(
        field=RECORD_FIELD,
        kind="signature",
        signer_name=str(status.signing_cert.subject.native.get("common_name", "")),
        certificate_sha256=hashlib.sha256(status.signing_cert.dump()).hexdigest(),
        at=claimed.astimezone(dt.UTC) if claimed is not None else None,
        coverage="entire_file",
        covers=len(record),
        intact=bool(status.intact and status.valid),
        trusted=bool(status.trusted),
    )
    return finding, problems
