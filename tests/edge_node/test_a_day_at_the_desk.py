"""A day at the desk without a line and without a recogniser: the whole job works by typing (QĐ 1333 Điều 9.1), and survives crashes."""

from __future__ import annotations

import dataclasses
import io
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from PIL import Image, ImageDraw

from deploy.demo.authority import PASSPHRASE, Authority, make_authority
from edge_node.app import Node
from edge_node.capture.jobs import stopped_jobs, waiting_jobs
from edge_node.capture.service import hand_in, work_off
from edge_node.coding.service import issue_code
from edge_node.intake.errors import ApplicantIncomplete, NoNumbers, UnknownProcedure
from edge_node.intake.promise import IntakeForm
from edge_node.intake.service import Choice, Received, declare, dossier, receive
from edge_node.people.officers import RoleMissing
from edge_node.recognition.model import Unreadable
from edge_node.resolution.errors import MoveNotAllowed, NotCustodian, SuccessFirst
from edge_node.resolution.sealing import seal
from edge_node.resolution.service import decide, hand_over, move
from edge_node.review.errors import ConfirmFirst, FieldsMissing
from edge_node.review.service import confirm, lines
from edge_node.slips.service import issue_slip
from edge_node.store.audit import broken_at
from edge_node.store.audit_reading import read_audit
from edge_node.store.sync_words import SyncWord, dossier_state
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.bodies import Party
from sync_protocol.errors import Problem
from sync_protocol.lifecycle import DossierMove
from tests.browser.desk import Clock, make_node

SETTINGS = """passphrase_file = "keys/passphrase"
[agency]
name = "Bảo hiểm xã hội cơ sở Đống Đa"
key_file = "keys/agency.p12"
"""
AN = Party(kind="person", name="Nguyễn Thị Ấn", personal_id="034194007325", birth_date="1994-08-14")
TYPED = {
    "document_name": "Giấy khai sinh", "number_symbol": "214/GKS", "issue_date": "20/10/2026",
    "issuing_body": "Ủy ban nhân dân phường Ngọc Hà", "summary": "Khai sinh", "full_name": "Trần Nguyễn Bảo Châu",
    "child_name": "Trần Nguyễn Bảo Châu", "child_birth_date": "06/10/2026", "birth_date": "06/10/2026", "sex": "Nữ",
    "mother_name": "Nguyễn Thị Ấn", "father_name": "Trần Văn Quyết", "personal_id": "001326058213", "address": "Hà Nội",
}  # fmt: skip


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return make_authority(tmp_path_factory.mktemp("authority"), Clock()())


@pytest.fixture
def node(tmp_path: Path, authority: Authority) -> Iterator[Node]:
    made = make_node(tmp_path / "node", Clock(), settings=SETTINGS)
    made.close()
    yield _opened(tmp_path / "node", authority)


def _opened(root: Path, authority: Authority, clock: Clock | None = None) -> Node:
    """The node as after a restart, with officers' keys in place."""
    keys = root / "keys"
    keys.mkdir(exist_ok=True)
    (keys / "passphrase").write_bytes(PASSPHRASE)
    shutil.copy(authority.people["officer_rsa"].p12 or "", keys / "officer.p12")
    shutil.copy(authority.people["agency"].p12 or "", keys / "agency.p12")
    settings = root / "node.toml"
    text = settings.read_text(encoding="utf-8")
    if "officer.p12" not in text:
        settings.write_text(text.replace('account = "all"', 'account = "all"\nkey_file = "keys/officer.p12"'), "utf-8")
    return Node(root, KeyFileOnDisk(root / "unattended.key"), now=clock or Clock())


def _page(words: str) -> bytes:
    image = Image.new("RGB", (827, 1169), "white")
    ImageDraw.Draw(image).text((80, 160), words, fill="black")
    out = io.BytesIO()
    image.save(out, "JPEG", dpi=(200, 200), quality=50)
    return out.getvalue()


def _receive(node: Node) -> Received:
    return receive(
        node.desk, "all", IntakeForm(procedure="1.014166", channel="in_person", applicant=AN, submitter="worker")
    )


def _captured(node: Node, got: Received) -> bytes:
    view = dossier(node.desk, got.rid)
    part = next(one for one in view.components if one.document_type == "GKS")
    declare(node.desk, "all", got.rid, part, Choice(decision="digitize", declared_pages=1))
    hand_in(node.desk, "all", got.rid, part.component_id, [("gks.jpg", _page("giay khai sinh"))], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 1
    return dossier(node.desk, got.rid).documents[0].document_id


def test_the_whole_job_works_by_typing_with_the_cable_out(node: Node) -> None:
    got = _receive(node)
    assert got.code == "G12.00101-261120-0001" and got.due_date.isoformat() == "2026-11-30"
    document = _captured(node, got)
    with pytest.raises(ConfirmFirst):
        issue_code(node.desk, "all", got.rid, document, node.key_of("all"))
    with pytest.raises(FieldsMissing):
        confirm(node.desk, "all", got.rid, document, role="resolving")
    fields = {line.field for line in lines(node.desk, got.rid, document)}
    typed = {field: value for field, value in TYPED.items() if field in fields}
    looked_at = confirm(node.desk, "all", got.rid, document, role="resolving", typed=typed)
    assert looked_at == len(typed)
    code = issue_code(node.desk, "all", got.rid, document, node.key_of("all"))
    assert code == "001326058213.1.014166.GKS.214/GKS"
    slip = issue_slip(node.desk, "all", got.rid, "01", node.key_of("all"), office=node.settings)
    assert slip.content.startswith(b"%PDF-")
    hand_over(node.desk, "all", got.rid, to_section="Chế độ")
    move(node.desk, "all", got.rid, DossierMove.TAKE_UP)
    with pytest.raises(SuccessFirst):
        seal(node.desk, "all", got.rid, node.agency_key(PASSPHRASE), agency="BHXH")
    decide(
        node.desk,
        "all",
        got.rid,
        "granted",
        result_code="KQ.G09.000360",
        number_symbol="1/QĐ-BHXH",
        issue_date="20/11/2026",
    )
    outcomes = seal(node.desk, "all", got.rid, node.agency_key(PASSPHRASE), agency=node.settings.agency.name)
    assert [one.problem for one in outcomes] == [""]
    view = dossier(node.desk, got.rid)
    assert view.state == "result_ready" and view.documents[0].has_legal_value
    assert view.component(view.documents[0].component_id).state == "in_repository"  # type: ignore[union-attr]
    assert node.store.readers.run(lambda c: dossier_state(c, got.rid)).word is SyncWord.SAVED_HERE


class HowItWasAsked:
    """A reader that reads nothing and notes whether it was asked to hurry."""

    def __init__(self) -> None:
        self.hurried: list[bool] = []

    def read_page(self, image: object, dpi: int, *, turns: int = 0, hurry: bool = False) -> Unreadable:
        self.hurried.append(hurry)
        return Unreadable("OCR-001", "không đọc", "nhập tay")


def test_papers_are_read_in_a_hurry_as_long_as_more_of_them_wait_than_the_office_has_set(node: Node, monkeypatch: pytest.MonkeyPatch) -> None:
    reader = HowItWasAsked()
    monkeypatch.setattr(node, "desk", dataclasses.replace(node.desk, reading=reader, fast_above=2))
    got = _receive(node)
    parts = [one for one in dossier(node.desk, got.rid).components if one.document_type == "GKS"] or dossier(node.desk, got.rid).components
    for number in range(4):
        hand_in(node.desk, "all", got.rid, parts[0].component_id, [(f"{number}.jpg", _page(str(number)))], declared_pages=1)
    work_off(node.desk, node.key_of)
    assert reader.hurried == [True, True, False, False]


def test_a_wrong_page_count_stops_the_signature_and_nothing_else(node: Node) -> None:
    got = _receive(node)
    parts = dossier(node.desk, got.rid).components
    first, second = parts[0].component_id, parts[1].component_id
    hand_in(node.desk, "all", got.rid, first, [("a.jpg", _page("a"))], declared_pages=3)
    hand_in(node.desk, "all", got.rid, second, [("b.jpg", _page("b"))], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 1
    stopped = node.store.readers.run(stopped_jobs)
    assert [one.problem for one in stopped] == ["CAP-020"] and "3" in stopped[0].sentence
    original = stopped[0].task.originals[0].digest.hex()
    assert node.files.has(original), "the paper as it came stays"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "CAP-001"),
        (b"MZ\x90\x00 not a paper", "CAP-002"),
        (b"%PDF-1.7\n1 0 obj", "CAP-004"),
        (_page("x")[:3000], "CAP-004"),
    ],
)
def test_an_unreadable_file_says_so_and_the_next_paper_goes_on(node: Node, content: bytes, code: str) -> None:
    got = _receive(node)
    parts = dossier(node.desk, got.rid).components
    hand_in(node.desk, "all", got.rid, parts[0].component_id, [("a.bin", content)], declared_pages=1)
    hand_in(node.desk, "all", got.rid, parts[1].component_id, [("b.jpg", _page("b"))], declared_pages=1)
    assert work_off(node.desk, node.key_of) == 1
    assert [one.problem for one in node.store.readers.run(stopped_jobs)] == [code]


def test_a_paper_handed_in_before_a_crash_is_signed_after_it_and_only_once(node: Node, authority: Authority) -> None:
    got = _receive(node)
    part = dossier(node.desk, got.rid).components[0].component_id
    hand_in(node.desk, "all", got.rid, part, [("a.jpg", _page("a"))], declared_pages=1)
    root = node.folder.root
    node.close()  # the process is gone; the job and the file are on the disk
    again = _opened(root, authority)
    assert again.lane.check() == ""
    waiting = again.store.readers.run(waiting_jobs)
    assert len(waiting) == 1
    assert work_off(again.desk, again.key_of) == 1
    assert work_off(again.desk, again.key_of) == 0
    assert len(dossier(again.desk, got.rid).documents) == 1
    again.close()


def test_a_restored_database_opens_a_new_incarnation_and_gives_no_number_twice(
    node: Node, authority: Authority, tmp_path: Path
) -> None:
    root = node.folder.root
    _receive(node)
    node.close()
    copy = tmp_path / "yesterday.db"
    shutil.copy(root / "node.db", copy)  # nobody has it open now
    today = _opened(root, authority)
    codes = {_receive(today).code for _ in range(260)}
    today.close()
    for part in root.glob("node.db*"):
        part.unlink()
    shutil.copy(copy, root / "node.db")
    restored = _opened(root, authority)
    assert restored.lane.check() == "database_rolled_back"
    try:
        assert _receive(restored).code not in codes
    except NoNumbers:  # as safe: it waits for a block of its own
        pytest.fail("the anchor of this machine survived, so the counter must go on")
    restored.close()


def test_what_may_not_be_done_is_said_in_the_clerks_words(node: Node) -> None:
    with pytest.raises(UnknownProcedure):
        receive(node.desk, "all", IntakeForm(procedure="9.999999", channel="in_person", applicant=AN))
    nobody = Party(kind="person", name="Lê Thị Khuyên")
    with pytest.raises(ApplicantIncomplete):
        receive(node.desk, "all", IntakeForm(procedure="1.014178", channel="in_person", applicant=nobody))
    with pytest.raises(RoleMissing):
        receive(node.desk, "only-clerk", IntakeForm(procedure="1.014178", channel="in_person", applicant=AN))
    got = _receive(node)
    with pytest.raises(MoveNotAllowed):
        move(node.desk, "all", got.rid, DossierMove.TAKE_UP)
    with pytest.raises(Problem, match="SIG-|KEY-"):
        node.agency_key("mật khẩu sai".encode())
    assert issubclass(NotCustodian, Problem)


def test_the_log_names_the_certificate_that_an_officer_opened_here_and_none_before(node: Node) -> None:
    got = _receive(node)
    key = node.open_key("all", PASSPHRASE)
    hand_in(node.desk, "all", got.rid, dossier(node.desk, got.rid).components[0].component_id, [("a.jpg", _page("a"))], declared_pages=1)
    newest, *_, oldest = node.store.readers.run(read_audit)
    assert oldest.certificate == "" and newest.certificate == key.certificate.fingerprint(SHA256()).hex()
    assert node.store.readers.run(broken_at) is None
