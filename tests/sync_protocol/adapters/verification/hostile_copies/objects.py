"""Copies whose CMS object is unusual: other algorithms, other keys, things added, left out or doubled."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any
from unittest.mock import patch

from asn1crypto import algos, cms, core
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from deploy.demo.authority import Identity
from edge_node.signing import pades, personal
from edge_node.signing.keys import SigningKey, mechanism_of, software_signature
from edge_node.signing.loaded_key import LoadedKeySigner
from tests.edge_node.signing.material import CAPTURED_AT, NOW, World
from tests.sync_protocol.adapters.verification.hostile_copies.case import Maker

Change = Callable[[cms.SignedData, SigningKey], None]


def forged(change: Change, who: str = "officer_rsa") -> Maker:
    """Sign as the desk does, but change the CMS object before it is put into the file."""

    class Forger(LoadedKeySigner):
        async def async_sign(self, *args: Any, **named: Any) -> cms.ContentInfo:
            made = await super().async_sign(*args, **named)
            fresh = cms.ContentInfo.load(made.dump())
            change(fresh["content"], self._key)
            return cms.ContentInfo.load(fresh.dump(force=True))

    def make(world: World) -> bytes:
        with patch.object(pades, "LoadedKeySigner", Forger):
            writer = pades.open_for_signing(world.copy)
            return personal.certify(writer, world.key(who), at=CAPTURED_AT, typefaces_dir=world.typefaces)

    return make


def sign_again(signed: cms.SignedData, key: SigningKey) -> None:
    """Make the signature value right for the attributes as they are now."""
    info = signed["signer_infos"][0]
    info["signature"] = key.sign(info["signed_attrs"].untag().dump(force=True))


def without_attributes(signed: cms.SignedData, key: SigningKey) -> None:
    """No signed attributes: the signature would be over the file itself, and nothing binds the certificate."""
    info = signed["signer_infos"][0]
    bare = {name: info[name] for name in ("version", "sid", "digest_algorithm", "signature_algorithm", "signature")}
    signed["signer_infos"] = cms.SignerInfos([cms.SignerInfo(bare)])


def without(kind: str) -> Change:
    """Leave one signed attribute out, honestly signed."""

    def change(signed: cms.SignedData, key: SigningKey) -> None:
        info = signed["signer_infos"][0]
        kept = [one for one in info["signed_attrs"] if one["type"].native != kind]
        info["signed_attrs"] = cms.CMSAttributes(kept)
        sign_again(signed, key)

    return change


def with_attribute(make: Callable[[cms.SignedData], cms.CMSAttribute]) -> Change:
    """Add one signed attribute, honestly signed."""

    def change(signed: cms.SignedData, key: SigningKey) -> None:
        info = signed["signer_infos"][0]
        info["signed_attrs"] = cms.CMSAttributes([*info["signed_attrs"], make(signed)])
        sign_again(signed, key)

    return change


def foreign_certificate_bound(world_key: str) -> Maker:
    """The attribute that binds the certificate names another person's."""

    def make(world: World) -> bytes:
        other = hashlib.sha256(world.authority.people[world_key].der).digest()

        def change(signed: cms.SignedData, key: SigningKey) -> None:
            info = signed["signer_infos"][0]
            for one in info["signed_attrs"]:
                if one["type"].native == "signing_certificate_v2":
                    one["values"][0]["certs"][0]["cert_hash"] = other
            sign_again(signed, key)

        return forged(change)(world)

    return make


def two_signers(signed: cms.SignedData, key: SigningKey) -> None:
    infos = signed["signer_infos"]
    signed["signer_infos"] = cms.SignerInfos([infos[0], infos[0].copy()])


def no_signer(signed: cms.SignedData, key: SigningKey) -> None:
    signed["signer_infos"] = cms.SignerInfos([])


def content_inside(signed: cms.SignedData, key: SigningKey) -> None:
    signed["encap_content_info"] = {"content_type": "data", "content": b"other words"}


def no_certificates(signed: cms.SignedData, key: SigningKey) -> None:
    signed["certificates"] = cms.CertificateSet([])


def unsigned_words(signed: cms.SignedData, key: SigningKey) -> None:
    """An unsigned attribute: anybody may add one; here a counter-signature's place holds words."""
    attribute = cms.CMSAttribute({"type": "1.3.6.1.4.1.99999.7", "values": [core.UTF8String("Đã duyệt")]})
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])


def false_token(signed: cms.SignedData, key: SigningKey) -> None:
    """An unsigned time stamp that is no time stamp."""
    token = cms.ContentInfo({"content_type": "data", "content": b"2020"})
    attribute = cms.CMSAttribute({"type": "signature_time_stamp_token", "values": [token]})
    signed["signer_infos"][0]["unsigned_attrs"] = cms.CMSAttributes([attribute])


def another_digest(name: str) -> Change:
    """Say another digest than the one that was used."""

    def change(signed: cms.SignedData, key: SigningKey) -> None:
        algorithm = algos.DigestAlgorithm({"algorithm": name})
        signed["digest_algorithms"] = cms.DigestAlgorithms([algorithm])
        signed["signer_infos"][0]["digest_algorithm"] = algorithm

    return change


def signed_over(name: str) -> Change:
    """Attributes signed with another hash than the content's digest."""

    def change(signed: cms.SignedData, key: SigningKey) -> None:
        info = signed["signer_infos"][0]
        info["signature_algorithm"] = algos.SignedDigestAlgorithm({"algorithm": f"{name}_rsa"})
        info["signature"] = b"\x01" * len(info["signature"].native)

    return change


def certified_by(make_key: Callable[[], Any], *, changes: Callable[[x509.CertificateBuilder], x509.CertificateBuilder] | None = None) -> Maker:  # fmt: skip
    """Sign with a new key that the issuing authority certified."""

    def make(world: World) -> bytes:
        person = issue(world.authority.issuing, make_key(), changes)
        key = SigningKey(
            person.certificate,
            (world.authority.issuing.certificate,),
            mechanism_of(person.certificate),
            software_signature(person.key),
        )
        writer = pades.open_for_signing(world.copy)
        return personal.certify(writer, key, at=CAPTURED_AT, typefaces_dir=world.typefaces)

    return make


def issue(issuer: Identity, key: Any, changes: Any = None) -> Identity:
    """A certificate of the demonstration's issuing authority over this key."""
    import datetime as dt

    from cryptography.x509.oid import NameOID

    usage = x509.KeyUsage(True, True, False, False, False, False, False, False, False)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Nguyễn Thị Ẵm")]))
        .issuer_name(issuer.certificate.subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(NOW - dt.timedelta(days=300))
        .not_valid_after(NOW + dt.timedelta(days=300))
        .add_extension(x509.BasicConstraints(False, None), critical=True)
        .add_extension(usage, critical=True)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer.key.public_key()), critical=False)
    )
    builder = changes(builder) if changes else builder
    return Identity(builder.sign(issuer.key, hashes.SHA256()), key)


def self_made(world: World) -> bytes:
    """The officer's name in a certificate that nobody issued."""
    from deploy.demo.authority import certify

    person = certify("Nguyễn Thị Ẵm", None, NOW)
    own = SigningKey(person.certificate, (), mechanism_of(person.certificate), software_signature(person.key))
    writer = pades.open_for_signing(world.copy)
    return personal.certify(writer, own, at=CAPTURED_AT, typefaces_dir=world.typefaces)


def with_pss(world: World) -> bytes:
    """RSA in the padding that newer tokens use."""

    def change(signed: cms.SignedData, key: SigningKey) -> None:
        person = world.authority.people["officer_rsa"]
        assert isinstance(person.key, rsa.RSAPrivateKey)
        info = signed["signer_infos"][0]
        parameters = {
            "hash_algorithm": {"algorithm": "sha256"},
            "mask_gen_algorithm": {"algorithm": "mgf1", "parameters": {"algorithm": "sha256"}},
            "salt_length": 32,
        }
        info["signature_algorithm"] = {"algorithm": "rsassa_pss", "parameters": parameters}
        message = info["signed_attrs"].untag().dump()
        info["signature"] = person.key.sign(message, padding.PSS(padding.MGF1(hashes.SHA256()), 32), hashes.SHA256())

    return forged(change)(world)
