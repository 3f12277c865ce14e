"""What the verifier is told and what it answers, as values that cross a process boundary.

`Trust` and `Expectation` go into the sandboxed process, `VerificationReport` comes out; all three encode with msgspec.
Times are aware UTC. No personal data but the names in the certificates, which are what the report is about: log only
codes and fingerprints.
"""

from __future__ import annotations

import datetime as dt
from typing import Literal

import msgspec

from sync_protocol.adapters.signature_names import OFFICER_FIELD
from sync_protocol.adapters.verification.errors import Severity, VerificationProblem

Verdict = Literal["valid", "valid_but_modified", "invalid"]
Coverage = Literal["entire_file", "entire_revision", "less"]


class Trust(msgspec.Struct, frozen=True):
    """Whom to believe: DER certificates of roots and issuers, DER revocation lists (the root's too)."""

    roots: tuple[bytes, ...]
    intermediates: tuple[bytes, ...] = ()
    crls: tuple[bytes, ...] = ()


class Expectation(msgspec.Struct, frozen=True):
    """What this step of the dossier expects of the file.

    `fields` are the fields that must be signed, all of them and no others (time stamps are counted apart). `signers` maps a
    field to the SHA-256 of the certificates that may fill it; a field that is not in it is not asked. `sha256` and `length`
    are those of the officer-signed file: every later version must begin with it. `trailing_allowed` lets validation data
    stand behind the newest signature. The claimed time must lie in `[not_before, not_after]` where given. `prepared` are
    fields that must be there, filled or not. `is_open` takes the signed fields as they are found, for a file nobody announced.
    """

    fields: tuple[str, ...] = (OFFICER_FIELD,)
    signers: dict[str, frozenset[str]] = {}
    sha256: str = ""
    length: int = 0
    trailing_allowed: bool = True
    not_before: dt.datetime | None = None
    not_after: dt.datetime | None = None
    visible: bool = True
    """The visible words must say what the certificate and the signature say."""
    prepared: tuple[str, ...] = ()
    is_open: bool = False


class Reason(msgspec.Struct, frozen=True):
    """One reason against a file. `sentence` and `next_step` are Vietnamese, `operator` is the English log line."""

    code: str
    severity: Severity
    sentence: str
    next_step: str
    operator: str
    field: str = ""

    @classmethod
    def of(cls, problem: VerificationProblem) -> Reason:
        """Turn a problem into a value that crosses processes."""
        return cls(
            problem.code,
            problem.severity,
            problem.clerk_sentence,
            problem.clerk_next_step,
            problem.operator_line,
            str(problem.facts.get("field", "")),
        )


class SignatureFinding(msgspec.Struct, frozen=True):
    """One signature or time stamp: who, when, and how much of the file it covers.

    `at` is the signer's claim, or the authority's statement for a time stamp. `covers` counts from the first byte.
    """

    field: str
    kind: Literal["signature", "timestamp"]
    signer_name: str
    certificate_sha256: str
    at: dt.datetime | None
    coverage: Coverage
    covers: int
    intact: bool
    trusted: bool


class VerificationReport(msgspec.Struct, frozen=True):
    """The verifier's answer. `reasons` is empty for a plain `valid`."""

    verdict: Verdict
    sha256: str
    length: int
    pages: int
    signatures: tuple[SignatureFinding, ...]
    reasons: tuple[Reason, ...]

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes of the reasons, in the order they were found."""
        return tuple(reason.code for reason in self.reasons)


def verdict_of(reasons: tuple[Reason, ...]) -> Verdict:
    """Return what the reasons together amount to."""
    severities = {reason.severity for reason in reasons}
    if "invalid" in severities:
        return "invalid"
    return "valid_but_modified" if "modified" in severities else "valid"
