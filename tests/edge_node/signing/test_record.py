"""The record has one canonical form, and its signature is checked by a program that is not ours."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from edge_node.signing.errors import CertificateOutOfDate, RecordRefused
from edge_node.signing.record import canonical_record, record_sha256, sign_record
from sync_protocol.adapters.verification.verify import verify_record
from tests.edge_node.signing.material import CAPTURED_AT, NOW, world

BINDING: dict[str, Any] = {
    "pdf_sha256": "ab" * 32,
    "pdf_len": 1234,
    "office": "H37.2.04",
    "seq": 7,
    "prev": "",
    "last_acknowledgement": "r-19",
}
METADATA: dict[str, Any] = {
    "document_type": "GRV",
    "owner_name": "Nguyễn Thị Ẵm",
    "issue_date": "2026-11-20",
    "extracted_at": "2026-11-22T09:15:03+07:00",
    "amount": 12500000,
}


def test_order_and_composition_do_not_change_the_bytes() -> None:
    turned = {
        key: unicodedata.normalize("NFD", str(value)) if isinstance(value, str) else value
        for key, value in METADATA.items()
    }
    record = canonical_record(METADATA, **BINDING)
    assert canonical_record(dict(reversed(turned.items())), **BINDING) == record
    assert b" " not in record.replace("Nguyễn Thị Ẵm".encode(), b"")


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(
        st.text(min_size=1, max_size=8), st.text(max_size=12) | st.integers() | st.none() | st.booleans(), max_size=6
    )
)
def test_reading_and_writing_again_gives_the_same_bytes(metadata: dict[str, Any]) -> None:
    try:
        record = canonical_record(metadata, **BINDING)
    except RecordRefused:
        return
    read = json.loads(record)
    again = canonical_record({key: value for key, value in read.items() if key not in BINDING}, **BINDING)
    assert again == record


@pytest.mark.parametrize("metadata", [{"amount": 1.5}, {"seq": 1}, {"x": {1, 2}}, {"\u1ea4": 1, "A\u0302\u0301": 2}])
def test_what_has_no_canonical_form_is_refused(metadata: dict[str, Any]) -> None:
    with pytest.raises(RecordRefused):
        canonical_record(metadata, **BINDING)


@pytest.mark.parametrize("who", ["officer_rsa", "officer_p256"])
def test_openssl_accepts_the_signature_and_sees_a_changed_record(who: str, tmp_path: Path) -> None:
    record = canonical_record(METADATA, **BINDING)
    (tmp_path / "record.p7s").write_bytes(sign_record(record, world().key(who), at=CAPTURED_AT, roots=world().roots))
    for content, accepted in ((record, True), (record.replace(b"GRV", b"GKS"), False)):
        (tmp_path / "record.json").write_bytes(content)
        command = ["openssl", "cms", "-verify", "-cades", "-binary", "-inform", "DER", "-purpose", "any"]
        command += [
            "-in",
            "record.p7s",
            "-content",
            "record.json",
            "-CAfile",
            str(world().authority.directory / "root.pem"),
        ]
        assert (subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 0) is accepted


def test_the_verifier_says_who_and_when() -> None:
    record = canonical_record(METADATA, **BINDING)
    report = verify_record(record, sign_record(record, world().key("officer_rsa"), at=CAPTURED_AT), world().trust, NOW)
    assert report.verdict == "valid"
    assert report.sha256 == record_sha256(record)
    assert (report.signatures[0].signer_name, report.signatures[0].at) == (
        "Nguyễn Thị Ẵm",
        CAPTURED_AT.astimezone(dt.UTC),
    )


@pytest.mark.parametrize(
    ("who", "code"),
    [("revoked", "VER-013"), ("no_nonrepudiation", "VER-015"), ("false_issuer", "VER-014"), ("expired", "VER-012")],
)
def test_a_record_by_a_bad_certificate_is_refused(who: str, code: str) -> None:
    record = canonical_record(METADATA, **BINDING)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("edge_node.signing.record.require_usable", lambda *_, **__: None)
        p7s = sign_record(record, world().key(who), at=CAPTURED_AT)
    report = verify_record(record, p7s, world().trust, NOW)
    assert (report.verdict, code in report.codes) == ("invalid", True), report.codes


def test_an_unregistered_signer_and_another_form_are_told() -> None:
    record = json.dumps(METADATA, indent=1).encode()
    p7s = sign_record(record, world().key("officer_rsa"), at=CAPTURED_AT)
    report = verify_record(record, p7s, world().trust, NOW, signers=frozenset())
    assert set(report.codes) == {"VER-024", "VER-026"}


def test_an_expired_certificate_does_not_sign_a_record() -> None:
    with pytest.raises(CertificateOutOfDate):
        sign_record(b"{}", world().key("expired"), at=NOW)
