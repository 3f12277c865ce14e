"""Any one of three slots opens the keys; nothing else does, and the file says nothing."""

from __future__ import annotations

import json
import random
import unicodedata
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from sync_protocol.adapters import key_errors as problems
from sync_protocol.adapters.key_slots import Wrapping
from sync_protocol.adapters.keys import (
    Argon2Cost,
    KeyFileOnDisk,
    Keys,
    Passphrase,
    RecoveryPrivateKey,
    RecoveryPublicKey,
    create_keys,
    create_raw_key_file,
    replace_slot,
    unlock_keys,
    verify,
)

CHEAP = Argon2Cost(memory_kib=64, iterations=1)
RECOVERY = X25519PrivateKey.from_private_bytes(b"r" * 32)


@pytest.fixture
def made(tmp_path: Path) -> tuple[Path, Keys]:
    create_raw_key_file(tmp_path / "raw.key")
    wrappings: list[Wrapping] = [
        Passphrase("Cụm mật khẩu của hai viên chức", CHEAP),
        RecoveryPublicKey(RECOVERY.public_key().public_bytes_raw()),
        KeyFileOnDisk(tmp_path / "raw.key"),
    ]
    return tmp_path / "keys.json", create_keys(tmp_path / "keys.json", wrappings)


def test_each_of_the_three_slots_opens_the_same_keys(made: tuple[Path, Keys]) -> None:
    path, keys = made
    for opening in (
        Passphrase("Cụm mật khẩu của hai viên chức"),
        # the same letters, decomposed by another keyboard
        Passphrase(unicodedata.normalize("NFD", "Cụm mật khẩu của hai viên chức")),
        RecoveryPrivateKey(RECOVERY.private_bytes_raw()),
        KeyFileOnDisk(path.with_name("raw.key")),
    ):
        opened = unlock_keys(path, opening)
        assert opened.database_key == keys.database_key
        verify(keys.signer.public_key, b"batch", opened.signer.sign(b"batch"))


def test_a_wrong_opening_is_told_as_such(made: tuple[Path, Keys]) -> None:
    path, _ = made
    for opening in (Passphrase("khác"), RecoveryPrivateKey(b"x" * 32)):
        with pytest.raises(problems.WrongPassphrase):
            unlock_keys(path, opening)


def test_derived_keys_differ_by_purpose(made: tuple[Path, Keys]) -> None:
    _, keys = made
    derived = [keys.database_key, keys.files_key, keys.names_key, keys.data_key]
    assert len(set(derived)) == 4 and {len(key) for key in derived} == {32}


def test_neither_the_file_nor_a_repr_holds_a_secret(made: tuple[Path, Keys]) -> None:
    path, keys = made
    stored = path.read_text(encoding="utf-8")
    assert keys.data_key.hex() not in stored and path.stat().st_mode & 0o777 == 0o600
    assert keys.data_key.hex() not in repr(keys) and "mật" not in repr(Passphrase("mật"))


def test_a_changed_passphrase_closes_the_old_one(made: tuple[Path, Keys]) -> None:
    path, keys = made
    replace_slot(path, keys, Passphrase("mới", CHEAP))
    assert unlock_keys(path, Passphrase("mới")).data_key == keys.data_key
    with pytest.raises(problems.WrongPassphrase):
        unlock_keys(path, Passphrase("Cụm mật khẩu của hai viên chức"))
    assert unlock_keys(path, RecoveryPrivateKey(RECOVERY.private_bytes_raw())).data_key == keys.data_key


def test_keys_are_never_overwritten(made: tuple[Path, Keys]) -> None:
    path, _ = made
    before = path.read_bytes()
    with pytest.raises(problems.KeyFileExists):
        create_keys(path, [Passphrase("x", CHEAP)])
    with pytest.raises(problems.KeyFileExists):
        create_raw_key_file(path.with_name("raw.key"))
    assert path.read_bytes() == before
    assert sorted(found.name for found in path.parent.iterdir()) == ["keys.json", "raw.key"]


def test_a_key_file_without_a_slot_is_never_made(tmp_path: Path) -> None:
    with pytest.raises(problems.KeySlotMissing):
        create_keys(tmp_path / "keys.json", [])


def test_a_missing_slot_names_what_there_is(tmp_path: Path) -> None:
    create_keys(tmp_path / "keys.json", [Passphrase("x", CHEAP)])
    with pytest.raises(problems.KeySlotMissing, match="passphrase"):
        unlock_keys(tmp_path / "keys.json", RecoveryPrivateKey(RECOVERY.private_bytes_raw()))


def test_an_exposed_or_missing_raw_key_is_refused(made: tuple[Path, Keys]) -> None:
    path, _ = made
    raw = path.with_name("raw.key")
    raw.chmod(0o644)
    with pytest.raises(problems.KeyFileExposed):
        unlock_keys(path, KeyFileOnDisk(raw))
    raw.unlink()
    with pytest.raises(problems.KeyFileMissing):
        unlock_keys(path, KeyFileOnDisk(raw))
    with pytest.raises(problems.KeyFileMissing):
        unlock_keys(path.with_name("absent.json"), Passphrase("x"))


def test_a_damaged_key_file_never_opens_silently(made: tuple[Path, Keys]) -> None:
    path, keys = made
    chance, whole = random.Random(5), path.read_bytes()
    opening = KeyFileOnDisk(path.with_name("raw.key"))
    refused = 0
    for _ in range(200):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= 1 << chance.randrange(8)
        path.write_bytes(damaged)
        try:
            assert unlock_keys(path, opening).data_key == keys.data_key  # a slot not in use was hit: harmless
        except problems.KeyProblem:
            refused += 1
    assert refused > 50


def test_a_cost_beyond_the_limits_is_not_computed(made: tuple[Path, Keys]) -> None:
    path, _ = made
    stored = json.loads(path.read_text(encoding="utf-8"))
    stored["slots"][0]["cost"]["memory_kib"] = 2**31
    path.write_text(json.dumps(stored), encoding="utf-8")
    with pytest.raises(problems.KeyFileDamaged):
        unlock_keys(path, Passphrase("x"))


def test_a_signature_over_anything_else_is_rejected(made: tuple[Path, Keys]) -> None:
    _, keys = made
    signature = keys.signer.sign(b"batch")
    key = keys.signer.public_key
    for triple in ((key, b"other", signature), (key, b"batch", signature[:-1]), (b"short", b"batch", signature)):
        with pytest.raises(problems.SignatureRejected):
            verify(*triple)
