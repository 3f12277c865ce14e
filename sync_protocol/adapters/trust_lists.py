"""Trust lists: the revocation lists and issuing certificates a hub publishes, how fresh each list is, and what the hub signs.

A node adds them to what it was told to trust at its installation and warns from them; roots never travel this way, so a
stolen hub key cannot make an office trust another authority.

Source: RFC 5280 §5 (nextUpdate); signing.md §2c (the desk warns, the hub decides by fresh lists).
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Iterable

import msgspec
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from sync_protocol.errors import Problem

NEAR_END = dt.timedelta(days=2)
MAX_BYTES = 16 << 20
_PURPOSE = b"lienthong trust lists, sha-256\n"
Verify = Callable[[bytes, bytes], None]


class TrustListsRefused(Problem):
    """The published lists do not read, or the hub did not sign them; the former ones stay."""

    code = "TRU-001"
    sentence = "Danh sách thu hồi nhận từ trung tâm không khớp chữ ký của trung tâm nên chưa dùng."
    next_step = "Không cần làm gì tại quầy; danh sách cũ vẫn dùng. Bộ phận kỹ thuật xem mã TRU-001."
    operator = "trust lists refused: {found}; former lists stay"
    event = "trust.refused"


class TrustLists(msgspec.Struct, frozen=True):
    """Issuing certificates and revocation lists, all DER, and when the hub put them together (ms UTC)."""

    made_ms: int
    issuers: tuple[bytes, ...]
    crls: tuple[bytes, ...]


class ListState(msgspec.Struct, frozen=True):
    """One authority's list. `next_update` is None where there is no list at all, or where it names no end."""

    issuer: str
    this_update: dt.datetime | None
    next_update: dt.datetime | None
    revoked: int = 0

    def is_stale(self, now: dt.datetime) -> bool:
        """Whether nothing can be judged with it at `now` (aware)."""
        return self.this_update is None or (self.next_update is not None and self.next_update < now)

    def is_ending(self, now: dt.datetime) -> bool:
        """Whether it has to be renewed by now: stale, or in its last days (in the last third of a short life)."""
        if self.this_update is None or self.next_update is None:
            return self.this_update is None
        left = self.next_update - now
        return left < min(NEAR_END, (self.next_update - self.this_update) / 3)


def sealed_bytes(content: bytes) -> bytes:
    """The message the hub signs for a file of lists; it can pass for nothing else the hub signs."""
    return _PURPOSE + hashlib.sha256(content).digest()


def pack(lists: TrustLists) -> bytes:
    """The file of lists."""
    return msgspec.msgpack.encode(lists)


def unpack(content: bytes, signature: bytes, verify: Verify) -> TrustLists:
    """The lists in a file that the hub signed.

    Raises:
        TrustListsRefused: not signed by this hub, or not readable.
    """
    try:
        verify(sealed_bytes(content), signature)
        return msgspec.msgpack.decode(content, type=TrustLists)
    except Exception as error:  # the verifier is the caller's; whatever it raises means: not signed
        raise TrustListsRefused(found=type(error).__name__) from error


def list_states(authorities: Iterable[bytes], crls: Iterable[bytes]) -> list[ListState]:
    """How the list of every authority stands (certificates and lists in DER), one line each, the one that ends first on top."""
    known = {one.subject: one for one in (x509.load_der_x509_certificate(der) for der in authorities)}
    newest = newest_lists(known.values(), crls)
    states = [_state(certificate, newest.get(subject)) for subject, certificate in known.items()]
    return sorted(states, key=lambda one: (one.next_update.timestamp() if one.next_update else 0.0, one.issuer))


def newest_lists(
    authorities: Iterable[x509.Certificate], crls: Iterable[bytes]
) -> dict[x509.Name, x509.CertificateRevocationList]:
    """The newest list of each authority, by subject; lists that do not read or that it did not sign are left out."""
    known = {one.subject: one for one in authorities}
    newest: dict[x509.Name, x509.CertificateRevocationList] = {}
    for der in crls:
        found = read_list(der)
        if found is None or not is_signed_by(found, known.get(found.issuer)):
            continue
        held = newest.get(found.issuer)
        if held is None or held.last_update_utc < found.last_update_utc:
            newest[found.issuer] = found
    return newest


def read_list(content: bytes) -> x509.CertificateRevocationList | None:
    """A revocation list in DER or PEM, or None."""
    try:
        read = x509.load_pem_x509_crl if content.lstrip().startswith(b"-----BEGIN") else x509.load_der_x509_crl
        return read(content)
    except ValueError:
        return None


def is_signed_by(found: x509.CertificateRevocationList, issuer: x509.Certificate | None) -> bool:
    """Whether the authority itself signed this list."""
    if issuer is None:
        return False
    try:
        return found.is_signature_valid(issuer.public_key())  # type: ignore[arg-type]
    except (TypeError, ValueError, InvalidSignature):
        return False


def name_of(certificate: x509.Certificate) -> str:
    """The authority's common name, or its whole name where it has none."""
    names = certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(names[-1].value) if names else certificate.subject.rfc4514_string()


def _state(certificate: x509.Certificate, found: x509.CertificateRevocationList | None) -> ListState:
    if found is None:
        return ListState(name_of(certificate), None, None)
    return ListState(name_of(certificate), found.last_update_utc, found.next_update_utc, len(found))
