"""An office that is never on the line, by the three commands of the stick: what travels, what is proven, what is said of what is refused."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from central_hub.app import Hub
from central_hub.existence.publishing import publish
from central_hub.ingest.nodes import find_node
from central_hub.ingest.number_blocks import knows_all_blocks
from central_hub.ingest.quarantine import held
from central_hub.seals import published_lists
from central_hub.store.epoch import begin_epoch
from edge_node.app import Node
from edge_node.store.node_store import read_number, read_state
from edge_node.sync.courier import Greeting, export_courier
from sync_protocol.adapters import projection
from sync_protocol.adapters.signatures import SoftwareSigner
from sync_protocol.adapters.sqlite.rows import one_int
from sync_protocol.adapters.verification.report import Trust
from sync_protocol.courier import CourierFile, CourierReply, read_courier, sign_file, write_courier
from sync_protocol.ids import HubEpoch, NodeId, OfficeCode, RecordId
from sync_protocol.messages import HelloReply
from sync_protocol.wire import unpack_reply
from tests.edge_node.sync.stick_stage import Stage

DONGDA, HUNGYEN = "n00101a", "n03300a"


@pytest.fixture
def stage(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    yield Stage(tmp_path, capsys, monkeypatch)


def _dossiers(side: Hub | Node) -> set[bytes]:
    return {bytes(rid) for (rid,) in side.store.readers.run(lambda c: c.execute("SELECT rid FROM dossier").fetchall())}


def _at_hub(stage: Stage) -> tuple[set[bytes], int]:
    """Dossiers, and how many frames wait for people."""
    hub = stage.hub()
    found = _dossiers(hub), len(hub.store.readers.run(held))
    hub.store.close()
    return found


def _waiting(stage: Stage, desk: Path) -> int:
    node = stage.node(desk)
    upto = node.store.readers.run(
        lambda c: one_int(c.execute("SELECT coalesce(max(upto), 0) FROM acknowledgement").fetchone())
    )
    left = node.head() - upto
    node.close()
    return left


def _forged(stage: Stage, desk: Path, path: Path) -> Path:
    """A stick under the desk's name by somebody who holds neither of its keys, but has seen a stick of it."""
    real = stage.sent(path)
    thief = SoftwareSigner(b"t" * 32)
    node = stage.node(desk)
    greeting = Greeting(node.identity.office, thief.public_key, node.desk.now_ms(), thief.sign)
    made = export_courier(node.store, node.files, real.hub, thief.sign, real.node, greeting)
    node.close()
    out = path.with_name("forged.courier")
    out.write_bytes(made.content)
    return out


def test_an_office_that_was_never_on_the_line_is_admitted_by_its_first_stick(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    stage.receive(desk)
    said = stage.trip(desk)
    node = stage.node(desk)
    assert said["acknowledged_upto"] == node.head() and said["refused"] == 0
    mine = _dossiers(node)
    node.close()
    assert _at_hub(stage) == (mine, 0) and len(mine) == 2
    assert _waiting(stage, desk) == 0


def test_a_forged_stick_registers_no_key_and_the_honest_one_behind_it_is_taken(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    honest = stage.export(desk)
    code, said, _ = stage.answer(_forged(stage, desk, honest))
    assert code == 1 and said["proven"] is False
    assert said["refused"] == {"HUB-012": 2, "KEY-005": 1}  # its greeting, its question for news; its batch
    hub = stage.hub()
    assert hub.store.readers.run(lambda c: find_node(c, NodeId(DONGDA))).public_key == b""
    hub.store.close()
    assert stage.answer(honest)[0] == 0
    assert len(_at_hub(stage)[0]) == 1


def test_a_changed_stick_is_no_longer_the_desks_own(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    path = stage.export(desk)
    real = stage.sent(path)
    path.write_bytes(write_courier(msgspec.structs.replace(real, frames=real.frames[::-1])))
    code, said, _ = stage.answer(path)
    assert code == 1 and said["proven"] is False and said["news"] == 0


def test_a_stick_from_before_the_desks_key_was_changed_is_not_answered_any_more(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    old = stage.export(desk)
    stage.enrol(DONGDA, "00101", again=True)
    code, said, _ = stage.answer(old)
    assert code == 1 and said["proven"] is False and said["refused"] == {"HUB-012": 2}


def test_what_the_hub_refuses_is_said_with_code_and_words_and_the_command_ends_with_1(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    _, _, back = stage.answer(_forged(stage, desk, stage.export(desk)))
    code, said = stage.read(desk, back)
    assert code == 1 and said["codes"] == {"HUB-012": 2, "KEY-005": 1} and said["refused"] == 3
    assert "KEY-005 × 1: chữ ký của gói không khớp" in stage.told and "giữ riêng" in stage.told
    assert _waiting(stage, desk) > 0


def test_news_numbers_catalogue_lists_and_index_come_back_on_the_stick(stage: Stage) -> None:
    hanoi, hungyen = stage.enrol(DONGDA, "00101"), stage.enrol(HUNGYEN, "033")
    stage.receive(hungyen)
    stage.trip(hungyen)
    (theirs,) = _at_hub(stage)[0]
    stage.entitle(RecordId(theirs), "00101")
    hub = stage.hub()
    publish(hub.store, hub.files.files, hub.now_ms(), lambda n: b"x" * n)
    offer, printed = published_lists.prepare(Trust((), (), ()), hub.files.files, hub.keys.signer.sign, hub.now_ms())
    hub.store.writer.run(lambda c: published_lists.publish(c, offer, printed))
    hub.store.close()
    node = stage.node(hanoi)
    node.store.writer.run(
        lambda c: c.execute("DELETE FROM code_block").fetchall()
    )  # as after an enrolment without numbers
    node.store.writer.run(lambda c: c.execute("DELETE FROM catalogue").fetchall())
    node.close()
    assert stage.trip(hanoi)["news"] == 1
    node = stage.node(hanoi)
    assert node.store.readers.run(lambda c: projection.view_of(c, RecordId(theirs))) is not None
    assert node.store.readers.run(lambda c: one_int(c.execute("SELECT count(*) FROM code_block").fetchone())) == 1
    assert node.catalogues.current() is not None and node.lists.current() is not None
    assert node.store.readers.run(lambda c: one_int(c.execute("SELECT count(*) FROM existence_file").fetchone())) == 1
    node.close()
    stage.receive(hanoi)
    small = stage.export(hanoi, "second")
    _, _, back = stage.answer(small)
    assert back.stat().st_size < 20_000, "what is held does not come again"


def test_sticks_in_any_order_and_twice_leave_the_desk_as_one_stick_would(stage: Stage) -> None:
    desk, other = stage.enrol(DONGDA, "00101"), stage.enrol(HUNGYEN, "033")
    stage.receive(other)
    stage.trip(other)
    (theirs,) = _at_hub(stage)[0]
    backs = []
    for number in range(3):
        stage.receive(desk)
        backs.append(shutil.copy(stage.answer(stage.export(desk, str(number)))[2], stage.root / f"back-{number}"))
        if number == 0:
            stage.entitle(RecordId(theirs), "00101")
    for back in (backs[2], backs[0], backs[2], backs[1], backs[0]):
        assert stage.read(desk, back)[0] == 0, stage.told
    node, hub = stage.node(desk), stage.hub()
    assert _dossiers(node) == _dossiers(hub) and len(_dossiers(node)) == 4
    assert node.store.readers.run(
        lambda c: one_int(c.execute("SELECT count(*) FROM event").fetchone())
    ) == hub.store.readers.run(lambda c: one_int(c.execute("SELECT count(*) FROM event").fetchone()))
    node.close()
    hub.store.close()
    assert _waiting(stage, desk) == 0


def _restored(stage: Stage) -> None:
    """The hub begins a new life with the same tables."""
    hub = stage.hub()
    hub.store.writer.run(lambda c: begin_epoch(c, HubEpoch(b"f" * 16), hub.now_ms()))
    hub.mark()
    hub.store.close()


def test_after_a_restore_the_first_stick_is_told_of_it_and_the_second_counts_as_heard(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    stage.trip(desk)
    late = stage.answer(stage.export(desk, "late"))[2]
    _restored(stage)
    hub = stage.hub()
    assert not hub.store.readers.run(lambda c: knows_all_blocks(c, OfficeCode("00101")))
    hub.store.close()
    for is_heard in (False, True):
        stage.trip(desk)
        hub = stage.hub()
        assert hub.store.readers.run(lambda c: knows_all_blocks(c, OfficeCode("00101"))) is is_heard
        hub.store.close()
    node = stage.node(desk)
    before = node.store.readers.run(lambda c: (read_state(c, "epoch"), read_number(c, "cursor")))
    node.close()
    assert before[0] == b"f" * 16
    assert stage.read(desk, late)[0] == 0, "an answer of the former life"
    node = stage.node(desk)
    assert node.store.readers.run(lambda c: (read_state(c, "epoch"), read_number(c, "cursor"))) == before
    node.close()


def test_a_greeting_from_before_the_restore_is_granted_nothing_and_an_old_one_moves_the_fleet_page_not_back(
    stage: Stage,
) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    old = stage.export(desk, "old")
    stage.receive(desk)
    stage.trip(desk)
    hub = stage.hub()
    newest = hub.store.readers.run(lambda c: find_node(c, NodeId(DONGDA)))
    hub.store.close()
    assert stage.answer(old)[0] == 0
    hub = stage.hub()
    assert hub.store.readers.run(lambda c: find_node(c, NodeId(DONGDA))) == newest
    hub.store.close()
    _restored(stage)
    back = stage.answer(old)[2]
    replies = [
        unpack_reply(one) for one in stage.answered(back, desk).frames
    ]
    (welcome,) = [one for one in replies if isinstance(one, HelloReply)]
    assert welcome.blocks == () and welcome.audit_mark is None and welcome.epoch == b"f" * 16


def test_an_answer_that_is_not_under_the_hubs_seal_brings_neither_numbers_nor_news(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.receive(desk)
    back = stage.answer(stage.export(desk))[2]
    real = stage.answered(back, desk)
    back.write_bytes(write_courier(CourierReply(real.hub, real.node, real.frames)))
    assert stage.read(desk, back)[1]["acknowledged_upto"] == 1, (
        "a promise proves itself, as one of a hub of the version before"
    )
    node = stage.node(desk)
    assert node.store.readers.run(lambda c: read_state(c, "epoch")) is None
    node.close()
    back.write_bytes(write_courier(msgspec.structs.replace(real, frames=real.frames[:1])))
    assert stage.read(desk, back)[0] != 0


def test_a_desk_of_the_version_before_is_answered_as_before(stage: Stage) -> None:
    desk = stage.enrol(DONGDA, "00101")
    stage.trip(desk)
    stage.receive(desk)
    now = stage.sent(stage.export(desk))
    node = stage.node(desk)
    old = export_courier(node.store, node.files, node.hub.hub, node.keys.signer.sign, node.identity.node)
    node.close()
    assert len(read_courier(old.content, hub="hub-test").frames) < len(now.frames)
    path = stage.root / "old.courier"
    path.write_bytes(old.content)
    code, _, back = stage.answer(path)
    assert code == 0 and stage.read(desk, back)[1]["acknowledged_upto"] == 1


def test_the_proof_binds_the_names_and_what_is_held() -> None:
    signer = SoftwareSigner(b"d" * 32)
    whole = sign_file(CourierFile("hub-test", NodeId(DONGDA), (b"a", b"bc")), signer.sign)
    for other in (
        msgspec.structs.replace(whole, node=NodeId(HUNGYEN)),
        msgspec.structs.replace(whole, frames=(b"ab", b"c")),
        msgspec.structs.replace(whole, holds=(b"x" * 32,)),
    ):
        assert sign_file(other, signer.sign).proof != whole.proof
