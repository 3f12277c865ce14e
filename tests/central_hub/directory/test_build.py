"""The signed file: built apart, the same every time, refused after any touch."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from central_hub.directory.build import SOURCES, CatalogueManifest, build_catalogue, signature_path
from central_hub.directory.errors import CatalogueBuildFailed, CatalogueSourcesWrong
from sync_protocol.adapters.catalogue_file import MAX_CATALOGUE_BYTES, open_catalogue
from sync_protocol.catalogue_seal import sealed_bytes
from sync_protocol.law_problems import CatalogueTampered, CatalogueUnreadable
from tests.central_hub.directory.published import BUILT_AT, published

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def key() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes(range(32)))


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory, key: Ed25519PrivateKey) -> tuple[Path, CatalogueManifest]:
    path = tmp_path_factory.mktemp("catalogue") / "catalogue.sqlite"
    return path, build_catalogue(SOURCES, path, version="2026.11.22", built_at=BUILT_AT, sign=key.sign)


def verifier(key: Ed25519PrivateKey):  # type: ignore[no-untyped-def]
    return lambda message, signature: key.public_key().verify(signature, message)


def test_a_node_reads_what_the_hub_published(built: tuple[Path, CatalogueManifest], key: Ed25519PrivateKey) -> None:
    path, manifest = built
    signature = signature_path(path).read_bytes()
    assert signature == manifest.signature
    assert open_catalogue(path, signature, verifier(key)) == published()
    assert manifest.size_bytes == path.stat().st_size
    assert manifest.counts["procedures"] == len(published().procedures)
    assert sorted(entry.name for entry in path.parent.iterdir()) == ["catalogue.sqlite", "catalogue.sqlite.sig"]


def test_the_same_sources_give_the_same_bytes(
    built: tuple[Path, CatalogueManifest], key: Ed25519PrivateKey, tmp_path: Path
) -> None:
    again = build_catalogue(SOURCES, tmp_path / "c.sqlite", version="2026.11.22", built_at=BUILT_AT, sign=key.sign)
    assert again == built[1]


@pytest.mark.parametrize("spelling", ["Hưng Yên", "Bảo hiểm xã hội cơ sở"])
def test_a_hand_edited_file_is_refused(
    built: tuple[Path, CatalogueManifest], key: Ed25519PrivateKey, tmp_path: Path, spelling: str
) -> None:
    content = built[0].read_bytes()
    word = spelling.encode()
    edited = tmp_path / "edited.sqlite"
    edited.write_bytes(content.replace(word, word[::-1], 1))
    assert edited.read_bytes() != content
    with pytest.raises(CatalogueTampered):
        open_catalogue(edited, built[1].signature, verifier(key))


def test_a_signature_of_another_key_or_purpose_is_refused(
    built: tuple[Path, CatalogueManifest], key: Ed25519PrivateKey
) -> None:
    path, manifest = built
    stranger = Ed25519PrivateKey.from_private_bytes(bytes(32))
    for signature in (
        stranger.sign(sealed_bytes(bytes.fromhex(manifest.sha256))),
        key.sign(bytes.fromhex(manifest.sha256)),
        b"",
    ):
        with pytest.raises(CatalogueTampered):
            open_catalogue(path, signature, verifier(key))


def test_a_signed_file_that_is_no_catalogue_is_refused(tmp_path: Path) -> None:
    missing, text, huge = tmp_path / "missing", tmp_path / "text", tmp_path / "huge"
    text.write_bytes(b"SQLite format 3\x00" + b"not a database" * 100)
    with huge.open("wb") as sparse:
        sparse.truncate(MAX_CATALOGUE_BYTES + 1)
    for path in (missing, text, huge, tmp_path):
        with pytest.raises(CatalogueUnreadable):
            open_catalogue(path, b"", lambda message, signature: None)


def test_wrong_sources_publish_nothing_and_keep_the_former_file(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    spoiled = shutil.copytree(SOURCES, tmp_path / "sources")
    (spoiled / "deadlines.csv").unlink()
    (spoiled / "holidays.csv").write_text("date\n", encoding="utf-8")
    path = tmp_path / "catalogue.sqlite"
    path.write_bytes(b"former")
    with pytest.raises(CatalogueSourcesWrong) as caught:
        build_catalogue(spoiled, path, version="1", built_at=BUILT_AT, sign=key.sign)
    assert caught.value.facts["count"] == len(caught.value.facts["complaints"]) > 50
    assert path.read_bytes() == b"former"
    assert not signature_path(path).exists()


def test_a_build_that_dies_says_so(tmp_path: Path, key: Ed25519PrivateKey) -> None:
    nowhere = tmp_path / "absent" / "catalogue.sqlite"
    with pytest.raises(CatalogueBuildFailed):
        build_catalogue(SOURCES, nowhere, version="1", built_at=BUILT_AT, sign=key.sign)


def test_the_publishing_process_never_loads_a_second_sqlite() -> None:
    check = "import sys, central_hub.directory.build; print(sorted({'sqlite3', 'sqlite_utils'} & sys.modules.keys()))"
    ended = subprocess.run([sys.executable, "-c", check], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "[]"
