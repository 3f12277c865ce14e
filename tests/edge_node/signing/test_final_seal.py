"""A final seal closes the file: a third signature breaks it, what makes it last does not."""

from __future__ import annotations

import datetime as dt
import io
import subprocess
from pathlib import Path

import pikepdf
import pytest

from central_hub.seals.timestamping import preserve
from deploy.demo.timestamp_authority import TimestampAuthority
from edge_node.signing import pades
from edge_node.signing.agency import seal_copy
from edge_node.signing.personal import sign_capture
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD
from sync_protocol.adapters.verification.report import Expectation
from sync_protocol.adapters.verification.verify import verify_copy
from tests.edge_node.signing.material import AGENCY, CAPTURED_AT, NOW, SEALED_AT, world

LATER = NOW + dt.timedelta(minutes=30)
BOTH = Expectation(fields=(OFFICER_FIELD, AGENCY_FIELD))


@pytest.fixture(scope="module")
def sealed() -> bytes:
    key, agency, typefaces = world().key("officer_p256"), world().key("agency"), world().typefaces
    signed = sign_capture(world().copy, key, captured_at=CAPTURED_AT, typefaces_dir=typefaces, seal_is_final=True)
    return seal_copy(signed.data, agency, form="SAO Y", agency=AGENCY, at=SEALED_AT, typefaces_dir=typefaces).data


def signed_again(pdf: bytes) -> bytes:
    """A third, invisible signature: allowed after an open seal, not after a final one."""
    writer = pades.open_for_signing(pdf)
    return pades.append_signature(writer, world().key("officer_rsa"), pades.SignatureRequest("ThuBa_1", SEALED_AT))


def test_a_final_seal_is_valid_and_says_in_the_file_that_nothing_may_follow(sealed: bytes, tmp_path: Path) -> None:
    assert verify_copy(sealed, trust=world().trust, expected=BOTH, now=NOW).verdict == "valid"
    with pikepdf.open(io.BytesIO(sealed)) as pdf:
        (lock,) = (field.Lock for field in pdf.Root.AcroForm.Fields if str(field.T) == AGENCY_FIELD)
        assert (str(lock.Action), int(lock.P)) == ("/All", 1)
    stored = tmp_path / "sealed.pdf"
    stored.write_bytes(sealed)
    said = subprocess.run(["pdfsig", "-nocert", stored], capture_output=True, check=False).stdout.decode()
    assert said.count("Signature is Valid.") == 2


def test_a_third_signature_after_a_final_seal_breaks_what_was_signed(sealed: bytes) -> None:
    every = Expectation(fields=(OFFICER_FIELD, AGENCY_FIELD, "ThuBa_1"))
    assert "VER-011" in verify_copy(signed_again(sealed), trust=world().trust, expected=every, now=NOW).codes
    open_seal = verify_copy(signed_again(world().sealed.data), trust=world().trust, expected=every, now=NOW)
    assert "VER-011" not in open_seal.codes


def test_validation_data_and_time_stamps_still_follow_a_final_seal(sealed: bytes) -> None:
    kept = preserve(sealed, TimestampAuthority(world().authority).answer, world().trust, now=LATER)
    assert kept.level == "B-LTA" and kept.data.startswith(sealed)
    report = verify_copy(kept.data, trust=world().trust, expected=BOTH, now=LATER)
    assert report.verdict == "valid", report.reasons
