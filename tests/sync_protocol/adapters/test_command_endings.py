"""How a command ends when something stands in its way: a sentence, a next step and a code, never a traceback."""

from __future__ import annotations

from pathlib import Path

import cyclopts
import pytest

from sync_protocol.adapters.terminal import ask_secret, run_app
from sync_protocol.adapters.web.errors import AddressNotFree
from sync_protocol.errors import Problem


def ended(raises: Exception, capsys: pytest.CaptureFixture[str]) -> tuple[object, str]:
    app = cyclopts.App()

    @app.default
    def work() -> None:
        raise raises

    with pytest.raises(SystemExit) as end:
        run_app(app, [])
    return end.value.code, capsys.readouterr().err


def test_a_section_in_brackets_reaches_the_reader(capsys: pytest.CaptureFixture[str]) -> None:
    code, said = ended(AddressNotFree(host="127.0.0.1", port=8030, section="web", reason="EADDRINUSE"), capsys)
    assert code == 5 and "[web]" in said


def test_a_folder_that_cannot_be_used_is_said_with_its_path(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    taken = tmp_path / "tep"
    taken.touch()
    try:
        (taken / "trust").mkdir()
    except OSError as error:
        code, said = ended(error, capsys)
    flat = said.replace("\n", "")
    assert code == 74 and "CMD-001" in said and str(taken / "trust") in flat and "Traceback" not in said


def test_an_error_that_is_about_no_file_stays_a_bug_with_its_traceback() -> None:
    app = cyclopts.App()

    @app.default
    def work() -> None:
        raise OSError(9, "bad descriptor")

    with pytest.raises(OSError, match="bad descriptor"):
        run_app(app, [])


def test_a_passphrase_is_not_asked_where_nobody_can_type(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", nobody)
    with pytest.raises(Problem) as problem:
        ask_secret("Mật khẩu: ")
    assert (problem.value.code, problem.value.exit_code) == ("CMD-002", 4)
