"""The commands of the endings, as an operator types them: one node, three processes' worth of verbs, exit codes and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edge_node.cli.commands import app, name_what_each_does
from sync_protocol.adapters.terminal import run_app
from tests.browser.desk import Clock, make_node


def said(capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, dict[str, object]]:
    """Exit code and JSON of one command."""
    capsys.readouterr()
    code = 0
    try:
        run_app(app, list(words))
    except SystemExit as ended:
        code = int(ended.code or 0)
    text = capsys.readouterr().out.strip()
    return code, json.loads(text) if text.startswith("{") else {}


def test_ask_then_accept_then_refuse_another(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = tmp_path / "node"
    make_node(root, Clock()).close()
    person = tmp_path / "an.json"
    person.write_text('{"kind":"person","name":"Nguyễn Thị Ấn","personal_id":"034194007325"}', "utf-8")
    common = ("--state", str(root), "--officer", "all", "--json")
    new = ("--procedure", "1.014166", "--applicant", str(person), "--submitter", "worker")
    code, asked = said(capsys, "ask", *new, "--missing", "1", "--reason", "BS-THIEU", *common)
    assert code == 0 and asked["state"] == "supplement_at_intake" and asked["requests"] and asked["due_date"] == ""
    code, accepted = said(capsys, "accept", str(asked["reference"]), *common)
    assert (
        code == 0
        and accepted["state"] == "received"
        and accepted["due_date"]
        and accepted["reference"] != asked["reference"]
    )
    code, refused = said(capsys, "refuse", *new, "--explanation", "Nộp ở cơ quan thuế", *common)
    assert code == 0 and refused["state"] == "refused" and refused["reasons"] == []
    assert said(capsys, "refuse", *new, *common)[0] == 1, "without a reason nothing is refused"
    assert said(capsys, "accept", str(refused["reference"]), *common)[0] == 1


@pytest.mark.parametrize("written", ['{"kind":"person"', '{"kind":"person"}', '["x"]', "\udc80"])
@pytest.mark.parametrize("verb", ["receive", "refuse"])
def test_a_file_that_is_no_applicant_is_said_and_nothing_is_saved(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], verb: str, written: str
) -> None:
    root, person = tmp_path / "node", tmp_path / "an.json"
    make_node(root, Clock()).close()
    person.write_bytes(written.encode("utf-8", "surrogateescape"))
    words = (verb, "--procedure", "1.014166", "--applicant", str(person), "--state", str(root), "--officer", "all", "--json")
    assert said(capsys, *words)[0] == 2


def test_a_backup_that_is_not_there_is_said_before_a_passphrase_is_asked(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        run_app(app, ["restore", str(tmp_path / "none"), "--state", str(tmp_path / "new")])
    assert "BAK-" in capsys.readouterr().err


def test_the_list_of_verbs_says_what_each_does(capsys: pytest.CaptureFixture[str]) -> None:
    name_what_each_does()
    with pytest.raises(SystemExit):
        run_app(app, ["--help"])
    shown = capsys.readouterr().out
    assert "Nhận hồ sơ: cấp mã" in shown and "Chạy điểm" in shown
