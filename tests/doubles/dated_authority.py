"""A time stamp authority whose clock is the test's: RFC 3161 answers with any time, under a certificate of any years.

`openssl ts` knows only the machine's clock, so years ahead need this one. Its certificates come from the demonstration authority.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from asn1crypto import keys, tsp, x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from pyhanko.sign.timestamps import DummyTimeStamper

from deploy.demo.authority import Identity


@dataclass
class DatedAuthority:
    """Answers queries at `clock`."""

    identity: Identity
    clock: dt.datetime
    asked: int = 0

    def answer(self, query: bytes) -> bytes:
        """The DER answer to a DER query."""
        self.asked += 1
        key = self.identity.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        stamper = DummyTimeStamper(
            x509.Certificate.load(self.identity.der), keys.PrivateKeyInfo.load(key), fixed_dt=self.clock
        )
        return bytes(stamper.request_tsa_response(tsp.TimeStampReq.load(query)).dump())
