"""Passkeys (WebAuthn) of the hub's officers: a key in a phone or a token that proves itself to this very name, and its person by finger or PIN.

Only what the browser hands over ready-made is used: authenticator data, client data and the public key as SubjectPublicKeyInfo, so there is no CBOR to
read; attestation is not asked for (which maker built the token is no rule of ours). User verification is required, so a passkey stands for password and
second factor together. A counter that does not grow refuses a cloned token; passkeys that never count (0) are allowed to.

Source: W3C Web Authentication Level 2, §7.1 (steps 7–19 without attestation), §7.2 (steps 11–21).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from typing import Any

import apsw
import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import load_der_public_key

from central_hub.people.errors import PasskeyRefused
from sync_protocol.adapters.sqlite.rows import as_bytes, as_int

CHALLENGE_BYTES = 32
CHALLENGE_MS = 120_000
CHALLENGES_MAX = 1_000
PASSKEYS_MAX = 5  # of one account
LABEL_MAX = 40
ALGORITHMS = (-7, -8, -257)  # ES256, EdDSA, RS256
_PRESENT, _VERIFIED = 0x01, 0x04
_RSA_BITS_MIN = 2_048


class Site(msgspec.Struct, frozen=True):
    """Where browsers open the pages: the host name that passkeys are bound to, and the whole origin."""

    name: str
    origin: str


class Passkey(msgspec.Struct, frozen=True):
    """One registered key. Times in ms UTC."""

    credential: bytes
    account: str
    public_key: bytes
    uses: int
    label: str
    added_ms: int
    used_ms: int | None


class Made(msgspec.Struct, frozen=True):
    """What the browser says after making a key; binary values in base64url."""

    credential: str
    client: str
    data: str
    public_key: str
    label: str = ""


class Shown(msgspec.Struct, frozen=True):
    """What the browser says after asking a key to prove itself."""

    credential: str
    client: str
    data: str
    signature: str
    next: str = "/"


class _Client(msgspec.Struct):
    type: str
    challenge: str
    origin: str


class Challenges:
    """Random questions that were asked and not yet answered; each is answered once, within two minutes, for the account it was asked for."""

    def __init__(self, now_ms: Callable[[], int], entropy: Callable[[int], bytes]) -> None:
        self._now_ms, self._entropy = now_ms, entropy
        self._asked: dict[str, tuple[str, int]] = {}

    def ask(self, account: str = "") -> str:
        """A fresh challenge, base64url; "" for the door, where nobody is known yet."""
        for old in list(self._asked)[: max(0, len(self._asked) - CHALLENGES_MAX + 1)]:
            del self._asked[old]
        made = packed(self._entropy(CHALLENGE_BYTES))
        self._asked[made] = (account, self._now_ms() + CHALLENGE_MS)
        return made

    def settle(self, challenge: str, account: str = "") -> None:
        """Use one up. Raises PasskeyRefused: never asked, asked for another account, used, or too old."""
        wanted, until = self._asked.pop(challenge, ("", 0))
        if wanted != account or self._now_ms() > until:
            raise PasskeyRefused(reason="challenge")


def packed(raw: bytes) -> str:
    """base64url without padding."""
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def unpacked(text: str) -> bytes:
    """The bytes of a base64url text. Raises PasskeyRefused."""
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError as error:
        raise PasskeyRefused(reason="encoding") from error


def register(
    connection: apsw.Connection, made: Made, account: str, site: Site, challenges: Challenges, now_ms: int
) -> Passkey:
    """Keep a new key of an account that is signed in. Raises PasskeyRefused."""
    client, data = unpacked(made.client), unpacked(made.data)
    challenges.settle(_check_client(client, "webauthn.create", site), account)
    uses = _check_data(data, site)
    credential, public_key = unpacked(made.credential), unpacked(made.public_key)
    if not 16 <= len(credential) <= 1_023 or credential not in data:
        raise PasskeyRefused(reason="credential")
    _key(public_key)
    if len(passkeys_of(connection, account)) >= PASSKEYS_MAX or _find(connection, credential) is not None:
        raise PasskeyRefused(reason="too many, or known")
    label = " ".join(made.label.split())[:LABEL_MAX]
    connection.execute(
        "INSERT INTO passkey(credential, account, public_key, uses, label, added_ms) VALUES(?,?,?,?,?,?)",
        (credential, account, public_key, uses, label, now_ms),
    )
    return Passkey(credential, account, public_key, uses, label, now_ms, None)


def prove(connection: apsw.Connection, shown: Shown, site: Site, challenges: Challenges, now_ms: int) -> str:
    """The account whose key signed this challenge; its use is counted. Raises PasskeyRefused."""
    client, data = unpacked(shown.client), unpacked(shown.data)
    challenges.settle(_check_client(client, "webauthn.get", site))
    uses = _check_data(data, site)
    held = _find(connection, unpacked(shown.credential))
    if held is None:
        raise PasskeyRefused(reason="unknown credential")
    _check_signature(_key(held.public_key), unpacked(shown.signature), data + hashlib.sha256(client).digest())
    if (uses or held.uses) and uses <= held.uses:
        raise PasskeyRefused(reason="counter: the token may be a copy")
    connection.execute("UPDATE passkey SET uses = ?, used_ms = ? WHERE credential = ?", (uses, now_ms, held.credential))
    return held.account


def passkeys_of(connection: apsw.Connection, account: str) -> list[Passkey]:
    """An account's keys, oldest first."""
    return [
        _row(row)
        for row in connection.execute(f"SELECT {_COLUMNS} FROM passkey WHERE account = ? ORDER BY added_ms", (account,))
    ]


def forget(connection: apsw.Connection, account: str, credential: bytes | None = None) -> int:
    """Take one key of an account away, or all of them. Returns how many went."""
    if credential is None:
        connection.execute("DELETE FROM passkey WHERE account = ?", (account,))
    else:
        connection.execute("DELETE FROM passkey WHERE account = ? AND credential = ?", (account, credential))
    return connection.changes()


_COLUMNS = "credential, account, public_key, uses, label, added_ms, used_ms"


def _find(connection: apsw.Connection, credential: bytes) -> Passkey | None:
    row = connection.execute(f"SELECT {_COLUMNS} FROM passkey WHERE credential = ?", (credential,)).fetchone()
    return None if row is None else _row(row)


def _row(row: tuple[Any, ...]) -> Passkey:
    credential, account, key, uses, label, added, used = row
    return Passkey(
        as_bytes(credential),
        str(account),
        as_bytes(key),
        as_int(uses),
        str(label),
        as_int(added),
        None if used is None else as_int(used),
    )


def _check_client(client: bytes, kind: str, site: Site) -> str:
    """The challenge that was answered."""
    try:
        read = msgspec.json.decode(client, type=_Client)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise PasskeyRefused(reason="client data") from error
    if read.type != kind or read.origin != site.origin:
        raise PasskeyRefused(reason="another site or act")
    return read.challenge


def _check_data(data: bytes, site: Site) -> int:
    """The counter of authenticator data for this site, with its person present and verified."""
    if len(data) < 37 or data[:32] != hashlib.sha256(site.name.encode()).digest():
        raise PasskeyRefused(reason="another name")
    if data[32] & (_PRESENT | _VERIFIED) != _PRESENT | _VERIFIED:
        raise PasskeyRefused(reason="person not verified")
    return int.from_bytes(data[33:37], "big")


_Key = ec.EllipticCurvePublicKey | ed25519.Ed25519PublicKey | rsa.RSAPublicKey


def _key(public_key: bytes) -> _Key:
    try:
        key = load_der_public_key(public_key)
    except ValueError as error:
        raise PasskeyRefused(reason="public key") from error
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= _RSA_BITS_MIN:
        return key
    if isinstance(key, ed25519.Ed25519PublicKey) or (
        isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1)
    ):
        return key
    raise PasskeyRefused(reason="kind of key")


def _check_signature(key: _Key, signature: bytes, message: bytes) -> None:
    try:
        if isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(SHA256()))
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, PKCS1v15(), SHA256())
        else:
            key.verify(signature, message)
    except InvalidSignature as error:
        raise PasskeyRefused(reason="signature") from error
