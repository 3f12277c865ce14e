"""Time stamps are appended, keep every signature valid, and their absence costs a level and nothing else."""

from __future__ import annotations

import datetime as dt
import hashlib
import subprocess
import threading
from pathlib import Path

import msgspec
import pytest

from central_hub.seals.timestamping import preserve
from deploy.demo.timestamp_authority import TimestampAuthority
from edge_node.signing.agency import seal_copy
from sync_protocol.adapters.timestamps import Post, TimestampUnavailable, http_post, request_token
from sync_protocol.adapters.verification.verify import verify_copy
from tests.edge_node.signing.material import AGENCY, NOW, SEALED_AT, world

LATER = NOW + dt.timedelta(minutes=30)  # the stamps bear the time of the machine, which is past NOW


@pytest.fixture(scope="module")
def authority() -> TimestampAuthority:
    return TimestampAuthority(world().authority)


def unplugged(request: bytes) -> bytes:
    raise ConnectionRefusedError


def test_the_officers_signature_outlives_stamp_seal_and_second_stamp(authority: TimestampAuthority) -> None:
    stamped = preserve(world().signed.data, authority.answer, world().trust, now=LATER)
    sealed = seal_copy(
        stamped.data, world().key("agency"), form="SAO Y", agency=AGENCY, at=SEALED_AT, typefaces_dir=world().typefaces
    )
    final = preserve(sealed.data, authority.answer, world().trust, now=LATER, number=2)
    assert (stamped.level, final.level) == ("B-LTA", "B-LTA")
    for data, is_sealed in ((stamped.data, False), (sealed.data, True), (final.data, True)):
        report = verify_copy(data, trust=world().trust, expected=world().expected(sealed=is_sealed), now=LATER)
        assert report.verdict == "valid", report.reasons
        assert data.startswith(world().signed.data)
    assert [one.kind for one in report.signatures] == ["signature", "timestamp", "signature", "timestamp"]


def test_a_stamp_over_changed_bytes_is_refused(authority: TimestampAuthority) -> None:
    data = bytearray(preserve(world().signed.data, authority.answer, world().trust, now=LATER).data)
    data[data.index(b"JFIF") + 600] ^= 4
    report = verify_copy(bytes(data), trust=world().trust, expected=world().expected(bound=False), now=LATER)
    assert report.verdict == "invalid"
    assert {"VER-010", "VER-025"} <= set(report.codes)


@pytest.mark.parametrize(
    "post", [unplugged, lambda request: b"", lambda request: b"<html>", lambda request: bytes(300_000)]
)
def test_an_authority_that_fails_costs_a_level_never_a_signature(post: Post) -> None:
    kept = preserve(world().signed.data, post, world().trust, now=LATER)
    assert (kept.level, kept.data) == ("B-B", world().signed.data)
    assert kept.problem is not None
    assert kept.problem.code == "VER-040"


def test_without_revocation_lists_there_is_nothing_to_preserve(authority: TimestampAuthority) -> None:
    trust = msgspec.structs.replace(world().trust, crls=())
    kept = preserve(world().signed.data, authority.answer, trust, now=LATER)
    assert kept.level == "B-B"
    assert kept.problem is not None
    assert kept.problem.code == "VER-041"


def test_a_token_over_a_log_head_comes_over_http_and_openssl_accepts_it(
    authority: TimestampAuthority, tmp_path: Path
) -> None:
    digest = hashlib.sha256(b"tree head").digest()
    server = authority.server()
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        token = request_token(digest, http_post(f"http://127.0.0.1:{server.server_port}/"))
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    (tmp_path / "token.der").write_bytes(token)
    home = world().authority.directory
    command = ["openssl", "ts", "-verify", "-digest", digest.hex(), "-token_in", "-in", str(tmp_path / "token.der")]
    command += ["-CAfile", str(home / "root.pem"), "-untrusted", str(home / "issuing.pem")]
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0


def test_a_token_from_nobody_is_a_problem_with_a_code() -> None:
    with pytest.raises(TimestampUnavailable):
        request_token(bytes(32), http_post("http://127.0.0.1:9/", timeout_s=0.5))
