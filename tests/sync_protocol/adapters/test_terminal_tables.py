"""What both command lines print: words for a person, bare figures for a program."""

from __future__ import annotations

import json

import pytest

from sync_protocol.adapters.backup.manifest import BackupReport
from sync_protocol.adapters.census import DossierCount
from sync_protocol.adapters.terminal import show_facts
from sync_protocol.adapters.terminal_tables import show_backup, show_census

ONE = DossierCount(
    rid="01", code="G12.00101-261129-0001", state="result_returned", events=75, declared_pages=7, files=7, personal_signatures=6,
    agency_signatures=6, codes=6, slips=1, reused=0, fingerprint="ab" * 32,
)  # fmt: skip


def test_a_person_reads_the_state_in_words(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    show_census("Hồ sơ", [ONE], as_json=False)
    printed = capsys.readouterr().out
    assert "Đã trả kết quả" in printed and "result_returned" not in printed


def test_a_program_reads_the_state_as_it_is(capsys: pytest.CaptureFixture[str]) -> None:
    show_census("Hồ sơ", [ONE], as_json=True)
    assert json.loads(capsys.readouterr().out)[0]["state"] == "result_returned"


@pytest.mark.parametrize(("lacking", "code"), [(0, 0), (2, 1)])
def test_a_copy_that_is_not_whole_ends_with_1(lacking: int, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    ended = 0
    try:
        show_backup(BackupReport("/b", 1, 1, 1, lacking, 0), as_json=True)
    except SystemExit as end:
        ended = int(end.code or 0)
    assert ended == code and json.loads(capsys.readouterr().out)["lacking"] == lacking


def test_facts_are_words_for_a_person_and_keys_for_a_program(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "160")
    show_facts("Trung tâm", {"intake_waiting": 3, "00101": 1}, as_json=False)
    printed = capsys.readouterr().out
    assert "hồ sơ chờ bổ sung" in printed and "intake_waiting" not in printed and "00101" in printed
    show_facts("Trung tâm", {"intake_waiting": 3}, as_json=True)
    assert json.loads(capsys.readouterr().out) == {"intake_waiting": 3}
