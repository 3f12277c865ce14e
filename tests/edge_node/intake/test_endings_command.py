"""The commands of the endings, as an operator types them: one node, three processes' worth of verbs, exit codes and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from edge_node.cli.commands import app
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
