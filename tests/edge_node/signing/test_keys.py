"""Keys in files and in tokens: one PIN for a batch, never tried twice, the certificate checked first."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.authority import PASSPHRASE
from edge_node.signing.batch import sign_batch
from edge_node.signing.device import look
from edge_node.signing.errors import (
    CertificateOutOfDate,
    DriverNotTrusted,
    KeyNotFound,
    PassphraseRefused,
    PinRefused,
    TokenAbsent,
    TokenBusy,
    TokenGone,
)
from edge_node.signing.keys import SigningKey, open_pkcs12
from edge_node.signing.personal import SignedCopy, sign_capture
from edge_node.signing.place import TokenPlace
from edge_node.signing.token import open_pkcs11
from sync_protocol.adapters.verification.verify import verify_copy
from tests.edge_node.signing.material import CAPTURED_AT, NOW, world
from tests.edge_node.signing.soft_token import LABEL, LIBRARY, LOADED, PIN, SoftToken, soft_token, store

NAMES = ("officer_rsa", "officer_p256", "expired")


@pytest.fixture(scope="module")
def token(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SoftToken]:
    """A real PKCS#11 token in software, holding three certificates with their keys."""
    people = {name: world().authority.people[name] for name in NAMES}
    with soft_token(tmp_path_factory.mktemp("token") / "one", people) as made:
        yield made


def opened(name: str, pin: str = PIN) -> SigningKey:
    return open_pkcs11(
        TokenPlace(LIBRARY, LABEL, name),
        pin,
        now=NOW,
        issuers=[world().authority.root.certificate, world().authority.issuing.certificate, world().authority.tsa.certificate],
        roots=world().roots,
    )


def pkcs11_session() -> Any:
    import pkcs11

    return pkcs11.lib(LOADED).get_token(token_label=LABEL).open(user_pin=PIN, rw=True)


def signed(pdf: bytes, key: SigningKey) -> SignedCopy:
    return sign_capture(pdf, key, captured_at=CAPTURED_AT, typefaces_dir=world().typefaces)


@pytest.mark.parametrize("name", ["officer_rsa", "officer_p256"])
def test_a_token_signs_a_batch_after_one_pin(name: str, token: SoftToken) -> None:
    with opened(name) as key:
        outcomes = sign_batch([world().copy, b"broken", world().copy], lambda pdf: signed(pdf, key))
    assert [outcome.problem is None for outcome in outcomes] == [True, False, True]
    for outcome in (outcomes[0], outcomes[2]):
        assert outcome.signed is not None
        expected = world().expected(bound=False)
        assert verify_copy(outcome.signed.data, trust=world().trust, expected=expected, now=NOW).verdict == "valid"


def test_a_wrong_pin_is_tried_once(token: SoftToken, monkeypatch: pytest.MonkeyPatch) -> None:
    import pkcs11

    real = pkcs11.lib(LOADED).get_token(token_label=LABEL)
    pins: list[str | None] = []

    class Counting:
        def open(self, user_pin: str | None = None) -> object:
            pins.append(user_pin)
            return real.open(user_pin=user_pin) if user_pin else real.open()

    monkeypatch.setattr("edge_node.signing.token.find_token", lambda *_: Counting())
    with pytest.raises(PinRefused):
        opened("officer_rsa", "000000")
    assert [pin for pin in pins if pin] == ["000000"]


def test_an_expired_certificate_costs_no_pin(token: SoftToken) -> None:
    with pytest.raises(CertificateOutOfDate):
        opened("expired", "000000")


def test_a_missing_token_and_a_missing_key_are_told_apart(token: SoftToken) -> None:
    for place in (
        TokenPlace(LIBRARY, "not plugged in", "officer_rsa"), TokenPlace("/nowhere/libtoken.so", LABEL, "officer_rsa"),
        TokenPlace(LIBRARY, LABEL, "officer_rsa", serial="0000"), TokenPlace("/usr/bin/env", LABEL, "officer_rsa"),
    ):  # fmt: skip
        with pytest.raises(TokenAbsent):
            open_pkcs11(place, PIN, now=NOW)
    with pytest.raises(KeyNotFound):
        opened("nobody")


def test_a_token_pulled_out_stops_the_batch_and_signs_nothing_twice(token: SoftToken) -> None:
    key = opened("officer_rsa")

    def sign(number: int) -> SignedCopy:
        if number == 2:
            key.close()
        return signed(world().copy, key)

    outcomes = sign_batch([1, 2, 3], sign)
    assert outcomes[0].signed is not None
    assert [type(outcome.problem) for outcome in outcomes[1:]] == [TokenGone, TokenGone]


def test_a_second_log_in_is_told_as_a_token_in_use_and_the_first_key_goes_on(token: SoftToken) -> None:
    with opened("officer_rsa") as key:
        with pytest.raises(TokenBusy):
            opened("officer_p256")
        assert len(key.sign(b"x")) == 256
    with opened("officer_p256") as key:
        assert key.sign(b"x")
    key.close()


def test_only_the_authorities_that_lead_to_the_certificate_go_into_its_signatures(token: SoftToken) -> None:
    with opened("officer_rsa") as key:
        assert key.issuers == (world().authority.issuing.certificate,)


def test_a_driver_that_others_than_root_can_write_is_never_loaded(token: SoftToken, tmp_path: Path) -> None:
    copied = tmp_path / "driver.so"
    shutil.copy(LIBRARY, copied)
    copied.chmod(0o755)
    linked = tmp_path / "linked.so"
    linked.symlink_to(LIBRARY)
    with pytest.raises(DriverNotTrusted):
        open_pkcs11(TokenPlace(str(copied), LABEL, "officer_rsa"), PIN, now=NOW)
    for driver in (LIBRARY, str(linked)):  # the file behind a link is what is loaded
        assert look(TokenPlace(driver, LABEL, "officer_rsa")) == world().authority.people["officer_rsa"].certificate


def test_a_key_that_wants_its_pin_at_every_signature_is_refused_when_it_is_opened(token: SoftToken) -> None:
    with pkcs11_session() as session:
        store(session, "each time", world().authority.people["officer_rsa"], ALWAYS_AUTHENTICATE=True)
    with pytest.raises(KeyNotFound) as caught:
        opened("each time")
    assert "every signature" in caught.value.operator_line
    with opened("officer_rsa") as key:
        assert key.sign(b"x"), "the refused log-in was given back"


def test_a_key_labelled_otherwise_is_found_by_the_id_of_its_certificate(token: SoftToken) -> None:
    import pkcs11

    with pkcs11_session() as session:
        store(session, "by id", world().authority.people["officer_rsa"], ID=b"by id")
        (key,) = session.get_objects({pkcs11.Attribute.CLASS: pkcs11.ObjectClass.PRIVATE_KEY, pkcs11.Attribute.LABEL: "by id"})
        key[pkcs11.Attribute.LABEL] = "another label"
    with opened("by id") as key:
        assert key.sign(b"x")


def test_a_token_that_cannot_hash_is_given_the_digest(token: SoftToken, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened("officer_rsa") as key:
        expected = key.sign(b"x")
    monkeypatch.setattr("edge_node.signing.token._hashes_itself", lambda _: False)
    with opened("officer_rsa") as key:
        assert key.sign(b"x") == expected


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
