"""What a certificate is for and what key it has: asked by the office before it signs and by the verifier afterwards.

Source: RFC 5280 §4.2.1.12 (extended key usage restricts); ETSI TS 119 312 (curves); QCVN on digital signatures names RSA and the NIST curves.
"""

from __future__ import annotations

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

_PERSONAL_PURPOSES = frozenset(
    {
        ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE,
        ExtendedKeyUsageOID.CLIENT_AUTH,
        ExtendedKeyUsageOID.EMAIL_PROTECTION,
        ExtendedKeyUsageOID.SMARTCARD_LOGON,
        x509.ObjectIdentifier("1.3.6.1.5.5.7.3.36"),  # document signing (RFC 9336)
        x509.ObjectIdentifier("1.3.6.1.4.1.311.10.3.12"),  # Microsoft: document signing
        x509.ObjectIdentifier("1.2.840.113583.1.1.5"),  # Adobe: authentic documents
    }
)
_CURVES = frozenset(
    {"secp256r1", "secp384r1", "secp521r1", "brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1"}
)  # secp256k1 and everything below 256 bits is of no use here
_RSA_BITS_MIN = 2048


def is_for_documents(certificate: x509.Certificate) -> bool:
    """Whether its extended usage, where it has one, names a purpose of persons: not a web server's, code's or time stamping's alone."""
    try:
        purposes = certificate.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    except x509.ExtensionNotFound:
        return True
    return not _PERSONAL_PURPOSES.isdisjoint(purposes)


def weak_key(certificate: x509.Certificate) -> str:
    """What speaks against the certificate's key, for an operator; empty when nothing does."""
    public = certificate.public_key()
    if isinstance(public, rsa.RSAPublicKey):
        return "" if public.key_size >= _RSA_BITS_MIN else f"RSA of {public.key_size} bits"
    if isinstance(public, ec.EllipticCurvePublicKey):
        return "" if public.curve.name in _CURVES else f"curve {public.curve.name}"
    return f"a key of type {type(public).__name__}"
