"""An officer's USB token at a real desk: named in the settings, opened by its PIN on the page, pulled out in the middle, plugged in again."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from litestar import Litestar
from litestar.testing import TestClient

from deploy.demo.authority import PASSPHRASE, Authority, make_authority
from edge_node.app import Node
from edge_node.capture.jobs import held_jobs, stopped_jobs, waiting_jobs
from edge_node.capture.service import hand_in
from edge_node.cli.opening import passphrase_of
from edge_node.cli.serve import work_off_ready
from edge_node.errors import KeyNotOpen
from edge_node.intake.service import dossier
from edge_node.operations.checkup import node_checks
from edge_node.resolution.sealing import seal
from edge_node.resolution.service import decide, hand_over, move
from edge_node.signing import device
from edge_node.signing.errors import CertificateChain, PinLocked, PinRefused, TokenAbsent, TokenGone
from edge_node.signing.office_keys import AGENCY_ACCOUNT
from sync_protocol.adapters.checkup import Line, State, examine
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.settings_errors import SettingsRejected
from sync_protocol.adapters.signature_names import AGENCY_FIELD, OFFICER_FIELD
from sync_protocol.adapters.verification.report import Expectation
from sync_protocol.adapters.verification.verify import verify_copy
from sync_protocol.ids import RecordId
from sync_protocol.lifecycle import DossierMove
from tests.browser.desk import Clock, make_node, web_of
from tests.edge_node.signing.soft_token import LABEL, LIBRARY, PIN, SoftToken, soft_token
from tests.edge_node.test_a_day_at_the_desk import _page, _receive
from tests.edge_node.web.visitor import signed_in

TOKEN = f'token = {{ driver = "{LIBRARY}", label = "{LABEL}", key_label = "%s" }}'
SETTINGS = f"""passphrase_file = "keys/passphrase"
[agency]
name = "Bảo hiểm xã hội cơ sở Đống Đa"
{TOKEN % "agency"}
[trust]
folder = "trust"
"""


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"), Clock()())


@pytest.fixture
def token(tmp_path: Path, authority: Authority) -> Iterator[SoftToken]:
    names = ("officer_rsa", "officer_p256", "agency", "false_issuer")
    with soft_token(tmp_path / "token", {name: authority.people[name] for name in names}) as made:
        yield made


@pytest.fixture
def node(tmp_path: Path, token: SoftToken, authority: Authority) -> Iterator[Node]:
    """A desk where "all" signs with a token, "only-intake" with a file, "only-leader" with a key of a false issuer on the token."""
    root = tmp_path / "node"
    make_node(root, Clock(), settings=SETTINGS).close()
    (root / "keys").mkdir()
    (root / "keys" / "passphrase").write_bytes(PASSPHRASE)
    shutil.copy(authority.people["officer_rsa"].p12 or "", root / "keys" / "officer.p12")
    (root / "trust").mkdir()
    (root / "trust" / "a.root.der").write_bytes(authority.root.der)
    (root / "trust" / "b.issuer.der").write_bytes(authority.issuing.der)
    (root / "trust" / "c.issuer.der").write_bytes(authority.tsa.der)
    (root / "trust" / "d.issuer.der").write_bytes(b"no certificate")
    text = (root / "node.toml").read_text("utf-8")
    for account, line in (
        ("all", TOKEN % "officer_rsa"),
        ("only-leader", TOKEN % "false_issuer"),
        ("only-intake", 'key_file = "keys/officer.p12"'),
    ):
        text = text.replace(f'account = "{account}"', f'account = "{account}"\n{line}')
    (root / "node.toml").write_text(text, "utf-8")
    made = Node(root, KeyFileOnDisk(root / "unattended.key"), now=Clock())
    yield made
    made.close()


def _hand_in(node: Node, *officers: str) -> RecordId:
    got = _receive(node)
    parts = [part.component_id for part in dossier(node.desk, got.rid).components]
    for officer, part in zip(officers, parts, strict=False):
        hand_in(node.desk, officer, got.rid, part, [(f"{officer}.jpg", _page(officer))], declared_pages=1)
    return got.rid


def _signed(node: Node, rid: RecordId) -> int:
    return len(dossier(node.desk, rid).documents)


def _waiting(node: Node) -> list[str]:
    return [job.task.officer for job in node.store.readers.run(waiting_jobs)]


def _verdict(node: Node, rid: RecordId, authority: Authority, *, sealed: bool = False) -> str:
    (document, *_) = dossier(node.desk, rid).documents
    trust = node.trust()
    assert trust is not None
    fields = (OFFICER_FIELD, AGENCY_FIELD) if sealed else (OFFICER_FIELD,)
    expected = Expectation(fields=fields, sha256=document.officer_pdf.hex(), length=document.officer_pdf_size, visible=True)
    content = node.files.get(document.pdf.hex())
    crls = authority.crls
    trust = type(trust)(trust.roots, (authority.issuing.der,), crls)
    return verify_copy(content, trust=trust, expected=expected, now=node.now()).verdict


def pins_tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Every PIN that reaches a token from now on."""
    tried: list[str] = []
    real = device.find_token

    def counting(place: object) -> object:
        token = real(place)  # type: ignore[arg-type]

        class Counting:
            slot = token.slot

            def open(self, user_pin: str | None = None) -> object:
                if user_pin is None:
                    return token.open()
                tried.append(user_pin)
                return token.open(user_pin=user_pin)

        return Counting()

    monkeypatch.setattr("edge_node.signing.token.find_token", counting)
    return tried


def test_one_pin_signs_the_papers_of_an_officer_and_the_copies_are_valid(
    node: Node, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    tried = pins_tried(monkeypatch)
    rid = _hand_in(node, "all", "all")
    assert not work_off_ready(node) and _waiting(node) == ["all", "all"], "the machine's passphrase file opens no token"
    node.open_key("all", PIN.encode())
    node.open_key("all", PIN.encode())
    assert work_off_ready(node)
    assert _signed(node, rid) == 2 and tried == [PIN]
    assert _verdict(node, rid, authority) == "valid"
    assert node.key_of("all").issuers == (authority.issuing.certificate,)
    (standing,) = node.certificate_standings(("all",))
    assert standing.days_left > 0 and not standing.warning


def test_a_wrong_pin_is_told_and_never_tried_again(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = pins_tried(monkeypatch)
    rid = _hand_in(node, "all")
    with pytest.raises(PinRefused):
        node.open_key("all", b"000000")
    for _ in range(3):
        assert not work_off_ready(node)
    assert tried == ["000000"] and _waiting(node) == ["all"] and _signed(node, rid) == 0
    with pytest.raises(KeyNotOpen):
        node.open_key("all", b"")
    assert tried == ["000000"], "an empty box is no attempt"


def test_a_locked_token_is_told_as_locked(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    import pkcs11

    real = device.find_token

    class Locked:
        def __init__(self, token: object) -> None:
            self._token = token

        def open(self, user_pin: str | None = None) -> object:
            if user_pin is None:
                return self._token.open()  # type: ignore[attr-defined]
            raise pkcs11.exceptions.PinLocked

    monkeypatch.setattr("edge_node.signing.token.find_token", lambda place: Locked(real(place)))
    with pytest.raises(PinLocked):
        node.open_key("all", PIN.encode())


def test_a_certificate_that_the_office_does_not_trust_costs_no_pin(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    tried = pins_tried(monkeypatch)
    with pytest.raises(CertificateChain):
        node.open_key("only-leader", PIN.encode())
    assert tried == []


def test_a_token_pulled_out_keeps_its_paper_waiting_and_stands_in_nobody_elses_way(
    node: Node, token: SoftToken, authority: Authority, monkeypatch: pytest.MonkeyPatch
) -> None:
    node.open_key("all", PIN.encode())
    rid, next_rid = _hand_in(node, "all", "only-intake"), _hand_in(node, "all")
    token.pull_out()
    tried = pins_tried(monkeypatch)
    assert work_off_ready(node)
    assert _signed(node, rid) == 1 and _waiting(node) == ["all", "all"]
    assert node.store.readers.run(stopped_jobs) == []
    (held,) = node.store.readers.run(held_jobs)
    assert held.problem == "SIG-005" and "nhập lại mã PIN" in held.sentence
    for _ in range(2):
        assert not work_off_ready(node)
    with pytest.raises(KeyNotOpen):
        node.key_of("all")
    with pytest.raises(TokenAbsent):
        node.open_key("all", PIN.encode())
    assert tried == []
    token.plug_in()
    node.open_key("all", PIN.encode())
    assert work_off_ready(node)
    assert (_signed(node, rid), _signed(node, next_rid)) == (2, 1) and tried == [PIN] and node.store.readers.run(held_jobs) == []
    assert _verdict(node, rid, authority) == "valid"


def test_the_agency_signs_with_its_token_and_takes_it_from_the_officer_who_had_it_open(
    node: Node, authority: Authority, token: SoftToken
) -> None:
    node.open_key("all", PIN.encode())
    rid = _hand_in(node, "all")
    work_off_ready(node)
    hand_over(node.desk, "all", rid, to_section="Bộ phận nghiệp vụ")
    move(node.desk, "all", rid, DossierMove.TAKE_UP)
    decide(node.desk, "all", rid, "granted", number_symbol="13/QĐ-BHXH", issue_date="2026-11-20")
    for _ in range(2):  # a batch gives the token back
        with node.agency_key(PIN.encode()) as key:
            outcomes = seal(node.desk, "all", rid, key, agency="BHXH")
    assert outcomes == [] and _verdict(node, rid, authority, sealed=True) == "valid"
    assert [one.account for one in node.certificate_standings()] == ["all", AGENCY_ACCOUNT]
    with pytest.raises(KeyNotOpen):
        node.key_of("all")
    node.open_key("all", PIN.encode())


def test_the_end_of_the_process_closes_every_session(node: Node) -> None:
    key = node.open_key("all", PIN.encode())
    node.signing.opened.close()
    with pytest.raises(TokenGone):
        key.sign(b"x")
    node.open_key("all", PIN.encode())  # a session left open would refuse this log-in


def test_settings_with_a_file_and_a_token_for_one_key_are_refused(node: Node) -> None:
    path = node.folder.settings
    text = path.read_text("utf-8")
    for mark in ('account = "all"', 'name = "Bảo hiểm xã hội cơ sở Đống Đa"'):
        path.write_text(text.replace(mark, f'{mark}\nkey_file = "keys/officer.p12"'), "utf-8")
        with pytest.raises(SettingsRejected) as caught:
            Node(node.folder.root, KeyFileOnDisk(node.folder.raw_key))
        assert "not both" in caught.value.operator_line


def send(client: TestClient[Litestar], to: str, **typed: str) -> str:
    answer = client.post(to, data=typed, headers={"x-csrftoken": client.cookies.get("form") or ""})
    return answer.text


def test_the_pages_ask_for_a_pin_and_tell_what_the_token_says(node: Node, token: SoftToken) -> None:
    client = signed_in(web_of(node), "all")
    rid = _hand_in(node, "all")
    page = f"/dossiers/{rid.hex()}"
    assert "Mã PIN thiết bị ký" in client.get(page).text and "Mật khẩu chữ ký" not in client.get(page).text
    assert "SIG-002" in send(client, "/key", passphrase="000000", next=page)
    assert "SIG-002" not in client.get(page).text
    token.pull_out()
    assert "SIG-004" in send(client, "/key", passphrase=PIN, next=page)
    token.plug_in()
    assert "đang mở trong lượt này" in send(client, "/key", passphrase=PIN, next=page)
    token.pull_out()
    work_off_ready(node)
    for where in (page, "/tray", "/queue"):
        shown = client.get(where).text
        assert "SIG-005" in shown and "#key-passphrase" in shown, where
    assert 'id="key-passphrase"' in client.get("/queue?key=1").text
    token.plug_in()
    after = send(client, "/key", passphrase=PIN, next="/queue")
    work_off_ready(node)
    assert 'id="key-passphrase"' not in after and _signed(node, rid) == 1
    assert "SIG-005" not in client.get("/queue").text


def test_the_pages_of_an_officer_with_a_key_file_speak_of_a_passphrase(node: Node) -> None:
    (node.folder.root / "keys" / "passphrase").write_bytes(b"another")
    rid = _hand_in(node)
    shown = signed_in(web_of(node), "only-intake").get(f"/dossiers/{rid.hex()}").text
    assert "Mật khẩu chữ ký" in shown and "Mã PIN" not in shown


def test_the_clerk_is_asked_for_the_pin_of_the_agencys_token(node: Node) -> None:
    node.open_key("all", PIN.encode())
    rid = _hand_in(node, "all")
    work_off_ready(node)
    hand_over(node.desk, "all", rid, to_section="Bộ phận nghiệp vụ")
    move(node.desk, "all", rid, DossierMove.TAKE_UP)
    decide(node.desk, "all", rid, "granted", number_symbol="13/QĐ-BHXH", issue_date="2026-11-20")
    client = signed_in(web_of(node), "only-clerk")
    assert "Mã PIN thiết bị ký của cơ quan" in client.get("/agency-signatures").text
    assert "SIG-002" in send(client, "/agency-signatures", rid=rid.hex(), passphrase="000000")
    assert not dossier(node.desk, rid).documents[0].agency_form
    assert "Đã ký xong 1 trên 1 hồ sơ" in send(client, "/agency-signatures", rid=rid.hex(), passphrase=PIN)


def test_the_check_up_says_by_officer_whether_driver_and_token_are_there(node: Node, token: SoftToken) -> None:
    def found() -> dict[str, Line]:
        lines = node.store.readers.run(
            lambda c: examine(node_checks(node.folder, node.identity, node.settings, c, node.now(), full=False))
        )
        return {line.name: line for line in lines if line.name.startswith("Thiết bị ký")}

    key = node.open_key("all", PIN.encode())
    whole = found()
    assert list(whole) == ["Thiết bị ký (all)", "Thiết bị ký (only-leader)", "Thiết bị ký (cơ quan)"]
    assert {line.state for line in whole.values()} == {State.WELL}
    assert key.sign(b"x"), "looking ends nobody's session"
    officers = tuple(
        msgspec.structs.replace(one, token=msgspec.structs.replace(one.token, **wrong)) if one.token else one
        for one, wrong in zip(node.settings.officers, ({"key_label": "x"}, *({"driver": "/nowhere.so"} for _ in node.settings.officers)), strict=False)
    )
    node.settings = msgspec.structs.replace(node.settings, officers=officers)
    lines = found()
    assert lines["Thiết bị ký (all)"].state is State.BROKEN and "SIG-006" in lines["Thiết bị ký (all)"].finding
    assert lines["Thiết bị ký (only-leader)"].state is State.SOON and "no driver" in lines["Thiết bị ký (only-leader)"].finding
    token.pull_out()
    node.signing.opened.close()
    assert found()["Thiết bị ký (cơ quan)"].state is State.SOON


def test_commands_ask_for_the_pin_of_a_token_and_take_a_passphrase_from_the_machines_file(
    node: Node, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def answer(question: str) -> str:
        asked.append(question)
        return PIN

    monkeypatch.setattr("edge_node.cli.opening.ask_secret", answer)
    assert passphrase_of(node, "only-intake") == PASSPHRASE and asked == []
    node.open_key("all", passphrase_of(node, "all"))
    with node.agency_key(passphrase_of(node, AGENCY_ACCOUNT)) as key:
        assert key.sign(b"x")
    assert len(asked) == 2 and all("Mã PIN" in question for question in asked)
