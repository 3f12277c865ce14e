"""Proof of age: at which instant a signature is judged, and with which lists.

Without a proof a signature is judged now. A time stamp that holds proves that everything it covers existed at its time, so what it
covers is judged at that instant, with the lists kept in the file beside the present ones. So a signature outlives its
certificate, and a certificate revoked before the stamp stays refused (signing.md §2c: the `moment` and `retroactive_revinfo` way).

Source: ETSI EN 319 102-1 (proof of existence); QĐ 1333/QĐ-BHXH Điều 11.1 (kept for long-term use).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from asn1crypto import crl as asn1_crl
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.x509 import ocsp
from pyhanko_certvalidator import ValidationContext

from sync_protocol.adapters.verification.errors import TooLarge
from sync_protocol.adapters.verification.report import Trust

MAX_CHAIN = 6
MAX_KEPT = 64  # certificates, and lists, that a file may bring along


class Proof:
    """The instant of judging while one file is walked from its newest signature to its oldest."""

    def __init__(self, trust: Trust, now: dt.datetime, proven_at: dt.datetime | None = None) -> None:
        self._trust = trust
        self._moment = proven_at or now
        self._is_past = proven_at is not None
        self._certificates: list[Any] = []
        self._lists: list[Any] = []

    @property
    def has_lists(self) -> bool:
        """Whether the file brought lists that count."""
        return bool(self._lists)

    def context(self) -> ValidationContext:
        """Return pyHanko's context for the instant reached so far."""
        return _context(self._trust, self._moment, self._certificates, self._lists, is_past=self._is_past)

    def lacks_list_for(self, certificate: Any) -> bool:
        """Whether an authority above this certificate has no revocation list here at all (stale ones are found elsewhere)."""
        load = asn1_x509.Certificate.load
        lists = [*(asn1_crl.CertificateList.load(der) for der in self._trust.crls), *self._lists]
        listed = {one.issuer.hashable for one in lists}
        known = [*(load(der) for der in self._trust.intermediates), *self._certificates]
        for _ in range(MAX_CHAIN):
            if certificate.issuer.hashable not in listed:
                return True
            parent = next((one for one in known if one.subject.hashable == certificate.issuer.hashable), None)
            if parent is None or parent.subject.hashable == parent.issuer.hashable:
                return False
            certificate = parent
        return False

    def has_existed_at(self, moment: dt.datetime, reader: Any) -> None:
        """A time stamp holds: what it covers is judged at its time, with what the file kept for that.

        Raises:
            TooLarge: the file brings along more than anybody needs.
        """
        self._moment, self._is_past = moment, True
        if not self._lists:
            self._certificates, self._lists = _kept_in(reader)


def context_for(trust: Trust, now: dt.datetime) -> ValidationContext:
    """Return pyHanko's context for judging at `now` with exactly these certificates and lists, fetching nothing."""
    return _context(trust, now, [], [], is_past=False)


def _context(
    trust: Trust, moment: dt.datetime, certificates: list[Any], lists: list[Any], *, is_past: bool
) -> ValidationContext:
    load = asn1_x509.Certificate.load
    return ValidationContext(
        trust_roots=[load(der) for der in trust.roots],
        other_certs=[*(load(der) for der in trust.intermediates), *certificates],
        crls=[*(asn1_crl.CertificateList.load(der) for der in trust.crls), *lists],
        allow_fetching=False,
        revocation_mode="require",  # "hard-fail" passes a revoked certificate that names no list in itself
        moment=moment,
        retroactive_revinfo=is_past,
    )


def _kept_in(reader: Any) -> tuple[list[Any], list[Any]]:
    from pyhanko.sign.validation.dss import DocumentSecurityStore
    from pyhanko.sign.validation.errors import NoDSSFoundError

    try:
        kept = DocumentSecurityStore.read_dss(reader)
    except NoDSSFoundError:
        return [], []
    if max(len(kept.certs), len(kept.crls)) > MAX_KEPT:
        raise TooLarge(limit="validation data", found=max(len(kept.certs), len(kept.crls)))
    context = kept.as_validation_context({"trust_roots": [], "allow_fetching": False})
    return list(kept.load_certs()), list(context.revinfo_manager.crls)


def holds_strange_data(reader: Any) -> bool:
    """Whether the file's store of validation data holds anything that is no certificate, list or answer.

    pyHanko lets such a store be added after a signature without looking into it.
    """
    store = _entry(reader.root, "/DSS", {})
    loaders: dict[str, Callable[[bytes], object]] = {
        "/Certs": x509.load_der_x509_certificate,
        "/CRLs": x509.load_der_x509_crl,
        "/OCSPs": ocsp.load_der_ocsp_response,
    }
    for kind, load in loaders.items():
        for one in _entry(store, kind, ()):
            try:
                load(one.get_object().data)
            except Exception:  # a stream that does not unfold, or DER that is none
                return True
    return False


def _entry(holder: Any, name: str, otherwise: Any) -> Any:
    if name not in holder:
        return otherwise
    return holder[name]  # pyHanko's `get` gives the bare reference
