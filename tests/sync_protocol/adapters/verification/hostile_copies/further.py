"""Further cases: odd CMS objects and certificates, revisions written by hand, and honest copies in unusual but lawful forms."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest.mock import patch

import pikepdf
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID
from pyhanko.sign.fields import MDPPerm, SigSeedSubFilter

from deploy.demo.authority import make_authority, revocation_list
from deploy.demo.timestamp_authority import TimestampAuthority
from edge_node.signing import pades
from sync_protocol.adapters.timestamps import preserve_copy
from tests.edge_node.signing.material import NOW, World
from tests.sync_protocol.adapters.verification.hostile_copies import objects as made
from tests.sync_protocol.adapters.verification.hostile_copies import revisions as later
from tests.sync_protocol.adapters.verification.hostile_copies.case import Case, Maker, replace_trust
from tests.sync_protocol.adapters.verification.hostile_copies.edits import add_note
from tests.sync_protocol.adapters.verification.hostile_copies.objects import certified_by, forged
from tests.sync_protocol.adapters.verification.hostile_copies.revisions import changed_first, range_of, saved_as
from tests.sync_protocol.adapters.verification.hostile_copies.ways import (
    certified,
    changed_bytes,
    sealed,
    signed,
    signed_by,
    updated,
)


def asked(**changes: Any) -> Maker:
    """Sign as the desk does, with something else asked of pyHanko."""

    def make(world: World) -> bytes:
        real = pades.PdfSignatureMetadata
        with patch.object(pades, "PdfSignatureMetadata", lambda **named: real(**(named | changes))):
            return certified(world, world.copy, "officer_rsa")

    return make


def old_list_brought_along(world: World) -> bytes:
    """A revoked signer's file with a list from before the revocation in its store."""
    import datetime as dt

    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    old = revocation_list(world.authority, NOW - dt.timedelta(days=40), serial_of=())
    writer = IncrementalPdfFileWriter(io.BytesIO(signed_by("revoked")(world)))
    later.keep_validation_data(writer, "/CRLs", old)
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def stamped_by_a_stranger(world: World) -> bytes:
    """A revoked signer's file with a time stamp of an authority of the forger's own."""
    with TemporaryDirectory() as folder:
        other = make_authority(Path(folder), NOW)
        clean = (*other.crls, world.authority.crls[0], revocation_list(world.authority, NOW, serial_of=()))
        trust = replace_trust(world, roots=(*other.roots, *world.trust.roots), intermediates=(*other.intermediates, *world.trust.intermediates), crls=clean)  # fmt: skip
        return preserve_copy(
            signed_by("revoked")(world), TimestampAuthority(other).answer, trust, now=NOW, number=1
        )


def stamped(world: World) -> bytes:
    return preserve_copy(signed(world), TimestampAuthority(world.authority).answer, world.trust, now=NOW, number=1)


def _p256() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


def _for(*purposes: x509.ObjectIdentifier) -> Callable[[x509.CertificateBuilder], x509.CertificateBuilder]:
    return lambda builder: builder.add_extension(x509.ExtendedKeyUsage(list(purposes)), critical=False)


def _with_critical_stranger(builder: x509.CertificateBuilder) -> x509.CertificateBuilder:
    strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4.5"), b"\x05\x00")
    return builder.add_extension(strange, critical=True)


def _second_digest(signed_data: cms.SignedData) -> cms.CMSAttribute:
    return cms.CMSAttribute({"type": "message_digest", "values": [bytes(32)]})


def _turned(degrees: int) -> Callable[[pikepdf.Pdf], None]:
    return lambda pdf: pdf.pages[0].obj.__setitem__("/Rotate", degrees)


def _shifted(pdf: pikepdf.Pdf) -> None:
    left, low, right, high = (float(side) for side in pdf.pages[0].obj.MediaBox)
    pdf.pages[0].obj.MediaBox = pikepdf.Array([left - 20, low + 30, right - 20, high + 30])


_BROKEN, _LATER = ("invalid", "VER-010"), ("valid_but_modified", "VER-011")
FURTHER: tuple[Case, ...] = (
    Case("50 PDF 2.0", saved_as(force_version="2.0"), "valid"),
    Case("50b linearised", saved_as(linearize=True), "valid"),
    Case("50c classic table, version 1.4", saved_as(force_version="1.4", object_stream_mode=pikepdf.ObjectStreamMode.disable), "valid"),
    Case("50d written for people", saved_as(qdf=True), "valid"),
    Case("50e a page turned before it was signed", changed_first(_turned(90)), "valid"),
    Case("50f a page upside down", changed_first(_turned(180)), "valid"),
    Case("50g a page whose box begins elsewhere", changed_first(_shifted), "valid"),
    Case("51 RSA-PSS", made.with_pss, "valid"),
    Case("51b RSA-4096", certified_by(lambda: rsa.generate_private_key(65537, 4096)), "valid"),
    Case("51c P-384", certified_by(lambda: ec.generate_private_key(ec.SECP384R1())), "valid"),
    Case("51d certificate for mail and log-in", certified_by(_p256, changes=_for(ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.EMAIL_PROTECTION)), "valid"),
    Case("51e stamped with a time", stamped, "valid", bound=True),
    Case("52 nothing binds the certificate", forged(made.without("signing_certificate_v2")), "invalid", "VER-018"),
    Case("52b another's certificate bound", made.foreign_certificate_bound("officer_p256"), *_BROKEN),
    Case("52c no signed attributes", forged(made.without_attributes), "invalid"),
    Case("52d no message digest", forged(made.without("message_digest")), *_BROKEN),
    Case("52e two message digests", forged(made.with_attribute(_second_digest)), *_BROKEN),
    Case("52f no content type", forged(made.without("content_type")), *_BROKEN),
    Case("53 two signers in one object", forged(made.two_signers), *_BROKEN),
    Case("53b no signer", forged(made.no_signer), *_BROKEN),
    Case("53c other words inside the object", forged(made.content_inside), *_BROKEN),
    Case("53d no certificate inside", forged(made.no_certificates), *_BROKEN),
    Case("53e an attribute that nobody signed", forged(made.unsigned_words), "invalid", "VER-018"),
    Case("53f a time stamp that is none", forged(made.false_token), "invalid"),
    Case("53g words behind the object", later.hidden_in_padding, "invalid", "VER-006"),
    Case("54 another digest named", forged(made.another_digest("sha512")), *_BROKEN),
    Case("54b MD5 named", forged(made.another_digest("md5")), "invalid", "VER-016"),
    Case("54c SHA-1 over the attributes", forged(made.signed_over("sha1")), "invalid", "VER-016"),
    Case("55 RSA-1024", certified_by(lambda: rsa.generate_private_key(65537, 1024)), "invalid", "VER-016"),
    Case("55b a curve of another trade", certified_by(lambda: ec.generate_private_key(ec.SECP256K1())), "invalid", "VER-016"),
    Case("55c a short curve", certified_by(lambda: ec.generate_private_key(ec.SECP192R1())), "invalid", "VER-016"),
    Case("56 a web server's certificate", certified_by(_p256, changes=_for(ExtendedKeyUsageOID.SERVER_AUTH)), "invalid", "VER-015"),
    Case("56b a certificate for code", certified_by(_p256, changes=_for(ExtendedKeyUsageOID.CODE_SIGNING)), "invalid", "VER-015"),
    Case("56c a critical extension nobody knows", certified_by(_p256, changes=_with_critical_stranger), "invalid"),
    Case("56d a certificate nobody issued", made.self_made, "invalid"),
    Case("57 a revoked signer with an old list", old_list_brought_along, "invalid", "VER-013"),
    Case("57b a revoked signer with a stranger's time stamp", stamped_by_a_stranger, "invalid", "VER-025"),
    Case("57c validation data that is none", updated(later.dead_lists), "valid_but_modified", "VER-020"),
    Case("58 a table that points at shadows", later.table_only(later.shadow_content), "invalid"),
    Case("58b a table that exchanges the field", later.table_only(later.shadow_field), "invalid"),
    Case("58c the end leads to before the signature", later.rolled_back, "invalid", "VER-007"),
    Case("58d the end leads to before the seal", later.rolled_back_seal, "invalid", "VER-007", sealed=True),
    Case("58e a table before itself", later.looping_table, "invalid", "VER-006"),
    Case("58f a hybrid table", later.hybrid, "invalid"),
    Case("59 a page in an object stream, later", updated(later.content_in_object_stream), *_LATER),
    Case("59b permissions taken out", updated(later.without_permissions), *_LATER),
    Case("59c usage rights added", updated(later.other_permissions), *_LATER),
    Case("60 a picture in the agency's empty field", updated(later.false_seal), *_LATER),
    Case("60b a new picture in the agency's field", updated(later.false_seal, sealed), "invalid", "VER-011", sealed=True),
    Case("60c the officer's stamp exchanged", updated(later.other_appearance), "invalid", "VER-021"),
    Case("60d the officer's stamp moved over the page", updated(later.moved_field), *_LATER),
    Case("60e the officer's stamp hidden", updated(later.hidden_field), *_LATER),
    Case("60f a field laid over the officer's", updated(later.cover_field), *_LATER),
    Case("60g the officer's signature in the agency's field", updated(later.copied_signature), "invalid", "VER-007"),
    Case("61 a note where notes were allowed", updated(add_note, asked(docmdp_permissions=MDPPerm.ANNOTATE)), *_LATER),
    Case("61b a note under a signature that certifies nothing", updated(add_note, asked(certify=False)), *_LATER),
    Case("62 byte range of six numbers", range_of(b"/ByteRange [0 10 20 10 40 10]"), *_BROKEN),
    Case("62b byte range of huge numbers", range_of(b"/ByteRange [0 99999999999999999999 1 2]"), "invalid"),
    Case("62c byte range of fractions", range_of(b"/ByteRange [0.0 10.5 20 30]"), "invalid"),
    Case("62d byte range of words", range_of(b"/ByteRange [(0) (1) (2) (3)]"), "invalid"),
    Case("62e empty byte range", range_of(b"/ByteRange []"), "invalid"),
    Case("62f byte range that begins before the file", range_of(b"/ByteRange [-1 10 20 30]"), "invalid"),
    Case("63 an old kind of signature named", changed_bytes(rb"/ETSI\.CAdES\.detached", b"/adbe.x509.rsa_sha1"), "invalid", "VER-007"),
    Case("63b the kind older readers know", asked(subfilter=SigSeedSubFilter.ADOBE_PKCS7_DETACHED), "valid"),
    Case("64 one line end too many", lambda world: signed(world) + b"\n", "valid_but_modified", "VER-020"),
)  # fmt: skip
