"""Signatures: every signature and time stamp of a file, judged by pyHanko at one instant with the lists it is given.

pyHanko alone accepts too much: a revoked certificate passes by default when there is no list, and passes in its "hard-fail"
mode when the certificate names no distribution point (seen 2026-11-22). So a list is required for every certificate, and
nothing is fetched. What pyHanko says is turned into reasons here; what it does not look at is in the
neighbouring modules.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, cast

from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.ades.report import AdESFailure, AdESIndeterminate
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation import validate_pdf_signature, validate_pdf_timestamp
from pyhanko.sign.validation.settings import KeyUsageConstraints
from pyhanko.sign.validation.status import SignatureCoverageLevel

from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD, TIMESTAMP_FIELD_PREFIX
from sync_protocol.adapters.verification import errors as reasons
from sync_protocol.adapters.verification.appearance import check_visible, visible_texts
from sync_protocol.adapters.verification.proof import Proof, holds_strange_data
from sync_protocol.adapters.verification.report import Coverage, Expectation, SignatureFinding, Trust
from sync_protocol.adapters.verification.signed_object import object_problems, padding_problems
from sync_protocol.adapters.verification.structure import ends_at_its_end_mark

NON_REPUDIATION = KeyUsageConstraints(key_usage={"non_repudiation"})
Problems = list[reasons.VerificationProblem]
_DRAWN = (OFFICER_FIELD, AGENCY_FIELD)
_COVERAGE: dict[SignatureCoverageLevel, Coverage] = {
    SignatureCoverageLevel.ENTIRE_FILE: "entire_file",
    SignatureCoverageLevel.ENTIRE_REVISION: "entire_revision",
}
_BY_INDICATION: dict[Any, type[reasons.VerificationProblem]] = {
    AdESFailure.REVOKED: reasons.CertificateRevoked,
    AdESIndeterminate.REVOKED_NO_POE: reasons.CertificateRevoked,
    AdESIndeterminate.REVOKED_CA_NO_POE: reasons.CertificateRevoked,
    AdESIndeterminate.EXPIRED: reasons.CertificateExpired,
    AdESFailure.NOT_YET_VALID: reasons.CertificateExpired,
    AdESIndeterminate.NOT_YET_VALID: reasons.CertificateExpired,
    AdESIndeterminate.OUT_OF_BOUNDS_NO_POE: reasons.CertificateExpired,
    AdESIndeterminate.OUT_OF_BOUNDS_NOT_REVOKED: reasons.CertificateExpired,
    AdESIndeterminate.NO_CERTIFICATE_CHAIN_FOUND: reasons.IssuerUnknown,
    AdESIndeterminate.NO_SIGNING_CERTIFICATE_FOUND: reasons.IssuerUnknown,
    AdESIndeterminate.CHAIN_CONSTRAINTS_FAILURE: reasons.CertificateMisused,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE: reasons.WeakAlgorithm,
    AdESIndeterminate.CRYPTO_CONSTRAINTS_FAILURE_NO_POE: reasons.WeakAlgorithm,
    AdESIndeterminate.TRY_LATER: reasons.RevocationUnknown,
    AdESIndeterminate.REVOCATION_OUT_OF_BOUNDS_NO_POE: reasons.RevocationUnknown,
}


def judge_signatures(
    data: bytes, trust: Trust, expected: Expectation, proof: Proof
) -> tuple[tuple[SignatureFinding, ...], Problems]:
    """Return what was found and every reason against it.

    The newest is judged first: a time stamp that holds proves the age of everything it covers, so what is older is judged
    at the instant it states.

    Raises:
        Exception: whatever pyHanko raises on a file it cannot follow; the caller makes it a reason.
    """
    with quiet():
        reader = PdfFileReader(io.BytesIO(data), strict=True)
        try:
            signatures = list(reader.embedded_signatures)
        except Exception as error:  # an object with no signer, or two, raises here already
            return (), [reasons.SignatureBroken(field="?", found=type(error).__name__)]
        problems = _field_problems(reader, signatures, expected)
        shown = visible_texts(data) if expected.visible else {}
        findings: list[SignatureFinding] = []
        newest: Any = None
        for signature, status, found in _judge_all(reader, signatures, proof):
            is_stamp = _is_timestamp(signature)
            if not trust.crls and not proof.has_lists and not is_stamp:
                problems.append(reasons.RevocationUnknown(field=_name(signature), found="no list at all"))
            problems += found
            if not _has_certificate(signature):
                continue  # told by `found`
            findings.append(_finding(signature, status, is_stamp=is_stamp))
            if not is_stamp:
                problems += _identity_problems(signature, findings[-1], expected, shown)
            newest = status if status is not None else newest
        if signatures and newest is not None:
            problems += _coverage_problems(data, reader, signatures[-1], newest, expected)
        if holds_strange_data(reader):
            problems.append(reasons.NotCovered(found="validation data that is none"))
    return tuple(findings), problems


@contextmanager
def quiet() -> Iterator[None]:
    """Keep pyHanko's log lines out: they carry the names in certificates."""
    loggers = [logging.getLogger(name) for name in ("pyhanko", "pyhanko_certvalidator")]
    before = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        for logger, level in zip(loggers, before, strict=True):
            logger.setLevel(level)


def trust_problem(field: str, status: Any, proof: Proof) -> reasons.VerificationProblem | None:
    """Return why the signer's certificate is not believed, if it is not."""
    indication = status.trust_problem_indic
    if indication is None and (status.trusted or not (status.intact and status.valid)):
        return None  # of a broken signature pyHanko does not ask who made it
    name = getattr(indication, "name", "not trusted")
    kind = _BY_INDICATION.get(indication)
    if kind is None and proof.lacks_list_for(status.signing_cert):  # pyHanko calls this a general failure of the chain
        return reasons.RevocationUnknown(field=field, found="an issuer has no list here")
    return (kind or reasons.SignatureRefused)(field=field, found=name)


def _field_problems(reader: Any, signatures: list[Any], expected: Expectation) -> Problems:
    problems: Problems = []
    signed = tuple(_name(signature) for signature in signatures if not _is_timestamp(signature))
    if expected.is_open:
        return [] if signed else [reasons.Unsigned()]
    if sorted(signed) != sorted(expected.fields) or len(set(signed)) != len(signed):
        problems.append(reasons.FieldsDiffer(expected=" ".join(expected.fields), found=" ".join(signed) or "none"))
    named: set[str] = set()
    for one in _entry(_entry(reader.root, "/AcroForm") or {}, "/Fields") or ():
        field = one.get_object()
        name = str(_entry(field, "/T") or "")
        named.add(name)
        known = name in (*expected.fields, AGENCY_FIELD) or name.startswith(TIMESTAMP_FIELD_PREFIX)
        if not known or ("/FT" in field and field["/FT"] != "/Sig"):
            problems.append(
                reasons.FieldsDiffer(expected=" ".join(expected.fields), found=f"a field of {len(name)} letters")
            )
    for missing in sorted(set(expected.prepared) - named):
        problems.append(reasons.FieldsDiffer(expected=f"{missing} prepared", found="no such field"))
    return problems


def _judge_all(reader: Any, signatures: list[Any], proof: Proof) -> list[tuple[Any, Any, Problems]]:
    """(signature, status, problems) in the order of the file."""
    judged: list[tuple[Any, Any, Problems]] = []
    for signature in reversed(signatures):
        is_stamp = _is_timestamp(signature)
        status, problems = _judge(signature, proof, is_stamp=is_stamp)
        judged.append((signature, status, problems))
        if is_stamp and status is not None and not problems:
            proof.has_existed_at(status.timestamp, reader)
    return judged[::-1]


def _judge(signature: Any, proof: Proof, *, is_stamp: bool) -> tuple[Any, Problems]:
    name = _name(signature)
    context = proof.context()
    try:
        if is_stamp:
            status: Any = validate_pdf_timestamp(signature, context)
        else:
            status = validate_pdf_signature(signature, context, key_usage_settings=NON_REPUDIATION)
    except Exception as error:  # a broken CMS object raises many kinds; all of them mean refusal
        wrong = reasons.TimestampBroken if is_stamp else reasons.SignatureBroken
        return None, [wrong(field=name, found=type(error).__name__)]
    problems: Problems = []
    if not (status.intact and status.valid):
        wrong = reasons.TimestampBroken if is_stamp else reasons.SignatureBroken
        problems.append(wrong(field=name, found="digest" if not status.intact else "signature value"))
    distrust = trust_problem(name, status, proof)
    problems += padding_problems(signature.pkcs7_content)
    if not is_stamp:
        problems += object_problems(name, signature.signed_data, signature.signer_cert)
    if distrust is not None:
        is_told_as_it_is = not is_stamp or isinstance(distrust, reasons.RevocationUnknown)
        problems.append(distrust if is_told_as_it_is else reasons.TimestampBroken(field=name, found=distrust.code))
    level = status.modification_level
    if level == ModificationLevel.OTHER or status.docmdp_ok is False:
        problems.append(reasons.ModifiedAfterSigning(field=name, found="not allowed by the signer"))
    elif status.coverage not in _COVERAGE:
        problems.append(reasons.ModifiedAfterSigning(field=name, found="does not cover its whole revision"))
    return status, problems


def _has_certificate(signature: Any) -> bool:
    """Whether the object holds the one certificate it binds."""
    try:
        return signature.signer_cert is not None
    except Exception:  # pyHanko raises several kinds; why is told by `_judge`
        return False


def _finding(signature: Any, status: Any, *, is_stamp: bool) -> SignatureFinding:
    certificate = signature.signer_cert
    at = status.timestamp if is_stamp and status is not None else signature.self_reported_timestamp
    byte_range = [int(number) for number in signature.byte_range]
    return SignatureFinding(
        field=_name(signature),
        kind="timestamp" if is_stamp else "signature",
        signer_name=str(certificate.subject.native.get("common_name", "")),
        certificate_sha256=hashlib.sha256(certificate.dump()).hexdigest(),
        at=at.astimezone(dt.UTC) if at is not None else None,
        coverage=_COVERAGE.get(status.coverage, "less") if status is not None else "less",
        covers=byte_range[2] + byte_range[3],
        intact=bool(status is not None and status.intact and status.valid),
        trusted=bool(status is not None and status.trusted),
    )


def _identity_problems(
    signature: Any, finding: SignatureFinding, expected: Expectation, shown: dict[str, str]
) -> Problems:
    problems: Problems = []
    field = finding.field
    declared = _entry(signature.sig_object, "/Name")
    if declared is not None and str(declared) != finding.signer_name:
        problems.append(reasons.NameForged(field=field, found="/Name"))
    allowed = expected.signers.get(field)
    if allowed is not None and finding.certificate_sha256 not in allowed:
        problems.append(reasons.SignerUnknown(field=field, found=finding.certificate_sha256[:16]))
    early = expected.not_before is not None and (finding.at is None or finding.at < expected.not_before)
    late = expected.not_after is not None and (finding.at is None or finding.at > expected.not_after)
    if early or late:
        problems.append(reasons.TimeOutsideInterval(field=field))
    if expected.visible and field in _DRAWN:
        problems += check_visible(field, shown.get(field, ""), signer_name=finding.signer_name, at=finding.at)
    return problems


def _coverage_problems(data: bytes, reader: Any, newest: Any, status: Any, expected: Expectation) -> Problems:
    """Behind the newest signature only whole revisions with validation data may stand, and nothing after the end mark."""
    if status.coverage == SignatureCoverageLevel.ENTIRE_FILE:
        return []
    if not ends_at_its_end_mark(data):
        return [reasons.NotCovered(found="bytes after the end mark")]
    has_later_revision = newest.signed_revision < cast(int, reader.xrefs.total_revisions) - 1
    explained = status.modification_level in (ModificationLevel.LTA_UPDATES, ModificationLevel.NONE)
    if not (expected.trailing_allowed and has_later_revision and explained):
        return [reasons.NotCovered(found="an unexplained revision" if has_later_revision else "unexplained bytes")]
    return []


def _is_timestamp(signature: Any) -> bool:
    return bool(_entry(signature.sig_object, "/Type") == "/DocTimeStamp")


def _entry(dictionary: Any, name: str) -> Any:
    """Return an entry with its reference followed (pyHanko's `get` gives the bare reference), or `None`."""
    if name not in dictionary:
        return None
    return dictionary[name]


def _name(signature: Any) -> str:
    return str(signature.field_name)
