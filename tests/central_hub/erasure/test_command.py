"""`central-hub erase` from the outside: passwords, roles, the order, the count."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from central_hub.app import Hub
from central_hub.cli.commands import app
from central_hub.erasure.errors import NotAllowedToErase, NothingToErase, SecondPersonNeeded
from central_hub.people.accounts import Account, Accounts
from sync_protocol.adapters.people.errors import WrongPassword
from tests.browser.desk import CHEAP, PASSWORD, Clock
from tests.browser.hub import make_hub
from tests.central_hub.web.test_pages import fill

CODE = "00101-261122-0001"


@pytest.fixture
def state(tmp_path: Path) -> Iterator[Path]:
    hub: Hub = make_hub(tmp_path / "hub", Clock())
    hub.store.writer.run(lambda c: fill(c, hub.now_ms()))
    Accounts(hub.folder.root, CHEAP).put(Account("both", "Cả hai", ("conflict_officer", "leader")), PASSWORD)
    hub.store.close()
    (tmp_path / "password").write_text(PASSWORD)
    yield tmp_path


def run(state: Path, *words: str) -> None:
    secret = ["--password-file", str(state / "password")] if words[0] in ("ask", "approve", "withdraw") else []
    app(["erase", *words, "--state", str(state / "hub"), *secret], exit_on_error=False, result_action="return_value")


def asked(state: Path, officer: str, *names: str) -> None:
    run(state, "ask", CODE, *names, "--order", "9/QĐ", "--reason", "yêu cầu", "--officer", officer)


def test_one_account_asks_another_approves_and_the_list_says_so(
    state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run(state, "show", CODE, "--json")
    (found,) = json.loads(capsys.readouterr().out)
    assert found["type"] == "dossier.received" and "Ẩn" not in json.dumps(found, ensure_ascii=False)
    asked(state, "both", found["event"][:12])
    with pytest.raises(SecondPersonNeeded):
        run(state, "approve", "1", "--officer", "both")
    run(state, "approve", "1", "--officer", "leader")
    capsys.readouterr()
    run(state, "list", "--json")
    (line,) = json.loads(capsys.readouterr().out)
    assert (line["state"], line["asked_by"], line["settled_by"]) == ("carried_out", "both", "leader")
    run(state, "show", CODE, "--json")
    assert json.loads(capsys.readouterr().out) == []


def test_a_name_that_fits_nothing_and_a_role_that_is_not_given_stop_the_order(state: Path) -> None:
    with pytest.raises(NothingToErase):
        asked(state, "both", "ffffffffffff")
    with pytest.raises(NotAllowedToErase):
        asked(state, "operator", "--whole")
    (state / "password").write_text("không phải mật khẩu")
    with pytest.raises(WrongPassword):
        asked(state, "both", "--whole")
