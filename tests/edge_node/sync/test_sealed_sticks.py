"""A stick can be read by the hub on its way there and by the desk on its way back, and by whoever finds it not at all; by the commands that write and read it."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central_hub.app import Hub
from central_hub.enrolment.issuing import issue
from central_hub.folder import HubFolder
from central_hub.ingest.nodes import last_hello
from central_hub.ingest.service import HubService
from central_hub.operations.backups import restore_hub
from central_hub.store.epoch_anchor import EpochAnchor
from edge_node.app import utc_now
from edge_node.identity import StateFolder
from edge_node.renewal import renew
from edge_node.sync import by_hand
from edge_node.sync.courier import Greeting, export_courier
from edge_node.sync.hub_stick_key import key_of_hub, proven_key
from sync_protocol.adapters.bus.credentials import line_signer
from sync_protocol.adapters.keys import KeyFileOnDisk
from sync_protocol.adapters.sealed_sticks import SEALED_MAGIC, StickReader
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.courier import MAGIC, courier_pieces, read_courier, sign_file, write_courier
from sync_protocol.ids import HubEpoch, NodeId
from sync_protocol.messages import Hello
from sync_protocol.stick_key import StickHello, mark_of_key, sign_stick_key
from sync_protocol.wire import pack, unpack_request
from tests.edge_node.sync.stick_stage import Stage
from tests.edge_node.sync.test_stick_files import scanned
from tests.offices import Clock, Office
from tests.offices import Hub as SmallHub

DONGDA, HUNGYEN = "n00101a", "n03300a"
PAPER = b"%PDF-1.7 Nguyen Thi An " * 300


@pytest.fixture
def stage(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    yield Stage(tmp_path, capsys, monkeypatch)


def of_before(stage: Stage, desk: Path) -> None:
    """As a hub of the version before enrolled it: without the key that sticks are sealed to."""
    folder = StateFolder(desk)
    folder.write_identity(msgspec.structs.replace(folder.read_identity(), hub_stick_key=b""))


def old_program(stage: Stage, desk: Path, *, now_ms: int | None = None) -> Path:
    """A stick as the version before writes it: plain, proven, and with a greeting that shows no key."""
    node = stage.node(desk)
    identity = node.identity
    greeting = Greeting(identity.office, node.keys.signer.public_key, now_ms or node.desk.now_ms(), line_signer(identity.credentials).sign)
    made = export_courier(node.store, node.files, identity.hub, node.keys.signer.sign, identity.node, greeting)
    node.close()
    path = stage.root / f"{desk.name}-old.courier"
    path.write_bytes(made.content)
    return path


def is_readable(path: Path) -> bool:
    """Whether whoever finds it reads of the paper."""
    raw = path.read_bytes()
    return raw.startswith(MAGIC) or PAPER[:60] in raw


def test_the_first_stick_of_a_desk_that_was_never_on_the_line_and_its_answer_are_sealed(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    scanned(stage, desk, PAPER)
    there = stage.export(desk)
    assert not is_readable(there) and there.read_bytes().startswith(SEALED_MAGIC) and "không mã hóa" not in stage.told
    code, said, back = stage.answer(there)
    assert code == 0 and said["came_sealed"] is True and said["sealed"] is True and "không mã hóa" not in stage.told
    assert not is_readable(back) and back.read_bytes().startswith(SEALED_MAGIC)
    code, said = stage.read(desk, back)
    assert code == 0 and said["files_at_hub"] == 1


def test_mutant_that_writes_plain_is_seen(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    scanned(stage, desk, PAPER)
    monkeypatch.setattr(by_hand, "key_of_hub", lambda connection, enrolled: b"")
    there = stage.export(desk)
    assert is_readable(there) and PAPER[:60] in there.read_bytes()
    assert "không mã hóa" in stage.told


def test_real_processes_carry_a_sealed_stick_there_and_back(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    there, back = stage.root / "there", stage.root / "back"
    for package, words in (
        ("edge_node", ["export-courier", str(there), "--state", str(desk)]),
        ("central_hub", ["courier", str(there), str(back), "--state", str(stage.hub_root)]),
        ("edge_node", ["import-courier", str(back), "--state", str(desk)]),
    ):
        ran = subprocess.run([sys.executable, "-c", f"from {package}.cli import main; main()", *words], capture_output=True, text=True, check=False, timeout=120)
        assert ran.returncode == 0, ran.stdout + ran.stderr
    assert not is_readable(there) and not is_readable(back)
    node = stage.node(desk)
    assert node.store.readers.run(lambda c: c.execute("SELECT max(upto) FROM acknowledgement").fetchall()) == [(node.head(),)]
    node.close()
    cut = stage.root / "cut"
    cut.write_bytes(there.read_bytes()[:-1])
    words = ["courier", str(cut), str(back), "--state", str(stage.hub_root)]
    ran = subprocess.run([sys.executable, "-c", "from central_hub.cli import main; main()", *words], capture_output=True, text=True, check=False, timeout=120)
    assert ran.returncode == 1 and "SYN-036" in ran.stdout + ran.stderr and "Chép lại tệp" in ran.stdout + ran.stderr


def test_a_desk_that_was_enrolled_before_writes_plain_once_and_says_so_and_seals_from_the_first_answer_on(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    of_before(stage, desk)
    stage.receive(desk)
    first = stage.export(desk)
    assert is_readable(first) and "không mã hóa" in stage.told
    code, said, back = stage.answer(first)
    assert code == 0 and said["came_sealed"] is False and said["sealed"] is True, "its greeting shows a key already"
    assert stage.read(desk, back)[0] == 0
    assert not is_readable(stage.export(desk, "second"))


def test_a_renewed_desk_knows_the_key_without_a_journey_and_still_opens_an_answer_of_before(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    back = stage.answer(stage.export(desk))[2]
    of_before(stage, desk)
    hub = stage.hub()
    handed, _ = asyncio.run(issue(hub, DONGDA, "00101", again=True, keeps_log=True))
    hub.store.close()
    renew(StateFolder(desk), stage.keys(desk), handed.sealed, handed.code, utc_now())
    assert not is_readable(stage.export(desk, "renewed"))
    assert stage.read(desk, back)[0] == 0


def test_a_hub_that_was_restored_from_its_backup_opens_what_was_sealed_before(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    hub = stage.hub()
    hub.back_up(stage.root / "backups")
    hub.store.close()
    there = stage.export(desk)
    raw_key = HubFolder(stage.hub_root).raw_key.read_bytes()
    opening = stage.root / "kept-apart.key"
    opening.write_bytes(raw_key)
    opening.chmod(0o600)
    shutil.rmtree(stage.hub_root)
    restore_hub(stage.root / "backups", stage.hub_root, KeyFileOnDisk(opening), lambda folder: EpochAnchor(folder.anchor), HubEpoch(b"r" * 16), 1_795_000_000_000)
    shutil.copy(opening, HubFolder(stage.hub_root).raw_key)
    code, said, back = stage.answer(there)
    assert code == 0 and said["came_sealed"] is True and said["sealed"] is True
    assert stage.read(desk, back)[0] == 0


def test_another_machine_under_the_name_cannot_open_what_was_for_the_former_one(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    back = stage.answer(stage.export(desk))[2]
    new = stage.enrol(DONGDA, "00101", again=True)
    code, _ = stage.read(new, back)
    assert code == 1 and "SYN-038" in stage.told and "Xuất tệp mới" in stage.told
    code, said, back = stage.answer(stage.export(new))
    assert code == 0 and said["sealed"] is True and stage.read(new, back)[0] == 0


def test_what_is_for_others_damaged_or_the_wrong_way_round_is_said_with_its_code_and_changes_nothing(stage: Stage) -> None:
    desk, other = stage.enrol(DONGDA, "00101"), stage.enrol(HUNGYEN, "033")
    stage.receive(desk)
    there = stage.export(desk)
    back = stage.answer(there)[2]
    bad = stage.root / "bad"
    for raw, code in ((there.read_bytes()[:-5], "SYN-036"), (there.read_bytes()[:-5] + b"xxxxx", "SYN-036"), (back.read_bytes(), "SYN-037")):
        bad.write_bytes(raw)
        ended, _, nothing = stage.answer(bad)
        assert ended == 1 and code in stage.told and not nothing.exists(), stage.told
    for raw, code in ((back.read_bytes()[:-5], "SYN-036"), (there.read_bytes(), "SYN-037")):
        bad.write_bytes(raw)
        assert stage.read(desk, bad)[0] == 1 and code in stage.told, stage.told
    assert stage.read(other, back)[0] == 1 and "SYN-037" in stage.told
    assert stage.read(desk, back)[0] == 0


def test_a_hub_of_the_version_before_is_brought_plain_sticks_and_the_desk_says_so(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = stage.enrol(DONGDA, "00101")
    of_before(stage, desk)
    monkeypatch.setattr(HubService, "stick_key", None)
    stage.receive(desk)
    for name in ("first", "second"):
        there = stage.export(desk, name)
        assert is_readable(there) and "không mã hóa" in stage.told
        assert stage.read(desk, stage.answer(there)[2])[0] == 0
    monkeypatch.undo()


def test_a_desk_that_knows_the_key_keeps_sealing_though_an_answer_names_none(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = stage.enrol(DONGDA, "00101")
    of_before(stage, desk)
    stage.receive(desk)
    stage.trip(desk)
    monkeypatch.setattr(HubService, "stick_key", None)
    stage.trip(desk)
    assert not is_readable(stage.export(desk, "after"))


def test_a_desk_of_the_version_before_is_answered_plain_and_the_hub_says_so(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    code, said, back = stage.answer(old_program(stage, desk))
    assert code == 0 and said["came_sealed"] is False and said["sealed"] is False and "không mã hóa" in stage.told
    assert stage.read(desk, back)[0] == 0


def test_an_old_plain_stick_of_a_desk_that_seals_by_now_is_not_answered_in_clear_to_its_finder(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    found = old_program(stage, desk, now_ms=1)
    assert stage.answer(found)[1]["sealed"] is False, "the desk never showed a key"
    stage.trip(desk)
    code, said, back = stage.answer(found)
    assert code == 0 and said["proven"] is True and said["sealed"] is True and not is_readable(back)
    assert stage.read(desk, back)[0] == 0


def test_a_desk_that_was_put_back_to_the_version_before_is_answered_plain_again(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.trip(desk)
    assert stage.answer(old_program(stage, desk))[1]["sealed"] is False


def test_whoever_puts_a_key_of_his_own_into_a_desks_stick_is_told_nothing(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    real, thief = stage.sent(stage.export(desk)), StickReader(b"t" * 32)
    frames = [unpack_request(one) for one in real.frames]
    swapped = [msgspec.structs.replace(one, stick=StickHello(thief.public_key)) if isinstance(one, Hello) else one for one in frames]
    forged = stage.root / "forged.courier"
    forged.write_bytes(write_courier(msgspec.structs.replace(real, frames=tuple(pack(one) for one in swapped))))
    code, said, _ = stage.answer(forged)
    assert code == 1 and said["proven"] is False and said["news"] == 0 and said["refused"] == {"HUB-012": 2, "KEY-005": 1}
    hub = stage.hub()
    assert hub.store.readers.run(lambda c: last_hello(c, NodeId(DONGDA))) is None
    hub.store.close()


@pytest.mark.parametrize("key", [b"", b"short", bytes(32)])
def test_a_greeting_that_shows_no_key_that_can_be_sealed_to_is_answered_plain(stage: Stage, key: bytes) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    real = read_courier(old_program(stage, desk).read_bytes(), hub="hub-test")
    frames = tuple(pack(msgspec.structs.replace(one, stick=StickHello(key))) if isinstance(one, Hello) else pack(one) for one in (unpack_request(raw) for raw in real.frames))
    node = stage.node(desk)
    made = sign_file(msgspec.structs.replace(real, frames=frames), line_signer(node.identity.credentials).sign)
    node.close()
    path = stage.root / "odd.courier"
    path.write_bytes(b"".join(courier_pieces(made)))
    code, said, _ = stage.answer(path)
    assert code == 0 and said["proven"] is True and said["sealed"] is False


async def test_a_greeting_on_the_line_teaches_both_their_keys_once_and_a_forged_one_is_not_kept(tmp_path: Path) -> None:
    hub, office = SmallHub(tmp_path / "hub", Clock()), Office(tmp_path / "a", DONGDA, "00101", Clock())
    hub.service.sticks, own = StickReader(b"s" * 32), StickReader(b"o" * 32)
    hub.enrol(office)
    driver = office.join(hub)
    driver._stick_key = own.public_key
    await driver.greet_once()
    assert office.store.readers.run(key_of_hub) == hub.service.sticks.public_key
    assert driver.welcome is not None and driver.welcome.stick_key is not None
    hello = hub.store.readers.run(lambda c: last_hello(c, office.node))
    assert hello is not None and hello.stick == StickHello(own.public_key)
    await driver.greet_once()
    assert driver.welcome.stick_key is None, "it is known"
    hello = hub.store.readers.run(lambda c: last_hello(c, office.node))
    assert hello is not None and hello.stick == StickHello(own.public_key, mark_of_key(hub.service.sticks.public_key))
    forged = msgspec.structs.replace(driver.welcome, stick_key=sign_stick_key("hub-test", b"f" * 32, SoftwareSigner(b"x" * 32).sign))
    await driver._news.keep_stick_key(forged)
    assert office.store.readers.run(key_of_hub) == hub.service.sticks.public_key
    assert proven_key(driver.welcome, hub="hub-test", verify=lambda message, mark: None) == b""
    office.close()
    hub.close()


def test_the_key_that_sticks_are_sealed_to_follows_from_the_data_key_and_from_nothing_that_changes(stage: Stage) -> None:
    hub: Hub = stage.hub()
    assert hub.service.sticks is not None
    public = hub.service.sticks.public_key
    hub.store.close()
    again = stage.hub()
    assert again.service.sticks is not None and again.service.sticks.public_key == public
    again.store.close()
    assert public != StickReader(stage.keys(stage.hub_root).names_key).public_key
