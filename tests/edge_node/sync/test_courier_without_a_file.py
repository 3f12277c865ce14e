"""A stick is written although the desk's disk has lost one of the files that wait: everything else travels."""

from __future__ import annotations

from pathlib import Path

import pytest

from edge_node.store.ledger import Act, Draft
from edge_node.sync import courier
from edge_node.sync.courier import export_courier
from sync_protocol.adapters.files.errors import FileAbsent, FileDamaged
from tests.offices import HUB_NAME, Clock, Office, reception, rid


@pytest.mark.parametrize("trouble", [FileAbsent, FileDamaged])
def test_a_file_that_is_lost_stays_behind_and_records_and_other_files_travel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, trouble: type) -> None:
    office = Office(tmp_path / "a", "n00101a", "00101", Clock())
    office.ledger.save(Act("cb", "intake", "receive"), [Draft(rid(1), reception(1, "00101"))])
    kept = [office.files.put(b"%d" % number * 5_000) for number in range(3)]
    for digest in kept:
        office.store.writer.run(lambda c, d=digest: c.execute("INSERT INTO blob(digest, size, state, priority, at_ms) VALUES(?, 5000, 'local', 10, 1)", (bytes.fromhex(d),)).fetchone())
    whole = export_courier(office.store, office.files, HUB_NAME, office.signer.sign, office.node)
    read = office.files.read_chunk

    def without_one(digest: str, offset: int, length: int) -> bytes:
        if digest == kept[1]:
            raise trouble(digest=digest, what="cut short")
        return read(digest, offset, length)

    monkeypatch.setattr(office.files, "read_chunk", without_one)
    made = export_courier(office.store, office.files, HUB_NAME, office.signer.sign, office.node)
    assert (whole.files, made.files) == (3, 2) and made.events == whole.events == 1
    assert bytes.fromhex(kept[1]) not in made.content
    office.close()


def test_files_beyond_what_a_hub_reads_wait_for_the_next_stick_and_all_records_travel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    office = Office(tmp_path / "a", "n00101a", "00101", Clock())
    office.ledger.save(Act("cb", "intake", "receive"), [Draft(rid(1), reception(1, "00101"))])
    for number in range(4):
        digest = office.files.put(b"%d" % number * 5_000)
        office.store.writer.run(lambda c, d=digest: c.execute("INSERT INTO blob(digest, size, state, priority, at_ms) VALUES(?, 5000, 'local', 10, 1)", (bytes.fromhex(d),)).fetchone())
    for room, carried in ((10_000, 2), (14_999, 2), (1, 1), (50_000, 4)):
        monkeypatch.setattr(courier, "FILES_OUT_BYTES_MAX", room)
        made = export_courier(office.store, office.files, HUB_NAME, office.signer.sign, office.node)
        assert (made.events, made.files) == (1, carried)
    office.close()
