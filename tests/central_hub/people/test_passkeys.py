"""Passkeys without a browser: what each refused step looks like; the way through is walked in `tests/browser/test_passkeys.py`."""

from __future__ import annotations

import hashlib

import apsw
import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from central_hub.people.errors import PasskeyRefused
from central_hub.people.passkeys import Challenges, Made, Shown, Site, forget, packed, passkeys_of, prove, register
from central_hub.people.tables import PASSKEYS

SITE = Site("hub.test", "https://hub.test")
CREDENTIAL = b"c" * 32
KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)


class Desk:
    """A table of passkeys, a clock, and a token that signs what it is told."""

    def __init__(self) -> None:
        self.connection = apsw.Connection(":memory:")
        self.connection.execute(PASSKEYS.sql)
        self.now_ms, self._count = 1_000, 0
        self.challenges = Challenges(lambda: self.now_ms, self._entropy)

    def _entropy(self, size: int) -> bytes:
        self._count += 1
        return self._count.to_bytes(size, "big")

    def made(
        self,
        challenge: str,
        *,
        kind: str = "webauthn.create",
        origin: str = SITE.origin,
        data: bytes | None = None,
        public: bytes = PUBLIC,
    ) -> Made:
        return Made(
            packed(CREDENTIAL),
            client(kind, challenge, origin),
            packed(data or authenticator(0)),
            packed(public),
            "điện thoại",
        )

    def add(self, account: str = "operator") -> None:
        register(self.connection, self.made(self.challenges.ask(account)), account, SITE, self.challenges, self.now_ms)

    def come(
        self,
        challenge: str,
        *,
        uses: int = 1,
        origin: str = SITE.origin,
        flags: int = 0x05,
        name: str = SITE.name,
        forged: bytes = b"",
    ) -> str:
        asked, data = client("webauthn.get", challenge, origin), authenticator(uses, flags, name)
        message = data + hashlib.sha256(unpack(asked)).digest() + forged
        shown = Shown(packed(CREDENTIAL), asked, packed(data), packed(KEY.sign(message, ec.ECDSA(SHA256()))))
        return prove(self.connection, shown, SITE, self.challenges, self.now_ms)


def client(kind: str, challenge: str, origin: str) -> str:
    return packed(msgspec.json.encode({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}))


def unpack(text: str) -> bytes:
    import base64

    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def authenticator(uses: int, flags: int = 0x45, name: str = SITE.name) -> bytes:
    """Authenticator data; with the flag 0x40 the credential follows, as at registration."""
    head = hashlib.sha256(name.encode()).digest() + bytes([flags]) + uses.to_bytes(4, "big")
    return head + (bytes(16) + len(CREDENTIAL).to_bytes(2, "big") + CREDENTIAL if flags & 0x40 else b"")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_a_key_that_was_added_lets_its_account_in_and_counts(desk: Desk) -> None:
    desk.add()
    assert (
        desk.come(desk.challenges.ask(), uses=3) == "operator"
        and desk.come(desk.challenges.ask(), uses=4) == "operator"
    )
    (held,) = passkeys_of(desk.connection, "operator")
    assert (held.uses, held.label, held.used_ms) == (4, "điện thoại", 1_000)


@pytest.mark.parametrize(
    "wrong",
    [{"origin": "https://hub.test.evil"}, {"flags": 0x01}, {"flags": 0x04}, {"name": "evil.test"}, {"forged": b"x"}],
    ids=["another site", "no verification", "nobody present", "another name", "signature of something else"],
)
def test_what_does_not_prove_itself_is_refused(desk: Desk, wrong: dict[str, object]) -> None:
    desk.add()
    with pytest.raises(PasskeyRefused):
        desk.come(desk.challenges.ask(), **wrong)  # type: ignore[arg-type]


def test_an_answer_is_good_once_and_for_two_minutes(desk: Desk) -> None:
    desk.add()
    asked = desk.challenges.ask()
    desk.come(asked)
    with pytest.raises(PasskeyRefused):
        desk.come(asked, uses=2)
    late = desk.challenges.ask()
    desk.now_ms += 120_001
    with pytest.raises(PasskeyRefused):
        desk.come(late, uses=3)


def test_a_counter_that_does_not_grow_tells_a_copy(desk: Desk) -> None:
    desk.add()
    desk.come(desk.challenges.ask(), uses=7)
    with pytest.raises(PasskeyRefused):
        desk.come(desk.challenges.ask(), uses=7)


def test_nobody_adds_a_key_with_another_accounts_question_or_a_weak_key(desk: Desk) -> None:
    with pytest.raises(PasskeyRefused):
        register(desk.connection, desk.made(desk.challenges.ask("leader")), "operator", SITE, desk.challenges, 1)
    weak = (
        rsa.generate_private_key(65537, 1024).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    )
    for made in (
        desk.made(desk.challenges.ask("operator"), public=weak),
        desk.made(desk.challenges.ask("operator"), public=b"no key"),
    ):
        with pytest.raises(PasskeyRefused):
            register(desk.connection, made, "operator", SITE, desk.challenges, 1)
    assert passkeys_of(desk.connection, "operator") == []


def test_a_blocked_or_reset_account_has_no_key_left(desk: Desk) -> None:
    desk.add()
    assert forget(desk.connection, "operator") == 1
    with pytest.raises(PasskeyRefused):
        desk.come(desk.challenges.ask())
