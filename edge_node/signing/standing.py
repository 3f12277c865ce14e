"""Standing: how a signing certificate stands at this desk, as a warning and never as a bar.

A desk without a line cannot know whether a certificate was revoked today; it knows the list it holds. So it warns from that list and
from the calendar, and the hub decides (signing.md §2c). The certificate, which is public, is kept beside the key when
the key is opened, so that the days left can be told without a passphrase.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from sync_protocol.adapters.durable_file import write_durably
from sync_protocol.errors import Problem

NEAR_END_DAYS = 30
FOLDER = "certificates"


class Standing(msgspec.Struct, frozen=True):
    """One certificate. `days_left` is negative after its end; `warning` and `next_step` are empty when nothing is to be said.

    `list_days` is the age of the revocation list that was asked, `None` when this desk holds none of its issuer.
    """

    account: str
    days_left: int
    is_revoked: bool
    list_days: int | None
    warning: str = ""
    next_step: str = ""


def standing_of(account: str, certificate: x509.Certificate, crls: Sequence[bytes], now: dt.datetime) -> Standing:
    """How a certificate stands at `now` (aware), by the lists (DER) this desk holds. Never raises for a broken list."""
    days_left = (certificate.not_valid_after_utc - now).days
    newest = _newest_list(certificate, crls)
    revoked = (
        newest is not None and newest.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None
    )
    age = None if newest is None else (now - newest.last_update_utc).days
    warning, next_step = _words(days_left, revoked)
    return Standing(account, days_left, revoked, age, warning, next_step)


def keep_certificate(state: Path, account: str, certificate: x509.Certificate) -> None:
    """Keep the public part of an opened key. Idempotent. A disk that refuses costs the warning, never the signature."""
    path = _path(state, account)
    content = certificate.public_bytes(Encoding.DER)
    with contextlib.suppress(OSError, Problem):
        if not path.exists() or path.read_bytes() != content:
            path.parent.mkdir(exist_ok=True, mode=0o700)
            write_durably(path, content)


def standings(state: Path, accounts: Iterable[str], crls: Sequence[bytes], now: dt.datetime) -> list[Standing]:
    """How the certificates of these accounts stand; an account whose key was never opened here is left out."""
    found = []
    for account in accounts:
        path = _path(state, account)
        if path.exists():
            found.append(standing_of(account, x509.load_der_x509_certificate(path.read_bytes()), crls, now))
    return found


def _path(state: Path, account: str) -> Path:
    return state / FOLDER / f"{hashlib.sha256(account.encode()).hexdigest()[:16]}.der"  # no names in file names


def _newest_list(certificate: x509.Certificate, crls: Sequence[bytes]) -> x509.CertificateRevocationList | None:
    read = []
    for der in crls:
        try:
            read.append(x509.load_der_x509_crl(der))
        except ValueError:
            continue
    own = [one for one in read if one.issuer == certificate.issuer]
    return max(own, key=lambda one: one.last_update_utc, default=None)


def _words(days_left: int, is_revoked: bool) -> tuple[str, str]:
    if is_revoked:
        return (
            "Chứng thư này có trong danh sách thu hồi mà máy đang giữ. Tệp ký bằng nó sẽ bị trung tâm giữ riêng.",
            "Dừng ký, báo người phụ trách chứng thư; giấy tờ còn giữ thì quét và ký lại bằng chứng thư mới.",
        )
    if days_left < 0:
        return "Chứng thư này đã hết hạn.", "Đổi chứng thư rồi ký tiếp; tệp đã ký trong hạn vẫn dùng được."
    if days_left <= NEAR_END_DAYS:
        return f"Chứng thư này còn {days_left} ngày.", "Làm thủ tục gia hạn ngay trong tuần này."
    return "", ""
