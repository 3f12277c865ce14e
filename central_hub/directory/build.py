"""Build: from source files to a signed catalogue file that any node can verify without a line.

Invariant: at the final path stands either the former catalogue or the whole new one, and the signature beside it is of
those bytes or of none.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec

import central_hub
from central_hub.directory.complaint import BuildAnswer
from central_hub.directory.errors import CatalogueBuildFailed, CatalogueSourcesWrong
from sync_protocol.catalogue import Catalogue
from sync_protocol.catalogue_seal import sealed_bytes

SOURCES = Path(__file__).parent / "sources"
BUILD_TIMEOUT_S = 120


class CatalogueManifest(msgspec.Struct, frozen=True):
    """What was published: `sha256` is hexadecimal, `counts` the rows per table, `signature` the detached signature."""

    version: str
    built_at: dt.datetime
    sha256: str
    size_bytes: int
    counts: dict[str, int]
    signature: bytes


def signature_path(catalogue: Path) -> Path:
    """Return where the detached signature of a catalogue file stands."""
    return catalogue.with_name(catalogue.name + ".sig")


def build_catalogue(
    sources_dir: Path, out_path: Path, *, version: str, built_at: dt.datetime, sign: Callable[[bytes], bytes]
) -> CatalogueManifest:
    """Publish the sources as a signed file at `out_path`, replacing an older one. The same input gives the same bytes.

    The SQLite work happens in a process of its own; this one only reads the finished bytes. `sign` is given the message
    of `catalogue_seal.sealed_bytes`. Raises CatalogueSourcesWrong (CAT-001) with every complaint, CatalogueBuildFailed
    (CAT-004) where the process ends without an answer.
    """
    return _build(sources_dir.resolve(), out_path, version, built_at, sign)


def build_from(catalogue: Catalogue, out_path: Path, *, sign: Callable[[bytes], bytes]) -> CatalogueManifest:
    """Publish a catalogue that was put together in memory, as `build_catalogue` publishes sources. Same raises."""
    handed = out_path.with_name(out_path.name + ".json")
    try:
        handed.write_bytes(msgspec.json.encode(catalogue))
        return _build(handed.resolve(), out_path, catalogue.version, catalogue.built_at, sign)
    finally:
        handed.unlink(missing_ok=True)


def _build(
    source: Path, out_path: Path, version: str, built_at: dt.datetime, sign: Callable[[bytes], bytes]
) -> CatalogueManifest:
    draft = out_path.with_name(out_path.name + ".draft")
    draft.unlink(missing_ok=True)
    try:
        answer = _run(source, draft.resolve(), version, built_at)
        if answer.complaints:
            raise CatalogueSourcesWrong(
                count=len(answer.complaints), first=answer.complaints[0].file, complaints=answer.complaints
            )
        content = draft.read_bytes()
        digest = hashlib.sha256(content)
        signature = sign(sealed_bytes(digest.digest()))
        _publish(draft, out_path, signature)
    finally:
        draft.unlink(missing_ok=True)
    return CatalogueManifest(version, built_at, digest.hexdigest(), len(content), answer.counts, signature)


def _run(source: Path, draft: Path, version: str, built_at: dt.datetime) -> BuildAnswer:
    command = [sys.executable, "-m", "central_hub.directory.build_file"]
    facts = [str(source), str(draft), version, built_at.isoformat()]
    home = Path(central_hub.__file__).parent.parent
    try:
        ended = subprocess.run(command + facts, cwd=home, capture_output=True, timeout=BUILD_TIMEOUT_S, check=True)
        return msgspec.json.decode(ended.stdout, type=BuildAnswer)
    except subprocess.CalledProcessError as error:
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        raise CatalogueBuildFailed(status=error.returncode, what=" ".join(last)) from error
    except (subprocess.TimeoutExpired, OSError, msgspec.DecodeError) as error:
        raise CatalogueBuildFailed(status="none", what=type(error).__name__) from error


def _publish(draft: Path, out_path: Path, signature: bytes) -> None:
    """Put signature and file in place, durable, the file last: between the two a reader finds the signature not fitting."""
    signed = signature_path(out_path)
    fresh = signed.with_name(signed.name + ".draft")
    fresh.write_bytes(signature)
    for path in (fresh, draft):
        with path.open("rb+") as written:
            os.fsync(written.fileno())
    fresh.replace(signed)
    draft.replace(out_path)
    directory = os.open(out_path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)
