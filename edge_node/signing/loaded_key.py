"""pyHanko's signer over a key that is already loaded, wherever it lives: a file or a token."""

from __future__ import annotations

import functools
from typing import Any

from asn1crypto import algos, cms
from asn1crypto import x509 as asn1_x509
from cryptography.hazmat.primitives.serialization import Encoding
from pyhanko.sign.signers.pdf_cms import Signer
from pyhanko_certvalidator.registry import SimpleCertificateStore

from edge_node.signing.keys import SigningKey
from edge_node.signing.signed_data import key_parts, signed_data


class LoadedKeySigner(Signer):
    """Signs as this office does, from parts encoded once for the key; any other wish goes pyHanko's own way."""

    def __init__(self, key: SigningKey) -> None:
        der = tuple(certificate.public_bytes(Encoding.DER) for certificate in (key.certificate, *key.issuers))
        make: Any = SimpleCertificateStore  # pyHanko leaves it untyped
        known = make()
        known.register_multiple([_parsed(one) for one in der[1:]])
        super().__init__(
            signing_cert=_parsed(der[0]),
            cert_registry=known,
            signature_mechanism=algos.SignedDigestAlgorithm({"algorithm": key.mechanism}),
        )
        self._key = key
        self._parts = key_parts(der[0], der[1:], key.mechanism)

    async def async_sign(
        self,
        data_digest: bytes,
        digest_algorithm: str,
        dry_run: bool = False,
        use_pades: bool = False,
        timestamper: Any = None,
        signed_attr_settings: Any = None,
        is_pdf_sig: bool = True,
        encap_content_info: Any = None,
    ) -> cms.ContentInfo:
        """Return the CMS object over this digest; PAdES forbids the signing time inside, CAdES wants it."""
        asked = signed_attr_settings
        further = asked is None or asked.cades_signed_attrs or asked.adobe_revinfo_attr or not asked.signing_time
        if further or dry_run or timestamper or encap_content_info or not use_pades or digest_algorithm != "sha256":
            return await super().async_sign(
                data_digest, digest_algorithm, dry_run, use_pades, timestamper, asked, is_pdf_sig, encap_content_info
            )
        at = None if is_pdf_sig else asked.signing_time
        return cms.ContentInfo.load(signed_data(self._parts, data_digest, self._key.sign, signing_time=at))

    async def async_sign_raw(self, data: bytes, digest_algorithm: str, dry_run: bool = False) -> bytes:
        """Return the raw signature of `data`; a dry run returns zeros of the same length and uses no key."""
        return bytes(self._key.signature_size) if dry_run else self._key.sign(data)


@functools.lru_cache(maxsize=32)
def _parsed(der: bytes) -> asn1_x509.Certificate:
    return asn1_x509.Certificate.load(der)
