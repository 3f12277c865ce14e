"""Every hostile copy gets its verdict and its reason; no file, however broken, raises."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from sync_protocol.adapters.verification import errors as verification_errors
from sync_protocol.adapters.verification.judge import judge_copy
from sync_protocol.adapters.verification.task import copy_arguments, read_report
from sync_protocol.adapters.verification.verify import verify_copy, verify_record
from tests.edge_node.signing.material import CAPTURED_AT, NOW, world
from tests.sync_protocol.adapters.verification.hostile_copies import CASES, Case, expectation


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_gets_the_verdict_it_deserves(case: Case) -> None:
    report = verify_copy(case.make(world()), trust=case.trust(world()), expected=expectation(case, world()), now=NOW)
    told = [reason.operator for reason in report.reasons]
    assert report.verdict == case.verdict, told
    assert case.code in report.codes or not case.code, told
    assert bool(report.reasons) == (report.verdict != "valid")


def test_there_are_at_least_as_many_cases_as_the_study_had() -> None:
    assert len(CASES) >= 36
    assert len({case.name for case in CASES}) == len(CASES)


def test_the_table_can_go_red() -> None:
    honest = CASES[0]
    wrong = dataclasses.replace(honest, verdict="invalid")
    with pytest.raises(AssertionError):
        test_a_file_gets_the_verdict_it_deserves(wrong)


def test_the_report_says_who_signed_when_and_what_it_covers() -> None:
    report = verify_copy(world().sealed.data, trust=world().trust, expected=world().expected(sealed=True), now=NOW)
    officer, agency = report.signatures
    assert (officer.signer_name, officer.at) == ("Nguyễn Thị Ẵm", CAPTURED_AT.astimezone(dt.UTC))
    assert officer.coverage == "entire_revision"
    assert officer.covers == world().signed.length
    assert agency.coverage == "entire_file"
    assert agency.covers == report.length


def test_every_prefix_of_a_signed_file_is_judged_without_raising() -> None:
    data = world().signed.data
    for length in range(0, len(data), len(data) // 12):
        assert (
            verify_copy(data[:length], trust=world().trust, expected=world().expected(), now=NOW).verdict == "invalid"
        )


def test_the_verdict_survives_the_way_through_the_sandbox() -> None:
    expected = world().expected()
    answer = judge_copy(world().signed.data, copy_arguments(world().trust, expected, NOW))
    direct = verify_copy(world().signed.data, trust=world().trust, expected=expected, now=NOW)
    assert read_report(answer) == direct
    assert direct.verdict == "valid"


@pytest.mark.parametrize("p7s", [b"", b"0", b"\x30\x80" * 40])
def test_a_broken_record_signature_is_refused_without_raising(p7s: bytes) -> None:
    report = verify_record(b"{}", p7s, world().trust, NOW)
    assert report.verdict == "invalid"
    assert report.codes == ("VER-010",)


def test_no_reason_carries_a_name() -> None:
    for case in CASES[3:12]:
        report = verify_copy(case.make(world()), trust=world().trust, expected=expectation(case, world()), now=NOW)
        assert all("Nguyễn" not in reason.operator for reason in report.reasons)


def test_every_reason_has_its_own_code() -> None:
    kinds = [
        kind
        for kind in vars(verification_errors).values()
        if isinstance(kind, type) and issubclass(kind, verification_errors.VerificationProblem)
    ]
    assert len({kind.code for kind in kinds}) == len(kinds)
