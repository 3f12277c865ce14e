"""What a desk's disk damaged is found at night, kept aside, told by paper and dossier, and comes back from the backup, the hub, or the paper itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from edge_node.app import Node
from edge_node.capture.jobs import CaptureTask, put_job
from edge_node.capture.originals import Original
from edge_node.existence.known import TAKEN_MS
from edge_node.operations.scrubbing import check_files, look_through_files, round_of, spare_of
from edge_node.store.damaged import count_for_people, damaged_papers, forget_settled
from edge_node.store.ledger import Act, Draft
from edge_node.store.node_store import read_number, write_number
from edge_node.store.sync_words import SyncWord, dossier_state, file_state
from edge_node.sync.healing import Healing
from edge_node.sync.wished import wished
from sync_protocol.adapters import projection
from sync_protocol.adapters.backup.manifest import POOL
from sync_protocol.adapters.checkup import State
from sync_protocol.adapters.files.scrubbing import NIGHT_MS, NIGHTS, Look
from sync_protocol.adapters.files.sealing import HEADER_BYTES, Sealing
from sync_protocol.adapters.files.store import FileStore
from sync_protocol.bodies import CopyCaptured
from sync_protocol.ids import BlobDigest, ComponentId, DocumentId
from sync_protocol.view import DossierView
from tests.browser.desk import Clock as DeskClock
from tests.browser.desk import make_node, web_of
from tests.browser.officers import receive_one
from tests.edge_node.web.visitor import signed_in
from tests.offices import Clock, Hub, Office, on_line, reception, rid

PAPER = b"a paper of somebody " * 4_000
COMPONENT = ComponentId(b"c" * 16)
NOW_MS = 1_795_000_000_000


@pytest.fixture
def hub(tmp_path: Path) -> Iterator[Hub]:
    one = Hub(tmp_path / "hub", Clock())
    yield one
    one.close()


@pytest.fixture
def office(tmp_path: Path, hub: Hub) -> Iterator[Office]:
    one = Office(tmp_path / "a", "n00101a", "00101", Clock())
    hub.enrol(one)
    yield one
    one.close()


def copy_of(name: str, document: bytes = b"d", captured_ms: int = 1, component: ComponentId = COMPONENT) -> CopyCaptured:
    return CopyCaptured(
        component_id=component, document_id=DocumentId(document * 16), pdf=BlobDigest(bytes.fromhex(name)), pdf_size=len(PAPER), pages=1, images=1,
        officer="cb", signer_name="CB", captured_ms=captured_ms,
    )  # fmt: skip


def received(node: Node) -> DossierView:
    """The one dossier of a desk."""
    receive_one(node)
    (view,) = node.store.readers.run(lambda c: projection.newest(c, 1))
    return view


def scan(office: Office, content: bytes = PAPER, document: bytes = b"d", captured_ms: int = 1) -> BlobDigest:
    name = office.files.put(content)
    office.ledger.save(Act("cb", "intake", "receive"), [Draft(rid(1), reception(1, "00101")), Draft(rid(1), copy_of(name, document, captured_ms))])
    return BlobDigest(bytes.fromhex(name))


def flip(folder: Path, digest: BlobDigest, byte: int) -> None:
    """One bit of a sealed file."""
    name = Sealing(b"F" * 32, b"N" * 32).name(digest.hex())
    path = folder / "objects" / name[:2] / name
    content = bytearray(path.read_bytes())
    content[byte] ^= 16
    path.write_bytes(bytes(content))


def nights(office: Office, spare: FileStore | None = None) -> list[Look]:
    """A whole round of looks; each a day later."""
    looks = []
    for _ in range(NIGHTS):
        office.clock.ms += NIGHT_MS
        looks.append(look_through_files(office.store, office.files, office.clock(), spare=spare))
    return looks


@pytest.mark.parametrize("byte", [0, HEADER_BYTES - 1, HEADER_BYTES + 7, -1])
async def test_a_damaged_copy_that_the_hub_holds_comes_again_from_it_by_itself(office: Office, hub: Hub, byte: int) -> None:
    digest = scan(office)
    await office.exchange(hub, with_files=True)
    flip(office.root / "files", digest, byte)
    with capture_logs() as said:
        nights(office)
    assert [(one["code"], one["dossier"], one["at_hub"]) for one in said if one["event"] == "files.damaged"] == [("FIL-002", rid(1).hex(), True)]
    (row,) = office.store.readers.run(damaged_papers)
    assert (row.rid, row.document_id, row.is_at_hub) == (rid(1), DocumentId(b"d" * 16), True)
    assert not office.files.has(digest.hex()) and len(list((office.root / "files" / "damaged").iterdir())) == 1
    assert office.store.readers.run(lambda c: dossier_state(c, rid(1))).word is not SyncWord.NEEDS_YOU, "nobody has to do anything"
    assert digest in office.store.readers.run(wished), "an office without a line asks on its next stick"
    async with on_line(office.join(hub)):
        assert await Healing(office.store, office.transfers).heal() == 1
    assert office.files.get(digest.hex()) == PAPER and office.store.readers.run(damaged_papers) == ()


async def test_a_damaged_copy_that_nobody_else_holds_is_told_until_the_paper_is_scanned_again(office: Office, hub: Hub) -> None:
    digest = scan(office)
    await office.exchange(hub)  # the hub knows of it, and has not its file
    flip(office.root / "files", digest, -1)
    nights(office)
    driver = office.join(hub)
    async with on_line(driver):
        healing = Healing(office.store, office.transfers)
        assert await healing.heal() == 0 and healing.tried == {digest}
        assert await office.transfers.send_waiting(lambda: True) == 0, "what is gone does not stand before other files"
    (row,) = office.store.readers.run(damaged_papers)
    assert not row.is_at_hub and office.store.readers.run(count_for_people) == 1
    assert office.store.readers.run(lambda c: dossier_state(c, rid(1))).word is SyncWord.NEEDS_YOU
    assert office.store.readers.run(lambda c: file_state(c, digest)).word is SyncWord.NEEDS_YOU
    scan(office, b"scanned again " * 4_000, b"e", captured_ms=2)
    office.store.writer.run(forget_settled)
    assert office.store.readers.run(damaged_papers) == () and office.store.readers.run(count_for_people) == 0
    assert office.store.readers.run(lambda c: dossier_state(c, rid(1))).word is not SyncWord.NEEDS_YOU


async def test_what_the_hub_was_believed_to_hold_and_does_not_is_a_persons(office: Office, hub: Hub) -> None:
    digest = scan(office)
    await office.exchange(hub, with_files=True)
    flip(office.root / "files", digest, 0)
    nights(office)
    hub.service.files.files.remove(digest.hex())
    async with on_line(office.join(hub)):
        assert await Healing(office.store, office.transfers).heal() == 0
    assert office.store.readers.run(count_for_people) == 1


def test_the_same_bytes_scanned_again_settle_it(office: Office) -> None:
    digest = scan(office)
    flip(office.root / "files", digest, 3)
    nights(office)
    assert office.store.readers.run(count_for_people) == 1
    scan(office)
    assert office.store.readers.run(damaged_papers) == ()
    assert office.store.readers.run(lambda c: c.execute("SELECT state, reason FROM blob").fetchall()) == [("local", "")]


def test_a_damaged_copy_comes_back_from_the_backup_before_anybody_hears_of_it(tmp_path: Path) -> None:
    node = make_node(tmp_path / "node", DeskClock())
    record = received(node).rid
    kept = node.files.put(PAPER)
    node.desk.ledger.save(Act("cb", "intake", "receive"), [Draft(record, copy_of(kept))])
    assert spare_of(node) is None
    (node.folder.root / node.settings.backup.folder / POOL).mkdir(parents=True)
    spare = spare_of(node)
    assert spare is not None
    spare.put(PAPER)
    name = Sealing(node.keys.files_key, node.keys.names_key).name(kept)
    path = node.folder.files / "objects" / name[:2] / name
    path.write_bytes(path.read_bytes()[:-1])
    for night in range(NIGHTS):
        look_through_files(node.store, node.files, NOW_MS + night * NIGHT_MS, spare=spare)
    assert node.files.get(kept) == PAPER and node.store.readers.run(damaged_papers) == ()
    node.close()


def test_a_scan_that_is_no_copy_yet_is_told_with_its_component(office: Office) -> None:
    scan(office)
    original = office.files.put(b"of the scanner " * 500)
    task = CaptureTask(rid(1), COMPONENT, b"x" * 16, (Original(bytes.fromhex(original), "a.jpg"),), 1, (), "cb")
    office.store.writer.run(lambda c: put_job(c, b"j" * 16, task, 1))
    flip(office.root / "files", BlobDigest(bytes.fromhex(original)), 9)
    nights(office)
    (row,) = office.store.readers.run(damaged_papers)
    assert (row.rid, row.component_id, row.is_at_hub) == (rid(1), COMPONENT, False)


def test_a_damaged_index_is_taken_anew_at_the_next_greeting(office: Office) -> None:
    digest = BlobDigest(bytes.fromhex(office.files.put(b"index" * 900)))
    office.store.writer.run(lambda c: c.execute("INSERT INTO existence_file(digest, size, as_of_ms, position, is_base) VALUES(?,1,1,1,1)", (digest,)).fetchall())
    office.store.writer.run(lambda c: write_number(c, TAKEN_MS, 77))
    flip(office.root / "files", digest, -1)
    nights(office)
    assert office.store.readers.run(lambda c: read_number(c, TAKEN_MS)) == 0 and office.store.readers.run(damaged_papers) == ()


def test_the_check_up_says_when_everything_was_read_and_what_is_damaged(office: Office) -> None:
    def line() -> tuple[State, str]:
        found = office.store.readers.run(lambda c: check_files(c, dt.datetime.fromtimestamp(office.clock() / 1000, dt.UTC)))
        assert found.next_step or found.state is State.WELL
        return found.state, found.finding

    assert line() == (State.WELL, "chưa đọc lại lượt nào")
    digest = scan(office)
    nights(office)
    assert line()[0] is State.WELL and "đã đọc lại đủ một vòng" in line()[1]
    office.clock.ms += 15 * NIGHT_MS
    assert line()[0] is State.SOON
    flip(office.root / "files", digest, -1)
    nights(office)
    assert line()[0] is State.BROKEN and "1 tệp hỏng" in line()[1]
    assert office.store.readers.run(round_of).looked_ms == office.clock()


@pytest.fixture(scope="module")
def node(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Node]:
    one = make_node(tmp_path_factory.mktemp("node"), DeskClock())
    yield one
    one.close()


def test_the_queue_page_names_the_paper_and_leads_to_its_scan(node: Node) -> None:
    view = received(node)
    component = view.components[0]
    kept = node.files.put(PAPER)
    node.desk.ledger.save(Act("cb", "intake", "receive"), [Draft(view.rid, copy_of(kept, component=component.component_id))])
    name = Sealing(node.keys.files_key, node.keys.names_key).name(kept)
    path = node.folder.files / "objects" / name[:2] / name
    path.write_bytes(b"")
    for night in range(NIGHTS):
        look_through_files(node.store, node.files, NOW_MS + night * NIGHT_MS)
    page = signed_in(web_of(node), "only-intake")
    text = page.get("/queue").text
    assert component.name in text and view.code in text and "quét lại" in text and "FIL-002" in text
    assert "đã lưu an toàn" not in text, "one thing here is not"
    place = f"/dossiers/{view.rid.hex()}/components/{component.component_id.hex()}"
    assert f'href="{place}"' in text and page.get(place).status_code == 200
