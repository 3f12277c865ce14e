"""One demonstration authority, one copy, signed once for all tests that only look at it."""

from __future__ import annotations

import datetime as dt
import tempfile
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from cryptography import x509

from deploy.demo.authority import PASSPHRASE, Authority, make_authority
from edge_node.copies.writer import make_copy
from edge_node.signing.agency import SealedCopy, seal_copy
from edge_node.signing.keys import SigningKey, open_pkcs12
from edge_node.signing.personal import SignedCopy, sign_capture
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD
from sync_protocol.adapters.verification.report import Expectation, Trust
from tests.edge_node.copies.material import drawn_page

NOW = dt.datetime.now(dt.UTC).replace(microsecond=0)  # `openssl ts` knows only the machine's clock
CAPTURED_AT = NOW - dt.timedelta(hours=2)
SEALED_AT = NOW - dt.timedelta(hours=1)
AGENCY = "Bảo hiểm xã hội thành phố Hồ Chí Minh"


@dataclass(frozen=True)
class World:
    """The demonstration authority with what was signed under it."""

    authority: Authority
    typefaces: Path
    copy: bytes
    signed: SignedCopy
    sealed: SealedCopy

    @property
    def trust(self) -> Trust:
        return Trust(self.authority.roots, self.authority.intermediates, self.authority.crls)

    @property
    def roots(self) -> list[x509.Certificate]:
        return [self.authority.root.certificate]

    def key(self, name: str) -> SigningKey:
        return open_pkcs12(self.authority.people[name].p12 or b"", PASSPHRASE)

    def expected(self, *, sealed: bool = False, bound: bool = True, visible: bool = True) -> Expectation:
        return Expectation(
            fields=(OFFICER_FIELD, AGENCY_FIELD) if sealed else (OFFICER_FIELD,),
            sha256=self.signed.sha256 if bound else "",
            length=self.signed.length if bound else 0,
            visible=visible,
        )


@lru_cache(maxsize=1)
def world() -> World:
    """Return the shared world; it lives as long as the test process."""
    directory = Path(tempfile.mkdtemp(prefix="lienthong-test-authority-"))
    authority = make_authority(directory, NOW)
    typefaces = directory / "typefaces"
    copy = make_copy([drawn_page()], title="Giấy ra viện", captured_at=CAPTURED_AT, typefaces_dir=typefaces)
    officer, agency = (open_pkcs12(authority.people[name].p12 or b"", PASSPHRASE) for name in ("officer_rsa", "agency"))
    signed = sign_capture(copy, officer, captured_at=CAPTURED_AT, typefaces_dir=typefaces)
    sealed = seal_copy(signed.data, agency, form="SAO Y", agency=AGENCY, at=SEALED_AT, typefaces_dir=typefaces)
    return World(authority, typefaces, copy, signed, sealed)
