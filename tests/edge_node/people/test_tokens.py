"""The token of a signing key, named on the page of the accounts and kept in the settings file; everything else in the file stands."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar import Litestar
from litestar.testing import TestClient

from deploy.demo.authority import Authority, make_authority
from edge_node.app import Node
from edge_node.people.settings_text import save_settings, with_token
from edge_node.signing.place import TokenPlace
from edge_node.store.audit_reading import read_audit
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.settings_errors import SettingsUnreadable
from tests.browser.desk import Clock, make_node, web_of
from tests.edge_node.signing.soft_token import LABEL, LIBRARY, PIN, SoftToken, soft_token
from tests.edge_node.web.visitor import signed_in

PLACE = TokenPlace(LIBRARY, LABEL, "officer_rsa")


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"), Clock()())


@pytest.fixture
def token(tmp_path: Path, authority: Authority) -> Iterator[SoftToken]:
    with soft_token(tmp_path / "token", {name: authority.people[name] for name in ("officer_rsa", "agency")}) as made:
        yield made


@pytest.fixture
def node(tmp_path: Path, token: SoftToken) -> Iterator[Node]:
    made = make_node(tmp_path / "node", Clock(), settings="# giữ lời ghi này")
    yield made
    made.close()


@pytest.fixture
def client(node: Node) -> TestClient[Litestar]:
    return signed_in(web_of(node), "all")


def send(client: TestClient[Litestar], to: str, **typed: str) -> tuple[int, str]:
    answer = client.post(to, data=typed, headers={"x-csrftoken": client.cookies.get("form") or ""})
    return answer.status_code, answer.text


def typed(key_label: str = "officer_rsa") -> dict[str, str]:
    return {"driver": LIBRARY, "label": LABEL, "key_label": key_label, "serial": ""}


def test_a_token_named_on_the_page_opens_at_once_and_after_a_restart(node: Node, client: TestClient[Litestar]) -> None:
    status, shown = send(client, "/people/only-intake/token", **typed())
    assert status == 200 and "Thấy chứng thư của Nguyễn Thị Ẵm" in shown
    node.open_key("only-intake", PIN.encode())
    send(client, "/agency-token", **typed("agency"))
    assert "# giữ lời ghi này" in node.folder.settings.read_text("utf-8")
    acts = [(one.what, one.outcome) for one in node.store.readers.run(lambda c: read_audit(c)) if one.what == "account.token"]
    assert sorted(acts) == [("account.token", "cơ quan"), ("account.token", "only-intake")]
    node.signing.opened.close()
    again = Node(node.folder.root, KeyFileOnDisk(node.folder.raw_key), now=Clock())
    assert again.settings.agency.token == TokenPlace(LIBRARY, LABEL, "agency")
    again.open_key("only-intake", PIN.encode())
    with again.agency_key(PIN.encode()) as key:
        assert key.signer_name.startswith("Bảo hiểm xã hội")
    again.close()


def test_a_token_takes_the_place_of_a_key_file_and_is_taken_away_again(node: Node, client: TestClient[Litestar]) -> None:
    path = node.folder.settings
    save_settings(path, path.read_text("utf-8").replace('account = "only-clerk"', 'account = "only-clerk"\nkey_file = "keys/a.p12"'))
    send(client, "/people/only-clerk/token", **typed())
    found = next(one for one in node.settings.officers if one.account == "only-clerk")
    assert (found.key_file, found.token) == (None, PLACE)
    node.open_key("only-clerk", PIN.encode())
    status, shown = send(client, "/people/only-clerk/token")
    assert status == 200 and "chưa có chữ ký số" in shown
    assert node.signing.opened.get("only-clerk") is None, "a key that is no longer the officer's is closed"


def test_a_driver_alone_lists_what_is_plugged_in(client: TestClient[Litestar], token: SoftToken) -> None:
    _, shown = send(client, "/people/all/token", driver=LIBRARY)
    assert f"<code>{LABEL}</code>" in shown and "<code>agency</code>" in shown and "<code>officer_rsa</code>" in shown
    token.pull_out()
    assert "chưa thấy thiết bị nào" in send(client, "/people/all/token", driver=LIBRARY)[1]


def test_a_token_that_is_not_plugged_in_is_saved_and_said(node: Node, client: TestClient[Litestar], token: SoftToken) -> None:
    token.pull_out()
    _, shown = send(client, "/people/all/token", **typed())
    assert "Đã lưu thiết bị ký của all" in shown and "SIG-004" in shown
    assert node.signing.place_of("all") == PLACE


@pytest.mark.parametrize(
    ("wrong", "code"),
    [({"label": ""}, "PEO-045"), ({"key_label": ""}, "PEO-045"), ({"driver": "/nowhere.so"}, "PEO-045"), ({"driver": "tmp"}, "PEO-045")],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_written(node: Node, client: TestClient[Litestar], wrong: dict[str, str], code: str) -> None:
    before = node.folder.settings.read_bytes()
    status, shown = send(client, "/people/all/token", **{**typed(), **wrong})
    assert status >= 400 and code in shown and node.folder.settings.read_bytes() == before


def test_a_library_that_an_administrator_of_the_desk_could_have_written_is_refused(
    node: Node, client: TestClient[Litestar], tmp_path: Path
) -> None:
    mine = tmp_path / "mine.so"
    mine.write_bytes(Path(LIBRARY).read_bytes())
    mine.chmod(0o666)
    for boxes in (typed(), {"label": "", "key_label": ""}):
        status, shown = send(client, "/people/all/token", **{**boxes, "driver": str(mine)})
        assert status == 409 and "SIG-018" in shown
    assert node.signing.place_of("all") is None


def test_an_officer_named_in_another_form_is_left_to_the_technicians(node: Node, client: TestClient[Litestar]) -> None:
    path = node.folder.settings
    path.write_text('office_name = "a"\nofficers = [{ account = "all", name = "B", roles = ["administrator"] }]\n', "utf-8")
    before = path.read_bytes()
    assert "PEO-046" in send(client, "/people/all/token", **typed())[1]
    assert path.read_bytes() == before


def test_nobody_else_than_an_administrator_names_a_token(node: Node) -> None:
    status, _ = send(signed_in(web_of(node), "only-clerk"), "/agency-token", **typed())
    assert status == 403 and node.settings.agency.token is None


def test_tables_of_other_officers_and_comments_stand_when_a_token_changes() -> None:
    text = (
        'office_name = "a"\n[[officers]]\naccount = "x"\n\n[officers.token]\ndriver = "/a"\nlabel = "L"\nkey_label = "K"\n\n'
        '[[officers]]  # người thứ hai\naccount = "y"\nkey_file = "y.p12"\n# lời ghi\n[web]\nport = 1\n'
    )
    changed = with_token(text, "y", PLACE)
    assert changed == text.replace('key_file = "y.p12"\n', "").replace(
        "# người thứ hai\n", f'# người thứ hai\ntoken = {{ driver = "{LIBRARY}", label = "{LABEL}", key_label = "officer_rsa" }}\n'
    )
    assert "[officers.token]" not in with_token(text, "x", None) and 'account = "x"' in with_token(text, "x", None)
    assert with_token(text, "z", PLACE) == text
    assert with_token('a = 1\n', None, PLACE).startswith("a = 1\n\n[agency]\ntoken = ")


def test_an_agency_written_in_line_is_not_broken(tmp_path: Path) -> None:
    path = tmp_path / "node.toml"
    path.write_text('office_name = "a"\nagency = { name = "A" }\n', "utf-8")
    with pytest.raises(SettingsUnreadable):
        save_settings(path, with_token(path.read_text("utf-8"), None, PLACE))
    assert "token" not in path.read_text("utf-8")
