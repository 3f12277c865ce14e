"""Keys in files and in tokens: one PIN for a batch, never tried twice, the certificate checked first."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deploy.demo.authority import PASSPHRASE
from edge_node.signing.batch import sign_batch
from edge_node.signing.errors import (
    CertificateOutOfDate,
    KeyNotFound,
    PassphraseRefused,
    PinRefused,
    TokenAbsent,
    TokenGone,
)
from edge_node.signing.keys import SigningKey, open_pkcs12
from edge_node.signing.personal import SignedCopy, sign_capture
from edge_node.signing.token import open_pkcs11
from sync_protocol.adapters.verification.verify import verify_copy
from tests.edge_node.signing.material import CAPTURED_AT, NOW, world

LIBRARY = "/usr/lib/softhsm/libsofthsm2.so"
LABEL = "lienthong"
PIN = "246810"
NAMES = ("officer_rsa", "officer_p256", "expired")


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real PKCS#11 token in software, holding three certificates with their keys."""
    import pkcs11
    from asn1crypto import keys as asn1_keys
    from pkcs11 import Attribute, ObjectClass
    from pkcs11.util import ec as pkcs11_ec
    from pkcs11.util import rsa as pkcs11_rsa

    home = tmp_path_factory.mktemp("token")
    (home / "tokens").mkdir()
    (home / "softhsm2.conf").write_text(f"directories.tokendir = {home}/tokens\nobjectstore.backend = file\n")
    before = os.environ.get("SOFTHSM2_CONF")
    os.environ["SOFTHSM2_CONF"] = str(home / "softhsm2.conf")
    subprocess.run(
        ["softhsm2-util", "--init-token", "--free", "--label", LABEL, "--pin", PIN, "--so-pin", "13579"],
        check=True,
        capture_output=True,
    )
    library = pkcs11.lib(LIBRARY)
    library.reinitialize()
    with library.get_token(token_label=LABEL).open(user_pin=PIN, rw=True) as session:
        for name in NAMES:
            person = world().authority.people[name]
            der = person.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
            if name == "officer_rsa":
                inner = asn1_keys.PrivateKeyInfo.load(der)["private_key"].parsed.dump()
                template = pkcs11_rsa.decode_rsa_private_key(inner)
            else:
                template = pkcs11_ec.decode_ec_private_key(
                    person.key.private_bytes(Encoding.DER, PrivateFormat.TraditionalOpenSSL, NoEncryption())
                )
            session.create_object({**template, Attribute.TOKEN: True, Attribute.LABEL: name, Attribute.SIGN: True})
            session.create_object(
                {
                    Attribute.CLASS: ObjectClass.CERTIFICATE,
                    Attribute.CERTIFICATE_TYPE: pkcs11.CertificateType.X_509,
                    Attribute.TOKEN: True,
                    Attribute.PRIVATE: False,
                    Attribute.LABEL: name,
                    Attribute.SUBJECT: person.certificate.subject.public_bytes(),
                    Attribute.VALUE: person.der,
                }
            )
    yield LABEL
    if before is None:
        os.environ.pop("SOFTHSM2_CONF", None)
    else:
        os.environ["SOFTHSM2_CONF"] = before


def opened(name: str, pin: str = PIN) -> SigningKey:
    return open_pkcs11(
        LIBRARY,
        LABEL,
        pin,
        key_label=name,
        now=NOW,
        issuers=[world().authority.issuing.certificate],
        roots=world().roots,
    )


def signed(pdf: bytes, key: SigningKey) -> SignedCopy:
    return sign_capture(pdf, key, captured_at=CAPTURED_AT, typefaces_dir=world().typefaces)


@pytest.mark.parametrize("name", ["officer_rsa", "officer_p256"])
def test_a_token_signs_a_batch_after_one_pin(name: str, token: str) -> None:
    with opened(name) as key:
        outcomes = sign_batch([world().copy, b"broken", world().copy], lambda pdf: signed(pdf, key))
    assert [outcome.problem is None for outcome in outcomes] == [True, False, True]
    for outcome in (outcomes[0], outcomes[2]):
        assert outcome.signed is not None
        expected = world().expected(bound=False)
        assert verify_copy(outcome.signed.data, trust=world().trust, expected=expected, now=NOW).verdict == "valid"


def test_a_wrong_pin_is_tried_once(token: str, monkeypatch: pytest.MonkeyPatch) -> None:
    import pkcs11

    real = pkcs11.lib(LIBRARY).get_token(token_label=LABEL)
    pins: list[str | None] = []

    class Counting:
        def open(self, user_pin: str | None = None) -> object:
            pins.append(user_pin)
            return real.open(user_pin=user_pin) if user_pin else real.open()

    monkeypatch.setattr("edge_node.signing.token._find_token", lambda *_: Counting())
    with pytest.raises(PinRefused):
        opened("officer_rsa", "000000")
    assert [pin for pin in pins if pin] == ["000000"]


def test_an_expired_certificate_costs_no_pin(token: str) -> None:
    with pytest.raises(CertificateOutOfDate):
        opened("expired", "000000")


def test_a_missing_token_and_a_missing_key_are_told_apart(token: str) -> None:
    with pytest.raises(TokenAbsent):
        open_pkcs11(LIBRARY, "not plugged in", PIN, key_label="officer_rsa", now=NOW)
    with pytest.raises(TokenAbsent):
        open_pkcs11("/nowhere/libtoken.so", LABEL, PIN, key_label="officer_rsa", now=NOW)
    with pytest.raises(KeyNotFound):
        opened("nobody")


def test_a_token_pulled_out_stops_the_batch_and_signs_nothing_twice(token: str) -> None:
    key = opened("officer_rsa")

    def sign(number: int) -> SignedCopy:
        if number == 2:
            key.close()
        return signed(world().copy, key)

    outcomes = sign_batch([1, 2, 3], sign)
    assert outcomes[0].signed is not None
    assert [type(outcome.problem) for outcome in outcomes[1:]] == [TokenGone, TokenGone]


def test_a_passphrase_with_accents_opens_the_file_and_a_wrong_one_does_not() -> None:
    p12 = world().authority.people["officer_rsa"].p12
    assert p12 is not None
    assert open_pkcs12(p12, PASSPHRASE, now=NOW, roots=world().roots).signer_name == "Nguyễn Thị Ẵm"
    for source, passphrase in ((p12, b"wrong"), (b"no file", PASSPHRASE), (Path("/nowhere"), PASSPHRASE)):
        with pytest.raises(PassphraseRefused):
            open_pkcs12(source, passphrase)


def test_opening_with_a_date_checks_the_certificate_at_once() -> None:
    p12 = world().authority.people["expired"].p12
    assert p12 is not None
    with pytest.raises(CertificateOutOfDate):
        open_pkcs12(p12, PASSPHRASE, now=NOW)
